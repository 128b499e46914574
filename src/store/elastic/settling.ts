import { Fault } from "../../lib/fault.ts";
import { askByNames } from "./by-names.ts";
import { asUnavailable } from "./cluster.ts";
import type { Engine, EngineObject } from "./engine.ts";
import type { Standing } from "./standing.ts";

/** Waits until what is journaled can be searched. */
export type Settling = {
  /** As `Store.settled`; rejects with `store_unavailable` where the cluster has been away for a while. */
  settled(signal?: AbortSignal): Promise<void>;
  /** More is stored, in these indices. */
  advance(indices: Iterable<string>): void;
};

/** A cluster that has been away for longer is not waited for: a failover takes less. */
const PATIENCE_US = 10_000_000;
const LOOK_EVERY_MS = 250;
const REFRESH_LIMIT_MS = 30_000;

export function createSettling(deps: {
  engine: Engine;
  standing: Standing;
  lastPosition: () => number;
  loaded: () => number;
  /** Names of our own indices, which an earlier run may have written to. */
  own: ReadonlySet<string>;
  closing: AbortSignal;
}): Settling {
  const { engine, standing, lastPosition, loaded, own, closing } = deps;
  const unrefreshed = new Set(own);
  let refreshing: Promise<void> = Promise.resolve();
  const waiting = new Set<() => void>();

  const untilLoaded = (position: number, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearInterval(timer);
        waiting.delete(look);
        closing.removeEventListener("abort", look);
        signal?.removeEventListener("abort", look);
        settle();
      };
      const look = (): void => {
        if (signal?.aborted === true) end(() => reject(signal.reason));
        else if (closing.aborted) end(() => reject(new Fault("store_closed", "The store is closed")));
        else if (loaded() >= position) end(resolve);
        else if ((standing.awayUs() ?? 0) > PATIENCE_US) end(() => reject(unavailable(standing)));
      };
      const timer = setInterval(look, LOOK_EVERY_MS);
      waiting.add(look);
      closing.addEventListener("abort", look);
      signal?.addEventListener("abort", look);
      look();
    });

  /** Only what was written to: the cluster has indices of others. */
  const refresh = async (): Promise<void> => {
    const names = [...unrefreshed];
    unrefreshed.clear();
    try {
      const query = { ignore_unavailable: true, allow_no_indices: true };
      const answers = await askByNames({
        engine,
        names,
        isNeeded: (name) => own.has(name),
        request: (path) => ({ method: "POST", path: `${path}/_refresh`, query, limitMs: REFRESH_LIMIT_MS }),
        what: "refresh its indices",
      });
      const failed = answers.some(({ _shards }) => Number((_shards as EngineObject | undefined)?.["failed"] ?? 0) > 0);
      if (failed) throw new Fault("engine_refused", "Shards of the cluster are away.", { retry: "retryable" });
    } catch (error) {
      for (const name of names) unrefreshed.add(name);
      throw asUnavailable(error);
    }
  };

  return {
    async settled(signal) {
      signal?.throwIfAborted();
      await untilLoaded(lastPosition(), signal);
      // One after the other: who comes second may find nothing to do, and must not be back before the first.
      const mine = refreshing.then(refresh);
      refreshing = mine.catch(() => undefined);
      await mine;
      signal?.throwIfAborted();
    },
    advance(indices) {
      for (const index of indices) unrefreshed.add(index);
      for (const look of [...waiting]) look();
    },
  };
}

export function unavailable(standing: Standing): Fault {
  const { reason = "The cluster does not answer." } = standing.state();
  return new Fault("store_unavailable", reason, { retry: "retryable" });
}
