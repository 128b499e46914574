import type { DuckDBConnection } from "@duckdb/node-api";
import { Fault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { createJournalReader } from "../journal-reader.ts";
import type { JournalPoint } from "../journal-segments.ts";
import type { Database } from "./database.ts";
import { readPosition } from "./read-rows.ts";
import { createSorter } from "./sort-out.ts";
import { createSharedNumbers } from "./split-writer.ts";
import type { TableDataset } from "./tables.ts";
import { commitBatch } from "./writer.ts";

export type Loader = {
  loaded(): { position: number; rows: number };
  /** The position up to which the journal is known to be durable. */
  durable(): number;
  /** The journal is durable up to here now. */
  advance(point: JournalPoint): void;
  /**
   * Runs `work` on the connection that writes, between two commits; it tells how many rows it removed. An error of it
   * is one of the loader's. Rejects with `store_closed` when the loader ends first.
   */
  between<T extends { removedRows: number }>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Lets it load what it was told of, and stop. */
  finish(): void;
  /** Settles when the loader stopped; rejects when a batch could not be committed. */
  readonly done: Promise<void>;
};

/** Documents in one transaction; a quarter of it for each failure before. */
const BATCH_DOCUMENTS = 20_000;
const MAX_DELAY_MS = 10_000;

/**
 * Moves the journal into the tables; rows and position commit together. After an error nothing is tried again here:
 * the commit may have happened, and a DuckDB that failed to commit was seen to lose rows of later commits (1.5.6, out
 * of memory; no row was lost where the process ended at once). A new process reads the position and goes on from it.
 */
export async function startLoader(options: {
  database: Database;
  journalDirectory: string;
  namespace: string;
  datasets: readonly TableDataset[];
  commitEveryMs: number;
  /** How often in a row loading failed before: it begins later and with less. */
  failures: number;
  log: Log;
  onLoaded: (position: number, rows: number) => void;
}): Promise<Loader> {
  const { database, journalDirectory, namespace, commitEveryMs, failures, log, onLoaded } = options;
  const sortOut = createSorter(options.datasets);
  const connection = await database.connect();
  const shared = createSharedNumbers();
  let position = await readPosition(connection);
  let rows = await database.refresh(connection);
  const reader = createJournalReader({ directory: journalDirectory, position, log });
  const finishing = new AbortController();
  let point: JournalPoint | undefined;
  let limit = Math.max(1, BATCH_DOCUMENTS >> (2 * failures));
  let wake = () => {};
  let ended = false;
  const chores: { run: () => Promise<void>; cancel: () => void }[] = [];

  const untilDurable = async (): Promise<JournalPoint | undefined> => {
    while (true) {
      if (!finishing.signal.aborted) for (let chore = chores.shift(); chore; chore = chores.shift()) await chore.run();
      if (point !== undefined && point.position > position) return point;
      if (finishing.signal.aborted) return undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  const run = async (): Promise<void> => {
    if (failures > 1) await sleep(Math.min(MAX_DELAY_MS, 100 * 2 ** failures), finishing.signal);
    for (let until = await untilDurable(); until !== undefined; until = await untilDurable()) {
      const reading = await reader.read({ until, limit });
      const sorted = sortOut(reading.documents);
      const committed = await commitBatch({
        connection,
        shared,
        database,
        namespace,
        sorted,
        position: reading.position,
      });
      position = reading.position;
      rows += committed.addedRows;
      limit = BATCH_DOCUMENTS;
      onLoaded(position, rows);
      // Small commits cost as much as large ones.
      if (until.position - position < BATCH_DOCUMENTS) await sleep(commitEveryMs, finishing.signal);
    }
    await reader.close();
    connection.closeSync();
  };

  const done = run().finally(() => {
    ended = true;
    for (const { cancel } of chores) cancel();
  });
  // Whoever waits for it hears of it; until then it is not an unhandled rejection.
  done.catch(() => undefined);
  return {
    done,
    loaded: () => ({ position, rows }),
    durable: () => Math.max(position, point?.position ?? 0),
    advance(next) {
      point = next;
      wake();
    },
    between<T extends { removedRows: number }>(work: (connection: DuckDBConnection) => Promise<T>) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const cancel = () => reject(new Fault("store_closed", "The store is closed"));
      const run = () =>
        work(connection).then(
          (result) => {
            rows -= result.removedRows;
            resolve(result);
          },
          (error: unknown) => {
            reject(error);
            throw error;
          },
        );
      if (ended) cancel();
      else chores.push({ run, cancel });
      wake();
      return promise;
    },
    finish() {
      finishing.abort();
      wake();
    },
  };
}
