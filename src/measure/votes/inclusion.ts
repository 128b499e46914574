import type { Chain } from "../../chain/chain.ts";
import { seatsOfAggregate } from "../../chain/committees.ts";
import { isForkAtLeast } from "../../chain/forks.ts";
import type { AggregateVote, VoteData } from "../../events/vote.ts";
import type { VoteTable } from "./vote-table.ts";

/** Whether what a vote says is what the canonical chain says. */
export type Rightness = { source: boolean; target: boolean; head: boolean };

/** What the canonical blocks say of the votes of some slots: weights by flag, and how late votes were included. */
export type Included = {
  votes: number;
  weight: number;
  source: number;
  target: number;
  head: number;
  /** Sums over the included votes of the delay to their first inclusion. */
  delaySlots: number;
  delayBlocks: number;
};

export type Inclusion = {
  /** Counts the votes that a canonical block carries; the order of the blocks does not matter. */
  apply(block: { slot: number; votes: readonly AggregateVote[] }): void;
  ofSlot(slot: number): Included;
  /** Slots from the seat's vote to the block that first carried it, and how many of these had a block. */
  delayOf(seat: number): { slots: number; blocks: number } | undefined;
  flagsOf(seat: number): Rightness;
  /** The source of the canonical chain's votes in this epoch, known once a block carried one. */
  source(): Pick<VoteData, "sourceEpoch" | "sourceRoot"> | undefined;
  /** Forgets what was applied: the chain turned, or the weights changed. */
  reset(): void;
};

const SOURCE = 1;
const TARGET = 2;
const HEAD = 4;
/** consensus-specs, `MIN_ATTESTATION_INCLUSION_DELAY`. */
const MIN_INCLUSION_DELAY = 1;
const MAX_DELAY = 255;

/**
 * Participation as the canonical blocks prove it, with the flags that the state transition sets for a vote included
 * after so many slots (consensus-specs, `get_attestation_participation_flag_indices`; from Deneb on a right target
 * counts however late, EIP-7045).
 */
export function createInclusion(input: {
  chain: Chain;
  table: VoteTable;
  /** A block cannot carry a vote with another source than its chain's: that one is not asked for. */
  rightness(data: VoteData): Pick<Rightness, "target" | "head">;
  /** Canonical blocks above the one slot, up to the other. */
  blocksBetween(afterSlot: number, throughSlot: number): number;
}): Inclusion {
  const { chain, table, rightness, blocksBetween } = input;
  const { committees } = table;
  const size = committees.validators.length;
  const firstSlot = committees.epoch * committees.slotsPerEpoch;
  const maxSourceDelay = Math.floor(Math.sqrt(committees.slotsPerEpoch));
  let flags = new Uint8Array(size);
  let delaySlots = new Uint8Array(size);
  let delayBlocks = new Uint8Array(size);
  let sums: Included[] = [];
  let source: VoteData | undefined;

  const sumOf = (slot: number): Included => {
    const slotIndex = slot - firstSlot;
    let sum = sums[slotIndex];
    if (sum === undefined) {
      sum = { votes: 0, weight: 0, source: 0, target: 0, head: 0, delaySlots: 0, delayBlocks: 0 };
      sums[slotIndex] = sum;
    }
    return sum;
  };

  const flagsFor = (data: VoteData, delay: number): number => {
    const right = rightness(data);
    const isDeneb = isForkAtLeast(chain.forkOf(data.slot + delay), "deneb");
    const source = delay <= maxSourceDelay ? SOURCE : 0;
    const target = right.target && (isDeneb || delay <= committees.slotsPerEpoch) ? TARGET : 0;
    const head = right.target && right.head && delay === MIN_INCLUSION_DELAY ? HEAD : 0;
    return source | target | head;
  };

  const applyVote = (vote: AggregateVote, blockSlot: number) => {
    const { slot } = vote.data;
    const delay = Math.min(MAX_DELAY, blockSlot - slot);
    const seats = delay < MIN_INCLUSION_DELAY ? undefined : seatsOfAggregate(committees, vote);
    if (seats === undefined) return;
    source ??= vote.data;
    const sum = sumOf(slot);
    const gained = flagsFor(vote.data, delay);
    const blocks = Math.min(MAX_DELAY, blocksBetween(slot, blockSlot));
    for (const seat of seats) {
      const weight = table.weightOf(seat);
      const before = delaySlots[seat] ?? 0;
      if (before === 0) {
        sum.votes += 1;
        sum.weight += weight;
      }
      if (before === 0 || delay < before) {
        sum.delaySlots += delay - before;
        sum.delayBlocks += blocks - (delayBlocks[seat] ?? 0);
        delaySlots[seat] = delay;
        delayBlocks[seat] = blocks;
      }
      const added = gained & ~(flags[seat] ?? 0);
      if (added === 0) continue;
      flags[seat] = (flags[seat] ?? 0) | gained;
      if (added & SOURCE) sum.source += weight;
      if (added & TARGET) sum.target += weight;
      if (added & HEAD) sum.head += weight;
    }
  };

  return {
    apply({ slot, votes }) {
      for (const vote of votes) {
        if (chain.epochOf(vote.data.slot) === committees.epoch) applyVote(vote, slot);
      }
    },
    ofSlot: sumOf,
    delayOf(seat) {
      const slots = delaySlots[seat] ?? 0;
      return slots === 0 ? undefined : { slots, blocks: delayBlocks[seat] ?? 0 };
    },
    flagsOf(seat) {
      const of = flags[seat] ?? 0;
      return { source: (of & SOURCE) !== 0, target: (of & TARGET) !== 0, head: (of & HEAD) !== 0 };
    },
    source: () => source,
    reset() {
      source = undefined;
      flags = new Uint8Array(size);
      delaySlots = new Uint8Array(size);
      delayBlocks = new Uint8Array(size);
      sums = [];
    },
  };
}

/** The mean slots and blocks to inclusion; null without an included vote. */
export function meanDelays({ votes, delaySlots, delayBlocks }: Included): {
  slots: number | null;
  blocks: number | null;
} {
  return votes === 0 ? { slots: null, blocks: null } : { slots: delaySlots / votes, blocks: delayBlocks / votes };
}

/** The sums of several slots. */
export function sumIncluded(parts: readonly Included[]): Included {
  const sum: Included = { votes: 0, weight: 0, source: 0, target: 0, head: 0, delaySlots: 0, delayBlocks: 0 };
  for (const part of parts) {
    for (const key of Object.keys(sum) as (keyof Included)[]) sum[key] += part[key];
  }
  return sum;
}
