import type { ReorgRecord } from "../../../src/events/reorg.ts";
import { formatSlotRange } from "./format.ts";
import type { Location } from "./router.ts";

/** What the list is sorted by, largest first; part of the address. */
export type ReorgSort = "time" | "depth" | "nodes";

export function reorgSortOf(location: Location): ReorgSort {
  const sort = location.query.get("sort");
  return sort === "depth" || sort === "nodes" ? sort : "time";
}

/** Deepest, widest or newest first; the newer one of equals. */
export function sortedReorgs(reorgs: Iterable<ReorgRecord>, sort: ReorgSort): ReorgRecord[] {
  const rank = (reorg: ReorgRecord) => (sort === "depth" ? reorg.depth : sort === "nodes" ? reorg.nodes.length : 0);
  return [...reorgs]
    .filter((reorg) => !reorg.withdrawn)
    .sort((a, b) => rank(b) - rank(a) || b.at_ms - a.at_ms || (a.id < b.id ? -1 : 1));
}

/** `slot 10`, `slots 18–19`: the slots whose blocks were left. */
export function abandonedSlots(reorg: ReorgRecord): string {
  const slots = reorg.abandoned.map(({ slot }) => slot);
  return slots.length === 0 ? `slot ${reorg.slot}` : formatSlotRange(Math.min(...slots), Math.max(...slots));
}
