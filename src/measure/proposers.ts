export type Proposers = {
  /** Takes the duties of an epoch; returns the slots whose proposer is new or another. */
  note(duties: { epoch: number; proposers: ReadonlyMap<number, number> }): number[];
  of(slot: number): number | null;
  prune(belowSlot: number): void;
};

/** Who has to propose in which slot, as the nodes told last. */
export function createProposers(epochOf: (slot: number) => number): Proposers {
  const proposers = new Map<number, number>();
  return {
    note(duties) {
      const changed: number[] = [];
      for (const [slot, index] of duties.proposers) {
        // Lodestar 1.5 gives the next epoch's proposers under this epoch's slots.
        if (epochOf(slot) !== duties.epoch || proposers.get(slot) === index) continue;
        proposers.set(slot, index);
        changed.push(slot);
      }
      return changed;
    },
    of: (slot) => proposers.get(slot) ?? null,
    prune(belowSlot) {
      for (const slot of proposers.keys()) if (slot < belowSlot) proposers.delete(slot);
    },
  };
}
