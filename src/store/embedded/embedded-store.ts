import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Dataset } from "../../events/dataset.ts";
import { withForeignIndex } from "../../events/foreign-index.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { type JournalOptions, openJournal } from "../journal.ts";
import type { Loss } from "../journal-queue.ts";
import { listSegments } from "../journal-segments.ts";
import type { RetentionLimits } from "../retention.ts";
import type { Store } from "../store.ts";
import { checkDatasets } from "./check-datasets.ts";
import { startDatabaseProcess } from "./database-process.ts";
import { createEmbeddedForeign } from "./embedded-foreign.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { type DirectoryLock, lockDirectory } from "./lock.ts";
import { storePaths } from "./store-paths.ts";
import { tableDataset } from "./tables.ts";

export type EmbeddedStore = Store & {
  /** Notes in the lock file where the API listens, for other commands on this data directory. */
  setUrl(url: string): Promise<void>;
  /** The process that holds the database, for its memory; undefined while none runs. */
  databasePid(): number | undefined;
};

export type EmbeddedStoreOptions = {
  directory: string;
  /** The network, as indices are named after it. */
  network: string;
  /** Must hold `ethereum.quarantine`. */
  datasets: readonly Dataset[];
  clock: Clock;
  log: Log;
  /** Documents that may wait for the journal. */
  queueLimit?: number;
  /** A size as DuckDB reads it, `192MB`. */
  memoryLimit?: string;
  threads?: number;
  queryConnections?: number;
  queryLimitMs?: number;
  /** What a search may take to stop once it is to; after that the database's process is replaced. */
  queryStopLimitMs?: number;
  /** The shortest time between two commits. */
  commitEveryMs?: number;
  segmentBytes?: number;
  /** What is kept how long; without it nothing is dropped. */
  retention?: RetentionLimits;
  /** All that was received before this moment was handed over; see `lastMarkUs`. */
  accountedUs?: () => number;
  onLoss?: (loss: Loss) => void;
};

/** Documents that may wait for the journal. */
const QUEUE_LIMIT = 500_000;
/** How long the store waits for its database before it begins to journal; opening goes on behind it. */
const OPEN_PATIENCE_MS = 5000;

/**
 * The store that needs nothing else: a journal, and DuckDB in a process of its own. Rejects with `store_in_use`,
 * `store_newer` and `store_catalogue`; a database that cannot be opened now is told by `state()` while the journal runs.
 */
export async function createEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  checkDatasets(options.datasets);
  const directory = resolve(options.directory);
  const lock = await lockDirectory(directory);
  try {
    return await openStore({ ...options, directory }, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openStore(options: EmbeddedStoreOptions, lock: DirectoryLock): Promise<EmbeddedStore> {
  const { directory, network, clock, log, queueLimit = QUEUE_LIMIT } = options;
  const datasets = withForeignIndex(options.datasets);
  const { file, journalDirectory } = storePaths(directory);
  const waiting = new Set<{ position: number; resolve: () => void; reject: (error: unknown) => void }>();

  const journalOptions: JournalOptions = {
    directory: journalDirectory,
    clock,
    log,
    firstPosition: await firstPosition({ journalDirectory, file, clock }),
    onDurable: (point) => database.advance(point),
    queueLimit,
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
    ...(options.accountedUs === undefined ? {} : { accountedUs: options.accountedUs }),
    ...(options.onLoss === undefined ? {} : { onLoss: options.onLoss }),
  };
  const journal = await openJournal(journalOptions);
  const database = startDatabaseProcess({
    settings: {
      file,
      journalDirectory,
      namespace: network,
      datasets: datasets.map(tableDataset),
      titles: Object.fromEntries(datasets.map(({ name, title }) => [name, title])),
      memoryLimit: options.memoryLimit ?? "192MB",
      threads: options.threads ?? 2,
      queryConnections: options.queryConnections ?? 4,
      queryLimitMs: options.queryLimitMs ?? 10_000,
      queryStopLimitMs: options.queryStopLimitMs ?? 30_000,
      commitEveryMs: options.commitEveryMs ?? 100,
      ...(options.retention === undefined ? {} : { retention: options.retention }),
    },
    log,
    journalPosition: journal.durable().position,
    onLoaded(position) {
      for (const waiter of waiting) if (waiter.position <= position) waiter.resolve();
      void journal.release(position);
    },
  });
  database.advance(journal.durable());

  const waited = new AbortController();
  const fault = await Promise.race([database.opened, sleep(OPEN_PATIENCE_MS, waited.signal)]).finally(() =>
    waited.abort(),
  );
  if (fault?.code === "store_newer") {
    await journal.close();
    await database.close();
    throw fault;
  }
  const housekeeping = startHousekeeping({
    database,
    journal,
    clock,
    log,
    limits: options.retention,
    keptMs: () => foreign.keptMs(),
  });
  let closed: Promise<void> | undefined;

  const settled = async (signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    const position = journal.lastPosition();
    if (database.state().loaded >= position) return;
    if (closed !== undefined) throw new Fault("store_closed", "The store is closed");
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { position, resolve, reject };
    const abort = () => reject(signal?.reason);
    waiting.add(waiter);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      waiting.delete(waiter);
      signal?.removeEventListener("abort", abort);
    }
  };
  const foreign = createEmbeddedForeign({ journal, queueLimit, database, settled });

  return {
    offer: (documents) => journal.offer(documents),
    async append(documents, how) {
      await journal.append(documents, how);
    },
    search: (pattern, request, { signal, params } = {}) =>
      database.ask<"search">({ kind: "search", pattern, request, ...(params === undefined ? {} : { params }) }, signal),
    sql: {
      query: (asked, signal) => database.ask<"sql">({ kind: "sql", ...asked }, signal),
      tables: (signal) => database.ask<"tables">({ kind: "tables" }, signal),
    },
    foreign,
    retain: housekeeping.retain,
    use: housekeeping.use,
    settled,
    state() {
      const { queued, dropped, failure } = journal.state();
      return {
        ...database.state(),
        journaled: journal.durable().position,
        queued,
        dropped,
        ...housekeeping.state(),
        ...(failure === undefined ? {} : { journalFailure: failure }),
      };
    },
    lastMarkUs: () => journal.lastMarkUs(),
    setUrl: (url) => lock.setUrl(url),
    databasePid: () => database.pid(),
    close() {
      closed ??= (async () => {
        const resting = housekeeping.stop();
        await journal.close();
        await database.close();
        await resting;
        for (const { reject } of waiting) reject(new Fault("store_closed", "The store is closed"));
        await lock.release();
      })();
      return closed;
    },
  };
}

/** A journal that was lost beside an existing database begins behind every position that the old one can have had. */
async function firstPosition(options: { journalDirectory: string; file: string; clock: Clock }): Promise<number> {
  const { journalDirectory, file, clock } = options;
  const segments = await listSegments(journalDirectory).catch(() => []);
  return segments.length === 0 && existsSync(file) ? clock.nowUs() : 1;
}
