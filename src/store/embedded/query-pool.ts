import { BIGINT, BOOLEAN, DOUBLE, type DuckDBConnection, type DuckDBType, UBIGINT, VARCHAR } from "@duckdb/node-api";
import { sleep } from "../../lib/sleep.ts";
import type { Statement } from "../../search/plan.ts";
import { notCarriedOut } from "../../search/search-fault.ts";
import type { SqlValue } from "../../search/sql-values.ts";
import { queryFault } from "./database-errors.ts";

/** Runs one statement on the connection that a search holds. */
export type RunStatement = (statement: Statement) => Promise<unknown[][]>;

export type QueryPool = {
  /**
   * Gives `work` a connection for all its statements, within one time limit. Rejects with `search_timeout`,
   * `search_rejected` (too many wait already), `search_too_large`, or the signal's reason.
   */
  use<T>(signal: AbortSignal, work: (run: RunStatement) => Promise<T>): Promise<T>;
  close(): void;
};

const MAX_WAITING = 100;
/** How long an interrupted statement may take to stop before its connection is given up. */
const INTERRUPT_PATIENCE_MS = 2000;
const MAX_LONG = 2n ** 63n - 1n;

/** A few connections for searches, so that one user cannot hold up the others or the loader. */
export function createQueryPool(options: {
  connect: () => Promise<DuckDBConnection>;
  connections: number;
  limitMs: number;
}): QueryPool {
  const { connect, connections, limitMs } = options;
  const idle: DuckDBConnection[] = [];
  const waiting: (() => void)[] = [];
  let inUse = 0;

  const enter = async (signal: AbortSignal): Promise<void> => {
    if (inUse < connections) {
      inUse += 1;
      return;
    }
    if (waiting.length >= MAX_WAITING) {
      const reason = `${MAX_WAITING} searches wait already`;
      throw notCarriedOut({ code: "search_rejected", type: "es_rejected_execution_exception", reason, status: 429 });
    }
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(signal.reason);
      };
      waiting.push(turn);
      signal.addEventListener("abort", leave, { once: true });
    });
  };
  /** The place goes straight to the next in line. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) inUse -= 1;
    else next();
  };

  return {
    async use(signal, work) {
      const limit = AbortSignal.timeout(limitMs);
      const stop = AbortSignal.any([signal, limit]);
      const explained = (error: unknown): unknown => {
        if (signal.aborted) return signal.reason;
        if (!limit.aborted) return queryFault(error);
        const reason = `The search took longer than ${limitMs} ms and was stopped`;
        return notCarriedOut({ code: "search_timeout", type: "timeout_exception", reason, status: 504 });
      };
      try {
        await enter(stop);
      } catch (error) {
        throw explained(error);
      }
      let connection: DuckDBConnection | undefined;
      let usable = true;
      try {
        const held = idle.pop() ?? (await connect());
        connection = held;
        return await work(async (statement) => {
          const outcome = runStatement(held, statement);
          // A statement pending on a closed connection never settles, so it is never simply awaited.
          const stopped = await raceWith(outcome, stop);
          if (stopped === undefined) return outcome;
          held.interrupt();
          usable = await settles(outcome, INTERRUPT_PATIENCE_MS);
          throw stopped.reason;
        });
      } catch (error) {
        throw explained(error);
      } finally {
        if (connection !== undefined) {
          if (usable) idle.push(connection);
          else connection.closeSync();
        }
        leave();
      }
    },
    close() {
      for (const connection of idle.splice(0)) connection.closeSync();
    },
  };
}

async function runStatement(connection: DuckDBConnection, { sql, values }: Statement): Promise<unknown[][]> {
  const reader = await connection.runAndReadAll(sql, values, values.map(duckdbType));
  return reader.getRows();
}

function duckdbType(value: SqlValue): DuckDBType {
  switch (typeof value) {
    case "string":
      return VARCHAR;
    case "boolean":
      return BOOLEAN;
    case "bigint":
      return value > MAX_LONG ? UBIGINT : BIGINT;
    default:
      return DOUBLE;
  }
}

/** Undefined once the outcome is there (whatever it is), else the signal that came first. */
function raceWith(outcome: Promise<unknown>, signal: AbortSignal): Promise<AbortSignal | undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(signal);
    const stop = () => resolve(signal);
    signal.addEventListener("abort", stop, { once: true });
    const done = () => {
      signal.removeEventListener("abort", stop);
      resolve(undefined);
    };
    outcome.then(done, done);
  });
}

async function settles(outcome: Promise<unknown>, patienceMs: number): Promise<boolean> {
  const settled = outcome.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, sleep(patienceMs).then(() => false)]);
}
