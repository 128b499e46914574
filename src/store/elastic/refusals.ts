import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { RefusedIndex } from "../store.ts";

/** The indices of others whose documents the cluster does not take now, while it takes those of other indices. */
export type Refusals = {
  /** So many documents of an index were refused, and are in quarantine. */
  note(index: string, refusal: { reason: string; documents: number }): void;
  /** A document of it was taken. */
  over(index: string): void;
  has(index: string): boolean;
  list(): readonly RefusedIndex[];
};

/** Of an index to which nobody sends any more it is not known for how long it stays refused. */
const KNOWN_FOR_US = 600_000_000;
/** Senders choose the names. */
const MAX_INDICES = 1_000;

/** Remembers refused indices; each is logged once where it begins and once where it ends. */
export function createRefusals({ clock, log }: { clock: Clock; log: Log }): Refusals {
  /** In the order of their last refusal. */
  const refused = new Map<string, RefusedIndex & { lastMonoUs: number }>();

  const forget = (): void => {
    for (const [index, { lastMonoUs }] of refused) {
      if (clock.monoUs() - lastMonoUs <= KNOWN_FOR_US && refused.size <= MAX_INDICES) return;
      refused.delete(index);
    }
  };
  return {
    note(index, { reason, documents }) {
      forget();
      const known = refused.get(index);
      if (known === undefined)
        log.error({ index, reason }, "The cluster refused an index, whose documents went to quarantine");
      refused.delete(index);
      refused.set(index, {
        index,
        reason,
        sinceUs: known?.sinceUs ?? clock.nowUs(),
        documents: (known?.documents ?? 0) + documents,
        lastMonoUs: clock.monoUs(),
      });
    },
    over(index) {
      const known = refused.get(index);
      if (known === undefined) return;
      refused.delete(index);
      log.info({ index, documents: known.documents }, "The cluster took documents of a refused index again");
    },
    has(index) {
      forget();
      return refused.has(index);
    },
    list() {
      forget();
      return [...refused.values()].map(({ lastMonoUs: _, ...told }) => told);
    },
  };
}
