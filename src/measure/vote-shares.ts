/** How many votes of an epoch's slots each node told of, and how many any node did while that one was watched. */
export type VoteShares = {
  seen(input: { node: string; slot: number }): number;
  union(slot: number): number;
};

export type SingleVotes = VoteShares & {
  note(input: { node: string; slot: number; validatorIndex: number; delayMs: number }): void;
  prune(belowSlot: number): void;
};

type SlotVotes = { seen: Map<string, Set<number>>; union: Set<number> };
type Counts = { seen: ReadonlyMap<string, number>; union: number };

/** A vote that comes later than the end of the slot after its own is not counted, so that slots can be closed. */
const PATIENCE_SLOTS = 2;

/**
 * Counts votes that come one by one, each once a validator and slot: a validator votes once an epoch, in one slot. Open
 * are the votes of the running slot and the one before; of older slots only counts are kept.
 */
export function createSingleVotes(input: { slotDurationMs: number }): SingleVotes {
  const open = new Map<number, SlotVotes>();
  const closed = new Map<number, Counts>();
  let newest = Number.NEGATIVE_INFINITY;

  const close = (belowSlot: number) => {
    for (const [slot, { seen, union }] of open) {
      if (slot >= belowSlot) continue;
      const counts = [...seen].map(([node, validators]) => [node, validators.size] as const);
      closed.set(slot, { seen: new Map(counts), union: union.size });
      open.delete(slot);
    }
  };

  return {
    note({ node, slot, validatorIndex, delayMs }) {
      // A vote for a slot to come would close those that are running.
      if (delayMs < -input.slotDurationMs || delayMs >= PATIENCE_SLOTS * input.slotDurationMs) return;
      if (closed.has(slot)) return;
      let votes = open.get(slot);
      if (votes === undefined) {
        votes = { seen: new Map(), union: new Set() };
        open.set(slot, votes);
        newest = Math.max(newest, slot);
        close(newest - PATIENCE_SLOTS);
      }
      votes.union.add(validatorIndex);
      const seen = votes.seen.get(node);
      if (seen === undefined) votes.seen.set(node, new Set([validatorIndex]));
      else seen.add(validatorIndex);
    },
    seen: ({ node, slot }) => open.get(slot)?.seen.get(node)?.size ?? closed.get(slot)?.seen.get(node) ?? 0,
    union: (slot) => open.get(slot)?.union.size ?? closed.get(slot)?.union ?? 0,
    prune(belowSlot) {
      close(belowSlot);
      for (const slot of closed.keys()) if (slot < belowSlot) closed.delete(slot);
    },
  };
}
