import { useCallback, useMemo } from "react";
import type { SlotRecord } from "../../../src/events/derived.ts";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import type { LiveState } from "./live-state.ts";
import { useMonitor } from "./monitor.tsx";
import { slotsOfTree } from "./reorg-tree.ts";
import { type Stored, useStored } from "./use-stored.ts";

/** Reorgs that are listed at first, and at most: the API's limit of one page. */
export const FEW_REORGS = 100;
export const MOST_REORGS = 1000;

/** The newest reorgs, those of the stream laid over; `more` when the store holds older ones. */
export function useReorgs(state: LiveState, limit: number): Stored<{ reorgs: readonly ReorgRecord[]; more: boolean }> {
  const { api } = useMonitor();
  const read = useCallback((signal: AbortSignal) => api.reorgs(limit, signal), [api, limit]);
  const stored = useStored(read, state.reorgs);
  return useMemo(() => {
    if (stored.kind !== "ready") return stored;
    const byId = new Map([...stored.answer.reorgs, ...state.reorgs.values()].map((reorg) => [reorg.id, reorg]));
    return { kind: "ready", answer: { reorgs: [...byId.values()], more: stored.answer.next_before !== null } };
  }, [stored, state.reorgs]);
}

/** The slots around a reorg's branches; empty while they are read. */
export function useReorgSlots(state: LiveState, reorg: ReorgRecord): Stored<ReadonlyMap<number, SlotRecord>> {
  const { api } = useMonitor();
  const { firstSlot, lastSlot } = slotsOfTree(reorg);
  const read = useCallback(
    (signal: AbortSignal) =>
      api.slots({ limit: Math.min(MOST_REORGS, lastSlot - firstSlot + 1), before: lastSlot + 1, signal }),
    [api, firstSlot, lastSlot],
  );
  // The last slots of a fresh reorg are still to come: the stream tells them.
  const stored = useStored(read, state.slots.get(lastSlot)?.status);
  return useMemo(() => {
    if (stored.kind !== "ready") return stored;
    const slots = new Map(stored.answer.slots.map((record) => [record.slot, record]));
    for (let slot = firstSlot; slot <= lastSlot; slot += 1) {
      const live = state.slots.get(slot);
      if (live !== undefined) slots.set(slot, live);
    }
    return { kind: "ready", answer: slots };
  }, [stored, state.slots, firstSlot, lastSlot]);
}
