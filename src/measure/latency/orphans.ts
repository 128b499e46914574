import type { Outcome } from "../../events/comparison.ts";
import { wilsonInterval } from "../../lib/statistics.ts";

/** The width of a bin of arrivals. */
const BIN_MS = 500;

/** How a block that nobody orphaned or adopted yet stands aside: only what the canonical chain has passed counts. */
export type ArrivedBlock = { earliestMs: number; attestationDueMs: number; slotDurationMs: number; orphaned: boolean };

/** Counts blocks by their earliest arrival on any node, in bins from the attestation deadline; from a slot before to two after. */
export function outcomesOf(blocks: readonly ArrivedBlock[]): Outcome[] {
  const bins = new Map<number, { blocks: number; orphaned: number }>();
  for (const { earliestMs, attestationDueMs, slotDurationMs, orphaned } of blocks) {
    const bounded = Math.min(Math.max(earliestMs, -slotDurationMs), 2 * slotDurationMs);
    const binMs = Math.floor((bounded - attestationDueMs) / BIN_MS) * BIN_MS;
    const bin = bins.get(binMs) ?? { blocks: 0, orphaned: 0 };
    bins.set(binMs, { blocks: bin.blocks + 1, orphaned: bin.orphaned + Number(orphaned) });
  }
  return [...bins].sort(([a], [b]) => a - b).map(([binMs, bin]) => [binMs, bin.blocks, bin.orphaned]);
}

/** Of the blocks that arrived first in `[fromMs, toMs)` from the attestation deadline, the share that was orphaned. */
export type OrphanShare = {
  fromMs: number;
  toMs: number;
  blocks: number;
  orphaned: number;
  /** orphaned / blocks, and Wilson's interval for the probability, 95 %. */
  share: number;
  low: number;
  high: number;
};

/** The outcomes of many epochs together; bins without a block are left out. */
export function orphanShares(epochs: readonly (readonly Outcome[])[]): OrphanShare[] {
  const bins = new Map<number, { blocks: number; orphaned: number }>();
  for (const [binMs, blocks, orphaned] of epochs.flat()) {
    const bin = bins.get(binMs) ?? { blocks: 0, orphaned: 0 };
    bins.set(binMs, { blocks: bin.blocks + blocks, orphaned: bin.orphaned + orphaned });
  }
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([fromMs, { blocks, orphaned }]) => ({
      fromMs,
      toMs: fromMs + BIN_MS,
      blocks,
      orphaned,
      share: orphaned / blocks,
      ...wilsonInterval(orphaned, blocks),
    }));
}
