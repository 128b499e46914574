import type { DuckDBConnection } from "@duckdb/node-api";
import { createBackoff } from "../../lib/backoff.ts";
import { messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { createJournalReader, type JournalReader } from "../journal-reader.ts";
import type { JournalPoint } from "../journal-segments.ts";
import type { Database } from "./database.ts";
import { isFatal } from "./database-errors.ts";
import { readPosition } from "./read-rows.ts";
import { createSorter } from "./sort-out.ts";
import type { TableDataset } from "./tables.ts";
import { commitBatch } from "./writer.ts";

export type Loader = {
  loaded(): { position: number; rows: number };
  /** The journal is durable up to here now. */
  advance(point: JournalPoint): void;
  /** Loads until all that was durable is loaded, or the database refuses; then stops. Rejects when the database died. */
  finish(): Promise<void>;
  /** Settles when the loader stopped; rejects when the database as a whole can no longer be used. */
  readonly done: Promise<void>;
};

/** Documents in one transaction; a quarter of it after each failure in a row. */
const BATCH_DOCUMENTS = 20_000;

/**
 * Moves the journal into the tables. Rows and position commit together, and after any error the position is read anew
 * on a new connection: a batch is never tried again because something threw, only because the database says so.
 */
export async function startLoader(options: {
  database: Database;
  journalDirectory: string;
  namespace: string;
  datasets: readonly TableDataset[];
  commitEveryMs: number;
  log: Log;
  onLoaded: (position: number, rows: number) => void;
  onStalled: (reason: string) => void;
}): Promise<Loader> {
  const { database, journalDirectory, namespace, log, onLoaded, onStalled } = options;
  const sortOut = createSorter(options.datasets);
  const backoff = createBackoff({ firstMs: 100, maxMs: 5000 });
  let connection: DuckDBConnection = await database.connect();
  let position = await readPosition(connection);
  let rows = await database.refresh(connection);
  let reader: JournalReader | undefined;
  let point: JournalPoint | undefined;
  let finishing = false;
  let failures = 0;
  let wake = () => {};

  const untilDurable = async (): Promise<void> => {
    while (!finishing && (point === undefined || point.position <= position)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  const loadBatch = async (until: JournalPoint): Promise<void> => {
    reader ??= createJournalReader({ directory: journalDirectory, position, log });
    const limit = Math.max(1, BATCH_DOCUMENTS >> (2 * failures));
    const reading = await reader.read({ until, limit });
    const { addedRows } = await commitBatch({
      connection,
      database,
      namespace,
      batches: sortOut(reading.documents),
      position: reading.position,
    });
    position = reading.position;
    rows += addedRows;
    if (failures > 0) log.info({ position }, "Loading went on");
    failures = 0;
    backoff.reset();
    onLoaded(position, rows);
  };

  const recover = async (error: unknown): Promise<void> => {
    throw error;
    failures += 1;
    if (failures === 1) log.warn({ position, error: messageOf(error) }, "A batch could not be loaded");
    onStalled(messageOf(error));
    await reader?.close();
    reader = undefined;
    connection.closeSync();
    await sleep(backoff.nextMs());
    connection = await database.connect();
    position = await readPosition(connection);
    rows = await database.refresh(connection);
  };

  const run = async (): Promise<void> => {
    while (true) {
      await untilDurable();
      if (point === undefined || point.position <= position) break;
      try {
        await loadBatch(point);
      } catch (error) {
        await recover(error);
        if (finishing && failures > 3) break;
        continue;
      }
      // Small commits cost as much as large ones.
      if (!finishing && point.position - position < BATCH_DOCUMENTS) await sleep(options.commitEveryMs);
    }
    await reader?.close();
    connection.closeSync();
  };

  const done = run();
  // Whoever waits for it hears of it; until then it is not an unhandled rejection.
  done.catch(() => undefined);
  return {
    done,
    loaded: () => ({ position, rows }),
    advance(next) {
      point = next;
      wake();
    },
    finish() {
      finishing = true;
      wake();
      return done;
    },
  };
}
