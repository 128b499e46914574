import { useCallback, useMemo } from "react";
import type { BlockRecord } from "../../../src/events/block/block-record.ts";
import type { SlotRecord } from "../../../src/events/derived.ts";
import { type BlockRow, blockRows } from "./block-rows.ts";
import type { EpochRange } from "./epoch-range.ts";
import { laidOver } from "./laid-over.ts";
import type { LiveState } from "./live-state.ts";
import { useMonitor } from "./monitor.tsx";
import { readPages } from "./read-pages.ts";
import { type Stored, useStored } from "./use-stored.ts";

/** The slots of a range with what stands in their blocks, from the store and, newer, from the stream. */
export function useBlocks(state: LiveState, range: EpochRange, currentSlot: number): Stored<readonly BlockRow[]> {
  const { api } = useMonitor();
  const { firstSlot, lastSlot } = range;
  const read = useCallback(
    async (signal: AbortSignal) => {
      const bounds = { from: firstSlot, before: lastSlot + 1 };
      const [slots, blocks] = await Promise.all([
        readPages<SlotRecord>({
          ...bounds,
          keyOf: ({ slot }) => slot,
          page: async (page) => {
            const answer = await api.slots({ ...page, signal });
            return { records: answer.slots, next: answer.next_before };
          },
        }),
        readPages<BlockRecord>({
          ...bounds,
          keyOf: ({ slot }) => slot,
          page: async (page) => {
            const answer = await api.blocks({ ...page, signal });
            return { records: answer.blocks, next: answer.next_before };
          },
        }),
      ]);
      return { slots, blocks };
    },
    [api, firstSlot, lastSlot],
  );
  const stored = useStored(read, undefined);
  const last = Math.min(lastSlot, currentSlot);
  return useMemo(() => {
    if (stored.kind !== "ready") return stored;
    const slots = laidOver<SlotRecord>({
      stored: stored.answer.slots,
      live: state.slots,
      keyOf: ({ slot }) => slot,
      first: firstSlot,
      last,
    });
    const blocks = new Map([...stored.answer.blocks, ...state.blocks.values()].map((block) => [block.root, block]));
    return { kind: "ready", answer: blockRows({ slots, blocks: [...blocks.values()], first: firstSlot, last }) };
  }, [stored, state.slots, state.blocks, firstSlot, last]);
}
