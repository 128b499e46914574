import { resolve } from "node:path";
import { type Dataset, keepOf } from "../../events/dataset.ts";
import { countOf, type Storable } from "../../events/document.ts";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import { createBackoff } from "../../lib/backoff.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault, isAborted, isFault, messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { SearchRequest, SearchResponse } from "../../search/request.ts";
import { readDiskUse } from "../embedded/disk-use.ts";
import { lockDirectory } from "../embedded/lock.ts";
import { openJournal } from "../journal.ts";
import type { Loss } from "../journal-queue.ts";
import type { JournaledDocument } from "../journal-reader.ts";
import { listSegments } from "../journal-segments.ts";
import type { RetentionLimits } from "../retention.ts";
import type { SearchOptions, Store } from "../store.ts";
import { createBulk } from "./bulk.ts";
import { claimNetwork } from "./claim.ts";
import { asUnavailable, createCluster } from "./cluster.ts";
import { createElasticForeign } from "./elastic-foreign.ts";
import { connectEngine, withoutCredentials } from "./engine.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { startLoader } from "./loader.ts";
import { momentFields } from "./moment-fields.ts";
import { createOperations } from "./operations.ts";
import { positionFile } from "./position-file.ts";
import { searchCluster } from "./search.ts";
import type { ElasticStoreSettings } from "./settings.ts";
import { clusterPaths } from "./store-paths.ts";

export type ElasticStoreOptions = {
  settings: ElasticStoreSettings;
  /** Where the journal is. */
  directory: string;
  /** The network, as indices are named after it. */
  network: string;
  /** Must hold `ethereum.quarantine`. */
  datasets: readonly Dataset[];
  clock: Clock;
  log: Log;
  /** Documents that may wait for the journal. */
  queueLimit?: number;
  segmentBytes?: number;
  /** What is kept how long; without it nothing is dropped. The bound of bytes is the journal's. */
  retention?: RetentionLimits;
  /** All that was received before this moment was handed over; see `lastMarkUs`. */
  accountedUs?: () => number;
  onLoss?: (loss: Loss) => void;
};

export type ElasticStore = Store & { setUrl(url: string): Promise<void> };

const QUEUE_LIMIT = 500_000;
/** How long the store waits for the cluster before it begins to journal; it is asked again behind that. */
const OPEN_PATIENCE_MS = 5_000;
const WEIGH_EVERY_MS = 5_000;

/**
 * The store in an Elasticsearch or OpenSearch: a journal on this machine, and a loader that brings it to the cluster.
 * While the cluster is away the journal grows, up to the bound of bytes. Rejects with `store_in_use`, `store_newer` and
 * `engine_settings`; a cluster that cannot be reached now is told by `state()` while the journal runs.
 */
export async function createElasticStore(options: ElasticStoreOptions): Promise<ElasticStore> {
  const directory = resolve(options.directory);
  const engine = connectEngine(options.settings);
  const lock = await lockDirectory(directory);
  try {
    return await openStore({ ...options, directory }, { engine, lock });
  } catch (error) {
    await lock.release();
    await engine.close();
    throw error;
  }
}

async function openStore(
  options: ElasticStoreOptions,
  { engine, lock }: { engine: ReturnType<typeof connectEngine>; lock: Awaited<ReturnType<typeof lockDirectory>> },
): Promise<ElasticStore> {
  const { settings, directory, network, clock, log, retention, queueLimit = QUEUE_LIMIT } = options;
  const datasets = withForeignIndex(options.datasets);
  const { journalDirectory } = clusterPaths(directory);
  const own = new Map(datasets.map((dataset) => [indexName(dataset, network), dataset]));
  const noVotes = new Set(datasets.filter((one) => !settings.votes && keepOf(one) === "votes").map(({ name }) => name));
  const moments = momentFields(datasets);
  const closing = new AbortController();
  const waiting = new Set<{ position: number; resolve: () => void; reject: (error: unknown) => void }>();
  const place = positionFile({ directory, log });
  const limitMs = settings.search_seconds * 1000;
  let state: { state: "starting" | "ready" | "unavailable"; reason?: string } = { state: "starting" };
  let loaded = 0;
  let rows = 0;
  let clusterId = "";
  let journalBytes = 0;
  let spoolDropped = 0;

  const cluster = createCluster({ engine, datasets, network, settings, retention, log });
  const journal = await openJournal({
    directory: journalDirectory,
    clock,
    log,
    // Positions are ids in the cluster: those of another journal on it must be others.
    firstPosition: clock.nowUs(),
    onDurable: (point) => loader?.advance(point),
    queueLimit,
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
    ...(options.accountedUs === undefined ? {} : { accountedUs: options.accountedUs }),
    ...(options.onLoss === undefined ? {} : { onLoss: options.onLoss }),
  });
  let loader: ReturnType<typeof startLoader> | undefined;

  /** Told once where it begins and where it ends. */
  const note = (trouble: string | undefined): void => {
    if (trouble === undefined) {
      if (state.state !== "ready") log.info({ loaded }, "The cluster took documents again");
      state = { state: "ready" };
    } else {
      if (state.state !== "unavailable") log.error({ reason: trouble }, "The cluster took no documents");
      state = {
        state: "unavailable",
        reason: `The cluster takes no documents now, they wait in the journal: ${trouble}`,
      };
    }
  };
  const bulk = createBulk({
    engine,
    onTrouble: note,
    async prepare(missing, signal) {
      cluster.forget();
      for (const name of new Set(missing.map(({ index }) => index))) await cluster.ensureOwn(name, signal);
    },
  });
  const operations = createOperations({ datasets, network, votes: settings.votes });

  const makeIndex = async ({ document }: JournaledDocument, signal: AbortSignal): Promise<void> => {
    if ("rows" in document || document.id === undefined) return;
    const { "index.kind": kind, "index.mapping": mapping } = document.fields;
    const index = { name: document.id, kind: kind === "stream" ? "stream" : "index", mapping: mapping ?? {} } as const;
    await untilDone(() => cluster.ensureForeign(index as Parameters<typeof cluster.ensureForeign>[0], signal), signal);
  };

  /** Tries until it is done; what the cluster will never do is said and passed. */
  const untilDone = async (work: () => Promise<unknown>, signal: AbortSignal): Promise<boolean> => {
    const backoff = createBackoff({ firstMs: 200, maxMs: 5_000 });
    while (true) {
      try {
        await work();
        return true;
      } catch (error) {
        signal.throwIfAborted();
        if (!isFault(error)) throw error;
        note(messageOf(error));
        if (error.code === "engine_refused" && error.retry === "final" && error.details["status"] === 400) {
          log.error({ error: error.message }, "The cluster refused an index");
          return false;
        }
        await sleep(backoff.nextMs(), signal);
        signal.throwIfAborted();
      }
    }
  };

  const begin = async (): Promise<void> => {
    const { signal } = closing;
    await untilDone(async () => {
      const dialect = await cluster.prepare(signal);
      await claimNetwork({ engine, network, directory, signal });
      clusterId = dialect.clusterId;
      const { distribution, version } = dialect;
      log.info({ distribution, version, urls: settings.urls.map(withoutCredentials) }, "The cluster was prepared");
    }, signal);
    const segments = await listSegments(journalDirectory);
    const earliest = (segments[0] ?? journal.durable().position + 1) - 1;
    loaded = Math.max(earliest, (await place.read(clusterId)) ?? 0);
    if (loaded > journal.durable().position) loaded = earliest;
    loader = startLoader({
      journalDirectory,
      position: loaded,
      operations,
      bulk,
      makeIndex,
      async onLoaded(position, added) {
        loaded = position;
        rows += added;
        await place.write({ clusterId, position });
        void journal.release(position);
        for (const waiter of waiting) if (waiter.position <= position) waiter.resolve();
      },
      bulkBytes: settings.bulk_mb * 1e6,
      requests: settings.bulk_requests,
      clock,
      log,
      signal,
    });
    loader.advance(journal.durable());
    if (state.state !== "unavailable" || state.reason !== undefined) note(undefined);
    await loader.done;
  };
  const running = begin().catch((error: unknown) => {
    if (closing.signal.aborted || isAborted(error)) return;
    log.error({ error: messageOf(error) }, "The loader ended");
    state = { state: "unavailable", reason: messageOf(error) };
  });

  /** The bytes of the journal, which grows while the cluster is away. */
  const weigh = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const use = await diskUse(0);
      journalBytes = use.pending;
      await sleep(WEIGH_EVERY_MS, closing.signal);
    }
  };
  const diskUse = (database: number) =>
    readDiskUse({ file: "", journalDirectory, free: 0, journaled: journal.durable().position, loaded }).then((use) => ({
      ...use,
      database,
    }));
  const weighing = weigh();
  const spoolFull = () => retention !== undefined && journalBytes > retention.diskBytes;

  const wanted = (documents: readonly Storable[]) =>
    noVotes.size === 0 ? documents : documents.filter(({ dataset }) => !noVotes.has(dataset));

  const settled = async (signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    if (closing.signal.aborted) throw closed();
    const position = journal.lastPosition();
    if (loaded < position) {
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
    }
    await engine
      .ask({
        method: "POST",
        path: `/_refresh`,
        query: { ignore_unavailable: true, allow_no_indices: true },
        signal,
      })
      .catch((error: unknown) => {
        throw asUnavailable(error);
      });
  };

  /** Where nothing was stored yet there is no index, but to who searches ours are always there. */
  const ensureOwn = async (pattern: string, signal?: AbortSignal): Promise<boolean> => {
    let isThere = true;
    try {
      for (const name of pattern.split(",")) {
        if (own.has(name)) isThere = (await cluster.ensureOwn(name, signal)) && isThere;
      }
    } catch (error) {
      throw asUnavailable(error);
    }
    return isThere;
  };
  const search = async (
    pattern: string,
    request: SearchRequest,
    { signal, params = {} }: SearchOptions = {},
  ): Promise<SearchResponse> => {
    signal?.throwIfAborted();
    if (closing.signal.aborted) throw closed();
    const isThere = await ensureOwn(pattern, signal);
    const asked = isThere ? params : { ...params, ignoreMissing: true };
    return searchCluster({ engine, pattern, request, params: asked, moments, limitMs, signal });
  };

  const foreign = createElasticForeign({
    journal,
    queueLimit,
    engine,
    network,
    spoolFull,
    search: (pattern, request, signal) => search(pattern, request, { signal }),
    settled,
  });
  const housekeeping = startHousekeeping({
    engine,
    cluster,
    datasets,
    network,
    foreign: () => foreign.indices(),
    limits: retention,
    isReady: () => state.state === "ready",
    onCounted: (counted) => {
      rows = counted;
    },
    diskUse,
    position: () => ({ journaled: journal.durable().position, loaded }),
    clock,
    log,
  });
  // The search of a store whose cluster is away waits no longer than this for its first answer.
  await Promise.race([untilReady(), sleep(OPEN_PATIENCE_MS, closing.signal)]);

  async function untilReady(): Promise<void> {
    while (state.state === "starting" && !closing.signal.aborted) await sleep(20, closing.signal);
  }
  let ended: Promise<void> | undefined;

  return {
    offer(documents) {
      const kept = wanted(documents);
      if (!spoolFull()) return journal.offer(kept);
      spoolDropped += kept.reduce((sum, one) => sum + countOf(one), 0);
      return kept.length === 0;
    },
    async append(documents, how) {
      if (spoolFull()) {
        throw new Fault("store_queue_full", "The journal is full: the cluster is away", { retry: "retryable" });
      }
      await journal.append(wanted(documents), how);
    },
    search,
    foreign,
    settled,
    retain: housekeeping.retain,
    use: housekeeping.use,
    state() {
      const { queued, dropped, failure } = journal.state();
      return {
        ...state,
        rows,
        loaded,
        journaled: journal.durable().position,
        queued,
        dropped: dropped + spoolDropped,
        ...housekeeping.state(),
        ...(failure === undefined ? {} : { journalFailure: failure }),
      };
    },
    lastMarkUs: () => journal.lastMarkUs(),
    setUrl: (url) => lock.setUrl(url),
    close() {
      ended ??= (async () => {
        await journal.close();
        await drained();
        closing.abort();
        await running;
        await weighing;
        await housekeeping.stop();
        for (const { reject } of waiting) reject(closed());
        await engine.close();
        await lock.release();
      })();
      return ended;
    },
  };

  /** What is journaled goes to a cluster that takes it; otherwise it waits for the next start. */
  async function drained(): Promise<void> {
    const untilUs = clock.monoUs() + CLOSE_PATIENCE_US;
    loader?.advance(journal.durable());
    while (loader !== undefined && loaded < journal.durable().position && state.state === "ready") {
      if (clock.monoUs() > untilUs) return;
      await sleep(20);
    }
  }
}

const CLOSE_PATIENCE_US = 5_000_000;

function closed(): Fault {
  return new Fault("store_closed", "The store is closed");
}

function withForeignIndex(datasets: readonly Dataset[]): readonly Dataset[] {
  return datasets.some(({ name }) => name === foreignIndexDataset.name) ? datasets : [...datasets, foreignIndexDataset];
}
