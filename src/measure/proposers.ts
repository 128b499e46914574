import type { Chain } from "../chain/chain.ts";

export type Proposers = {
  /** Takes a node's answer of an epoch's duties in; returns the slots whose proposer is new or another one. */
  note(duties: { epoch: number; proposers: ReadonlyMap<number, number> }): number[];
  of(slot: number): number | null;
  prune(belowSlot: number): void;
};

/** Who has to propose in each slot, by the last answer. */
export function createProposers(chain: Chain): Proposers {
  const known = new Map<number, number>();
  return {
    note({ epoch, proposers }) {
      const changed: number[] = [];
      for (const [slot, index] of proposers) {
        // Lodestar 1.5 gives the next epoch's proposers under this epoch's slots.
        if (chain.epochOf(slot) !== epoch || known.get(slot) === index) continue;
        known.set(slot, index);
        changed.push(slot);
      }
      return changed;
    },
    of: (slot) => known.get(slot) ?? null,
    prune(belowSlot) {
      for (const slot of known.keys()) if (slot < belowSlot) known.delete(slot);
    },
  };
}
