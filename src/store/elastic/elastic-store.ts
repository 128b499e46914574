import { resolve } from "node:path";
import { type Dataset, keepOf } from "../../events/dataset.ts";
import type { Storable } from "../../events/document.ts";
import { withForeignIndex } from "../../events/foreign-index.ts";
import type { Clock } from "../../lib/clock.ts";
import { isFault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { indexName } from "../../search/index-pattern.ts";
import { lockDirectory } from "../embedded/lock.ts";
import { openJournal } from "../journal.ts";
import type { Loss } from "../journal-queue.ts";
import { type JournalPoint, listSegments } from "../journal-segments.ts";
import type { RetentionLimits } from "../retention.ts";
import type { Store } from "../store.ts";
import { asUnavailable, createCluster } from "./cluster.ts";
import { createElasticForeign } from "./elastic-foreign.ts";
import { connectEngine } from "./engine.ts";
import { startFeed } from "./feed.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { createOperations } from "./operations.ts";
import { positionFile } from "./position-file.ts";
import { createRefusals } from "./refusals.ts";
import { createSearching } from "./searching.ts";
import type { ElasticStoreSettings } from "./settings.ts";
import { createSettling, unavailable } from "./settling.ts";
import { watchSpool } from "./spool.ts";
import { createStanding } from "./standing.ts";
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
/** How long a cluster that takes documents is given to take what is journaled, when the store is closed. */
const CLOSE_PATIENCE_US = 5_000_000;

/**
 * The store in an Elasticsearch or OpenSearch: a journal on this machine, and a loader that brings it to the cluster.
 * While the cluster is away the journal grows, up to the bound of bytes. Rejects with `store_in_use`, `store_newer`,
 * `engine_settings`, and `network_claimed` where the cluster answers now; one that cannot be reached now, or refuses
 * something else, is told by `state()` while the journal runs.
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
  const closing = new AbortController();
  const place = positionFile({ directory, log });
  const limitBytes = retention?.diskBytes ?? Number.POSITIVE_INFINITY;
  const lastPlace = (await place.last())?.position ?? 0;
  let rows = 0;
  let isStarting = true;
  let follow = (_: JournalPoint): void => {};
  let isFull = () => false;

  const journal = await openJournal({
    directory: journalDirectory,
    clock,
    log,
    // Positions are ids in the cluster: those of another journal on it must be others, whatever the clock says.
    firstPosition: Math.max(clock.nowUs(), lastPlace + 1),
    onDurable: (point) => follow(point),
    isFull: () => isFull(),
    queueLimit,
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
    ...(options.accountedUs === undefined ? {} : { accountedUs: options.accountedUs }),
    ...(options.onLoss === undefined ? {} : { onLoss: options.onLoss }),
  });
  const [firstSegment = journal.durable().position + 1] = await listSegments(journalDirectory);
  let loaded = lastPlace > journal.durable().position ? firstSegment - 1 : Math.max(firstSegment - 1, lastPlace);
  const position = () => ({ journaled: journal.durable().position, loaded });
  const spool = watchSpool({ journalDirectory, limitBytes, position, signal: closing.signal });
  isFull = spool.isFull;
  const standing = createStanding({
    backlog: () => ({
      documents: Math.max(0, journal.durable().position - loaded),
      bytes: spool.bytes(),
      limitBytes,
      isFull: spool.isFull(),
      refused: journal.state().dropped,
    }),
    clock,
    log,
  });
  const refusals = createRefusals({ clock, log });
  const settling = createSettling({
    engine,
    standing,
    lastPosition: journal.lastPosition,
    loaded: () => loaded,
    own: new Set(own.keys()),
    closing: closing.signal,
  });
  const { settled } = settling;

  /** What the cluster says, and what waits for it. */
  const told = (error: unknown): unknown =>
    (isFault(error, "store_unavailable") || isFault(error, "search_timeout")) && standing.awayUs() !== undefined
      ? unavailable(standing)
      : error;
  const cluster = createCluster({ engine, datasets, network, settings, retention, log });
  const searching = createSearching({ engine, cluster, datasets, network, limitMs: settings.search_seconds * 1000 });
  const search: Store["search"] = (pattern, request, how = {}) =>
    searching(pattern, request, how).catch((error: unknown) => {
      throw told(asUnavailable(error));
    });

  const foreign = createElasticForeign({
    journal,
    queueLimit,
    engine,
    network,
    spoolFull: () => spool.isFull(),
    search: (pattern, request, signal) => search(pattern, request, { signal }),
    settled,
  });
  const feed = startFeed({
    engine,
    cluster,
    operations: createOperations({ datasets, network, votes: settings.votes }),
    journal,
    journalDirectory,
    place,
    directory,
    network,
    settings,
    foreignIndex: foreign.find,
    isOwn: (name) => own.has(name),
    standing,
    refusals,
    onPlace(there) {
      loaded = there;
    },
    onLoaded(there, { added, indices }) {
      loaded = there;
      rows += added;
      settling.advance(indices);
    },
    isStarting: () => isStarting,
    clock,
    log,
    signal: closing.signal,
  });
  follow = (point) => {
    spool.advance(point);
    feed.advance(point);
  };
  const housekeeping = startHousekeeping({
    engine,
    cluster,
    datasets,
    network,
    foreign: () => foreign.indices(),
    keptForMs: foreign.keptForMs,
    limits: retention,
    isReady: () => standing.state().state === "ready",
    onCounted: (counted) => {
      rows = counted;
    },
    diskUse: spool.use,
    position,
    clock,
    log,
  });
  const wanted = (documents: readonly Storable[]) =>
    noVotes.size === 0 ? documents : documents.filter(({ dataset }) => !noVotes.has(dataset));

  /** What is journaled goes to a cluster that takes it; otherwise it waits for the next start. */
  const drained = async (): Promise<void> => {
    const untilUs = clock.monoUs() + CLOSE_PATIENCE_US;
    feed.advance(journal.durable());
    while (loaded < journal.durable().position && standing.state().state === "ready") {
      if (clock.monoUs() > untilUs) return;
      await sleep(20);
    }
  };
  const end = async (): Promise<void> => {
    await journal.close();
    await drained();
    closing.abort();
    await engine.close();
    await feed.done;
    await spool.stopped;
    await housekeeping.stop();
    await lock.release();
  };
  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= end();
    return ended;
  };

  const opened = new AbortController();
  try {
    // Who starts it sees a claim of somebody else at once; a cluster that is away is not waited for any longer.
    await Promise.race([feed.met, sleep(OPEN_PATIENCE_MS, opened.signal)]);
  } catch (error) {
    await close();
    throw error;
  } finally {
    isStarting = false;
    opened.abort();
  }

  return {
    offer: (documents) => journal.offer(wanted(documents)),
    async append(documents, how) {
      await journal.append(wanted(documents), how);
    },
    search,
    foreign,
    settled,
    async retain(signal) {
      return housekeeping.retain(signal).catch((error: unknown) => {
        throw told(error);
      });
    },
    async use(signal) {
      return housekeeping.use(signal).catch((error: unknown) => {
        throw told(error);
      });
    },
    state() {
      const { queued, dropped, failure } = journal.state();
      const refusedIndices = refusals.list();
      return {
        ...standing.state(),
        rows,
        ...position(),
        queued,
        dropped,
        ...(refusedIndices.length === 0 ? {} : { refusedIndices }),
        ...housekeeping.state(),
        ...(failure === undefined ? {} : { journalFailure: failure }),
      };
    },
    lastMarkUs: () => journal.lastMarkUs(),
    setUrl: (url) => lock.setUrl(url),
    close,
  };
}
