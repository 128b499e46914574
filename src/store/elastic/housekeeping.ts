import type { Dataset } from "../../events/dataset.ts";
import type { Clock } from "../../lib/clock.ts";
import { messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import { classesOf, type Housekeeping, housekeepingState } from "../housekeeping.ts";
import type { RetentionLimits } from "../retention.ts";
import type { DiskUse, Retained, StoreState, StoreUse } from "../store.ts";
import { asUnavailable, type Cluster } from "./cluster.ts";
import type { Engine } from "./engine.ts";
import { indexNames } from "./index-names.ts";
import { renewLifecycles } from "./lifecycle.ts";
import { retainInCluster } from "./retain.ts";
import { datasetUses, type IndexUse, readIndices } from "./use.ts";

/** Whole indices get old: there is no hurry. */
const RETAIN_EVERY_MS = 600_000;
const FIRST_AFTER_MS = 5_000;

/** Lets data streams begin new indices and deletes old ones, and counts what is stored: every ten minutes, and when asked. */
export function startHousekeeping(deps: {
  engine: Engine;
  cluster: Cluster;
  datasets: readonly Dataset[];
  network: string;
  foreign: () => Promise<readonly ForeignIndex[]>;
  /** How long documents of an index of others are kept, where that is less than the rule for all. */
  keptForMs: (index: ForeignIndex) => number | undefined;
  limits: RetentionLimits | undefined;
  isReady: () => boolean;
  /** Told how many documents of ours and of others there are. */
  onCounted: (rows: number) => void;
  diskUse: (database: number) => Promise<DiskUse>;
  position: () => { journaled: number; loaded: number };
  clock: Clock;
  log: Log;
}): Housekeeping {
  const { engine, cluster, datasets, network, foreign, keptForMs, limits, isReady, onCounted } = deps;
  const { diskUse, position, clock, log } = deps;
  const stopping = new AbortController();
  let last: Retained | undefined;
  let classes: StoreState["classes"];

  const counted = async (indices: readonly IndexUse[], others: readonly ForeignIndex[]) => {
    const uses = datasetUses({ indices, datasets, network, foreign: others });
    classes = classesOf(uses);
    onCounted(uses.reduce((sum, { rows }) => sum + rows, 0));
    return { uses, disk: await diskUse(uses.reduce((sum, { bytes }) => sum + bytes, 0)) };
  };
  const use = async (signal?: AbortSignal): Promise<StoreUse> => {
    try {
      const others = await foreign();
      const at = position();
      const { uses, disk } = await counted(await readIndices(engine, indexNames(network, others), signal), others);
      return { datasets: uses, disk, ...at };
    } catch (error) {
      throw asUnavailable(error);
    }
  };
  const retain = async (signal?: AbortSignal): Promise<Retained> => {
    try {
      const others = await foreign();
      const nowMs = Math.floor(clock.nowUs() / 1000);
      const kept = limits ?? {
        votesMs: Number.POSITIVE_INFINITY,
        rawMs: Number.POSITIVE_INFINITY,
        diskBytes: Number.POSITIVE_INFINITY,
      };
      const dialect = await cluster.dialect(signal);
      if (dialect.hasLifecycle) {
        const changed = await renewLifecycles({ engine, datasets, network, limits: kept, signal });
        if (changed.length > 0) log.info({ streams: changed }, "Data streams were told anew how long they are kept");
      }
      const done = await retainInCluster({
        engine,
        dialect,
        datasets,
        network,
        foreign: others,
        keptForMs,
        limits: kept,
        nowMs,
        signal,
      });
      if (done.droppedIndices > 0) {
        log.info({ indices: done.droppedIndices, documents: done.droppedRows }, "Old indices were deleted");
      }
      if (done.refused.length > 0) {
        log.warn({ streams: done.refused.slice(0, 10) }, "Data streams of others could not be kept in order");
      }
      const { disk } = await counted(done.indices, others);
      last = { ranAtUs: clock.nowUs(), droppedDays: done.droppedDays, droppedRows: done.droppedRows, disk };
      return last;
    } catch (error) {
      throw asUnavailable(error);
    }
  };

  const run = async (): Promise<void> => {
    await sleep(FIRST_AFTER_MS, stopping.signal);
    while (!stopping.signal.aborted) {
      try {
        if (isReady()) await retain(stopping.signal);
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ error: messageOf(error) }, "The cluster could not be kept in order");
      }
      await sleep(RETAIN_EVERY_MS, stopping.signal);
    }
  };
  const running = limits === undefined ? Promise.resolve() : run();

  return {
    retain,
    use,
    state: () => housekeepingState({ limits, last, classes }),
    stop() {
      stopping.abort();
      return running;
    },
  };
}
