import type { VoteData } from "../../events/vote.ts";

/** All votes of one slot that say the same. */
export type Tally = {
  id: number;
  data: VoteData;
  /** Votes that a node's stream told of, each validator once, and their weight. */
  votes: number;
  weight: number;
};

export type Tallies = {
  /** The tally of what a vote says; undefined when a slot has more kinds of vote than any network has. */
  of(data: VoteData): Tally | undefined;
  byId(id: number): Tally | undefined;
  ofSlot(slot: number): readonly Tally[];
};

/** Honest networks have a handful; whoever sends votes of more kinds than this wants memory. */
const MAX_KINDS_PER_SLOT = 256;

/** Gathers the votes of one epoch by what they say. Ids begin with 1. */
export function createTallies(): Tallies {
  const bySlot = new Map<number, Tally[]>();
  const byId: Tally[] = [];
  let last: Tally | undefined;

  return {
    of(data) {
      // Votes come in runs of the same kind.
      if (last !== undefined && (last.data === data || isSame(last.data, data))) return last;
      let tallies = bySlot.get(data.slot);
      if (tallies === undefined) {
        tallies = [];
        bySlot.set(data.slot, tallies);
      }
      let tally = tallies.find((known) => isSame(known.data, data));
      if (tally === undefined) {
        if (tallies.length >= MAX_KINDS_PER_SLOT) return undefined;
        tally = { id: byId.length + 1, data, votes: 0, weight: 0 };
        byId.push(tally);
        tallies.push(tally);
      }
      last = tally;
      return tally;
    },
    byId: (id) => byId[id - 1],
    ofSlot: (slot) => bySlot.get(slot) ?? [],
  };
}

function isSame(a: VoteData, b: VoteData): boolean {
  return (
    a.slot === b.slot &&
    a.head === b.head &&
    a.targetRoot === b.targetRoot &&
    a.targetEpoch === b.targetEpoch &&
    a.sourceRoot === b.sourceRoot &&
    a.sourceEpoch === b.sourceEpoch &&
    a.index === b.index
  );
}
