import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { createWaitingLine } from "../../lib/waiting-line.ts";
import { notCarriedOut } from "../../search/search-fault.ts";
import type { Statement } from "../../search/sql-values.ts";
import { queryFault } from "./database-errors.ts";
import { boundType, withLiterals } from "./literals.ts";

/** Runs one statement on the connection that a search holds. */
export type RunStatement = (statement: Statement) => Promise<unknown[][]>;

/** Does anything else on that connection, and interrupts it as statements are. */
export type OnConnection = <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;

export type QueryPool = {
  /**
   * Gives `work` a connection and a read-only transaction, so that all its statements see the same rows, within one
   * time limit. Rejects with `search_timeout`,
   * `search_rejected` (too many wait already), `search_too_large`, or the signal's reason.
   */
  use<T>(signal: AbortSignal, work: (run: RunStatement, on: OnConnection) => Promise<T>): Promise<T>;
  close(): void;
};

const MAX_WAITING = 100;
/** An interrupt is lost on a statement that has not begun yet, so it is repeated. */
const INTERRUPT_EVERY_MS = 20;

/**
 * A transaction sees the state that is there when it first reads, so it may be begun long before: who searches need not
 * wait for that.
 */
const BEGIN = "BEGIN TRANSACTION READ ONLY";

/** A few connections for searches, so that one user cannot hold up the others or the loader. */
export function createQueryPool(options: {
  connect: () => Promise<DuckDBConnection>;
  connections: number;
  limitMs: number;
  /** Statements are interrupted between the pieces of their work; one that goes on for this time is told by `onStuck`. */
  stopLimitMs: number;
  onStuck: () => void;
}): QueryPool {
  const { connect, connections, limitMs, stopLimitMs, onStuck } = options;
  const idle: DuckDBConnection[] = [];
  const line = createWaitingLine({
    atOnce: connections,
    waiting: MAX_WAITING,
    tooMany: () => {
      const reason = `${MAX_WAITING} searches wait already`;
      return notCarriedOut({ code: "search_rejected", type: "es_rejected_execution_exception", reason, status: 429 });
    },
  });
  let closed = false;

  const begun = async (): Promise<DuckDBConnection> => {
    const connection = await connect();
    try {
      await connection.run(BEGIN);
      return connection;
    } catch (error) {
      connection.closeSync();
      throw error;
    }
  };

  const putBack = async (connection: DuckDBConnection): Promise<void> => {
    try {
      await connection.run("ROLLBACK");
      await connection.run(BEGIN);
      if (!closed) {
        idle.push(connection);
        return;
      }
    } catch {
      // Whatever is wrong with it, it is not used again.
    }
    connection.closeSync();
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
        await line.enter(stop);
      } catch (error) {
        throw explained(error);
      }
      let connection: DuckDBConnection | undefined;
      let stopping: Promise<void> = Promise.resolve();
      try {
        const held = idle.pop() ?? (await begun());
        connection = held;
        const on: OnConnection = async (what) => {
          stop.throwIfAborted();
          const outcome = what(held);
          // A statement pending on a closed connection never settles, so it is never simply awaited.
          await raceWith(outcome, stop);
          if (!stop.aborted) return outcome;
          const stuck = setTimeout(onStuck, stopLimitMs);
          stopping = interrupt(held, outcome).finally(() => clearTimeout(stuck));
          throw stop.reason;
        };
        return await work((statement) => on((connection) => runStatement(connection, statement)), on);
      } catch (error) {
        throw explained(error);
      } finally {
        // The place is taken until the statement really stopped; who asked does not wait for that.
        const held = connection;
        stopping.then(() => (held === undefined ? undefined : putBack(held))).finally(line.leave);
      }
    },
    close() {
      closed = true;
      for (const connection of idle.splice(0)) connection.closeSync();
    },
  };
}

async function runStatement(connection: DuckDBConnection, statement: Statement): Promise<unknown[][]> {
  const { sql, values } = statement;
  const written = withLiterals(statement);
  const result = await (written === undefined
    ? connection.run(sql, values, values.map(boundType))
    : connection.run(written));
  const rows: DuckDBValue[][] = [];
  // All rows are there already: to fetch them in the usual way waits for a thread for each chunk.
  for (let i = 0; i < result.chunkCount; i += 1) result.getChunk(i).appendToRows(rows);
  return rows;
}

/** Resolves once the outcome is there, whatever it is, or the signal aborts. */
function raceWith(outcome: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener("abort", done);
      resolve();
    };
    signal.addEventListener("abort", done, { once: true });
    outcome.then(done, done);
  });
}

/** Resolves when the statement has stopped. */
async function interrupt(connection: DuckDBConnection, outcome: Promise<unknown>): Promise<void> {
  connection.interrupt();
  const repeating = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
  await outcome.catch(() => undefined);
  clearInterval(repeating);
}
