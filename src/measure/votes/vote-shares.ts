import type { VoteTable } from "./vote-table.ts";

/** How many votes of a slot each node told of, and how many any node did; each validator's vote once. */
export type VoteShares = {
  seen(input: { node: string; slot: number }): number;
  union(slot: number): number;
};

export type VoteShareBook = VoteShares & {
  /** Keeps the counts of an epoch whose votes are about to be forgotten. */
  keep(table: VoteTable): void;
  prune(belowSlot: number): void;
};

/** The counts of the last epochs from their tables, those of older ones as they were kept. */
export function createVoteShares(tableAt: (slot: number) => VoteTable | undefined): VoteShareBook {
  const kept = new Map<number, { union: number; byNode: ReadonlyMap<string, number> }>();
  const countsOf = (table: VoteTable, slot: number) => {
    const { validators, missing } = table.countsOfSlot(slot);
    return { union: validators - missing, byNode: table.seenByNode(slot) };
  };
  const at = (slot: number) => {
    const table = tableAt(slot);
    return table === undefined ? kept.get(slot) : countsOf(table, slot);
  };
  return {
    seen: ({ node, slot }) => at(slot)?.byNode.get(node) ?? 0,
    union: (slot) => at(slot)?.union ?? 0,
    keep(table) {
      const { epoch, slotsPerEpoch } = table.committees;
      for (let slot = epoch * slotsPerEpoch; slot < (epoch + 1) * slotsPerEpoch; slot += 1) {
        kept.set(slot, countsOf(table, slot));
      }
    },
    prune(belowSlot) {
      for (const slot of kept.keys()) if (slot < belowSlot) kept.delete(slot);
    },
  };
}
