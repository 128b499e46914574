import { quantile, roundMs } from "../../lib/statistics.ts";
import { type BlockArrival, MOST_BEHIND_SLOTS } from "./block-times.ts";

/** From the first to the last node that had a slot's block, over the slots in which two or more had it. */
export type Spread = { medianMs: number; p90Ms: number; slots: number };

/** Nodes that had a block more than a slot after the first had it by sync. Undefined without a slot that two had. */
export function spreadOf(blocks: readonly BlockArrival[], slotDurationMs: number): Spread | undefined {
  const spreads = blocks.flatMap(({ firstMs }) => {
    const lastMs = Math.min(...firstMs.values()) + MOST_BEHIND_SLOTS * slotDurationMs;
    const times = [...firstMs.values()].filter((ms) => ms <= lastMs);
    return times.length < 2 ? [] : Math.max(...times) - Math.min(...times);
  });
  const medianMs = quantile(spreads, 0.5);
  const p90Ms = quantile(spreads, 0.9);
  if (medianMs === undefined || p90Ms === undefined) return undefined;
  return { medianMs: roundMs(medianMs), p90Ms: roundMs(p90Ms), slots: spreads.length };
}

/** What share of the watched nodes had a block by a moment: over all blocks, in the median slot, in nine slots of ten. */
export type CurvePoint = { ms: number; share: number; median: number; p90: number };

const BIN_MS = 50;

/**
 * The propagation curve in steps of 50 ms, from the last step without any block to that at which nothing changes any
 * more, at most to `untilMs`: from the slot's start, or from the moment the first node had the block. `p90` is the share
 * that is reached in nine slots of ten.
 */
export function curveOf(input: {
  blocks: readonly BlockArrival[];
  from: "slot_start" | "first_seen";
  untilMs: number;
}): CurvePoint[] {
  const { blocks, from, untilMs } = input;
  const compared = blocks
    .filter(({ firstMs, watched }) => firstMs.size > 0 && watched.length > 1)
    .map(({ firstMs, watched }) => {
      const zeroMs = from === "slot_start" ? 0 : Math.min(...firstMs.values());
      const times = [...firstMs.values()].map((ms) => ms - zeroMs).sort((a, b) => a - b);
      return { times, watched: watched.length };
    });
  const all = compared.flatMap(({ times }) => times).filter((ms) => ms <= untilMs);
  if (all.length === 0) return [];
  const firstBin = Math.ceil(Math.min(...all) / BIN_MS) - 1;
  const lastBin = Math.min(Math.ceil(Math.max(...all) / BIN_MS), Math.floor(untilMs / BIN_MS));
  const watched = compared.reduce((sum, block) => sum + block.watched, 0);
  return Array.from({ length: Math.max(0, lastBin - firstBin + 1) }, (_, index) => {
    const ms = (firstBin + index) * BIN_MS;
    const reached = compared.map((block) => ({ ...block, had: block.times.filter((one) => one <= ms).length }));
    const shares = reached.map((block) => block.had / block.watched);
    return {
      ms,
      share: reached.reduce((sum, { had }) => sum + had, 0) / watched,
      median: quantile(shares, 0.5) ?? 0,
      p90: quantile(shares, 0.1) ?? 0,
    };
  });
}
