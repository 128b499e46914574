import { type Committees, seatsOf, seatsOfSlot } from "../../chain/committees.ts";
import type { VoteData } from "../../events/vote.ts";
import { createTallies, type Tallies, type Tally } from "./vote-tally.ts";

/**
 * How a node told of the votes of some seats, which say the same: each as a single one, whose arrival is the vote's, or
 * within an aggregate.
 */
export type Telling = {
  node: string;
  seats: readonly number[] | Uint32Array;
  data: VoteData;
  delayMs: number;
  single: boolean;
};

/** What became of the votes of some seats on the event streams. */
export type SeatCounts = {
  validators: number;
  /** Seen as a single vote by the attestation deadline, or after it. */
  onTime: number;
  late: number;
  /** Seen in aggregates alone, so that it is not known when it came. */
  untimed: number;
  missing: number;
};

/** A validator whose second vote of the epoch says something else than its first: slashable when both are signed. */
export type DoubleVote = { validator: number; slot: number; first: VoteData; second: VoteData };

export type VoteTable = {
  readonly committees: Committees;
  readonly tallies: Tallies;
  /** False when the vote says something that no honest network has so many kinds of. */
  note(telling: Telling): boolean;
  /** What the seat's first vote says. */
  voteOf(seat: number): Tally | undefined;
  /** First arrival of the seat's single vote over all nodes, signed ms from its slot's start. */
  delayMsOf(seat: number): number | undefined;
  /** Whether that node told of the seat's vote; its delay there when it came as a single vote. */
  seenBy(node: string, seat: number): { delayMs: number | undefined } | undefined;
  nodes(): readonly string[];
  countsOfSlot(slot: number): SeatCounts;
  countsOfCommittee(slot: number, index: number): SeatCounts;
  /** How many votes of a slot each node told of. */
  seenByNode(slot: number): ReadonlyMap<string, number>;
  weightOf(seat: number): number;
  /** Weight of all seats of a slot. */
  weightOfSlot(slot: number): number;
  readonly totalWeight: number;
  readonly weighted: boolean;
  /** Weighs validators by effective balance from now on; what was counted is weighed again. */
  weigh(effectiveBalance: (validator: number) => number): void;
  readonly doubleVotes: readonly DoubleVote[];
  /** Forgets by which node votes were told: only sums are asked for from now on. */
  forgetNodes(): void;
};

/** Of single votes that came together: when, and when they were due, µs from the slot's start. */
type Arrival = { slotIndex: number; delayUs: number; dueUs: number };

/** No arrival; one at the slot's very start is noted a microsecond later. A zero costs no memory until it is written. */
const NEVER = 0;
/** Per node and seat: nothing, told in an aggregate, or the delay in ms above this base. */
const UNSEEN = 0;
const AGGREGATED = 1;
const FIRST_DELAY = 2;
const MAX_DOUBLE_VOTES = 256;

/**
 * The votes of one epoch under one shuffling, each validator's once. Arrays by seat, since a mainnet epoch has a
 * million of them. A slot's deadline is given in ms from its start.
 */
export function createVoteTable(input: {
  committees: Committees;
  slotDurationMs: number;
  attestationDueMs: (slot: number) => number;
}): VoteTable {
  const { committees, slotDurationMs, attestationDueMs } = input;
  const size = committees.validators.length;
  const firstSlot = committees.epoch * committees.slotsPerEpoch;
  const tallies = createTallies();
  const tallyIds = new Uint16Array(size);
  const firstUs = new Int32Array(size);
  const byNode = new Map<string, Uint16Array>();
  const nodeCounts = new Map<string, Uint32Array>();
  const onTime = new Uint32Array(committees.slotsPerEpoch);
  const late = new Uint32Array(committees.slotsPerEpoch);
  const seen = new Uint32Array(committees.slotsPerEpoch);
  const doubleVotes: DoubleVote[] = [];
  let weights: Uint16Array | undefined;
  let totalWeight = size;

  const weightOf = (seat: number): number => (weights === undefined ? 1 : (weights[seat] ?? 0));
  const add = (array: Uint32Array, index: number, count: number) => {
    array[index] = (array[index] ?? 0) + count;
  };

  const noteSeen = (seat: number, tally: Tally, slotIndex: number) => {
    const known = tallyIds[seat];
    if (known === 0) {
      tallyIds[seat] = tally.id;
      tally.votes += 1;
      tally.weight += weightOf(seat);
      add(seen, slotIndex, 1);
      return;
    }
    const first = known === tally.id ? undefined : tallies.byId(known ?? 0);
    if (first === undefined || doubleVotes.length >= MAX_DOUBLE_VOTES) return;
    const validator = committees.validators[seat] ?? 0;
    if (doubleVotes.some((double) => double.validator === validator)) return;
    doubleVotes.push({ validator, slot: tally.data.slot, first: first.data, second: tally.data });
  };

  const noteArrival = (seat: number, { slotIndex, delayUs, dueUs }: Arrival) => {
    const before = firstUs[seat] ?? NEVER;
    if (before !== NEVER && before <= delayUs) return;
    if (before !== NEVER) add(before > dueUs ? late : onTime, slotIndex, -1);
    add(delayUs > dueUs ? late : onTime, slotIndex, 1);
    firstUs[seat] = delayUs;
  };

  const ofNode = (node: string): { told: Uint16Array; counts: Uint32Array } => {
    const told = byNode.get(node) ?? new Uint16Array(size);
    const counts = nodeCounts.get(node) ?? new Uint32Array(committees.slotsPerEpoch);
    byNode.set(node, told);
    nodeCounts.set(node, counts);
    return { told, counts };
  };

  const countsOf = (from: number, to: number, slot: number): SeatCounts => {
    const dueUs = attestationDueMs(slot) * 1000;
    const counts: SeatCounts = { validators: to - from, onTime: 0, late: 0, untimed: 0, missing: 0 };
    for (let seat = from; seat < to; seat += 1) {
      const us = firstUs[seat] ?? NEVER;
      if (us !== NEVER) counts[us > dueUs ? "late" : "onTime"] += 1;
      else counts[tallyIds[seat] === 0 ? "missing" : "untimed"] += 1;
    }
    return counts;
  };

  return {
    committees,
    tallies,
    note({ node, seats, data, delayMs, single }) {
      const tally = tallies.of(data);
      if (tally === undefined) return false;
      const slotIndex = data.slot - firstSlot;
      const { told, counts } = ofNode(node);
      const delayUs = Math.max(-0x7fffffff, Math.min(0x7fffffff, Math.round(delayMs * 1000))) || 1;
      const arrival = { slotIndex, delayUs, dueUs: attestationDueMs(data.slot) * 1000 };
      const delay = FIRST_DELAY + Math.max(0, Math.min(0xffff - FIRST_DELAY, Math.round(delayMs + slotDurationMs)));
      for (const seat of seats) {
        noteSeen(seat, tally, slotIndex);
        // A second, different vote of the validator has no arrival of its own.
        if (tallyIds[seat] === tally.id && single) noteArrival(seat, arrival);
        const before = told[seat] ?? UNSEEN;
        if (before === UNSEEN) add(counts, slotIndex, 1);
        if (single && before < FIRST_DELAY) told[seat] = delay;
        else if (before === UNSEEN) told[seat] = AGGREGATED;
      }
      return true;
    },
    voteOf: (seat) => tallies.byId(tallyIds[seat] ?? 0),
    delayMsOf(seat) {
      const us = firstUs[seat] ?? NEVER;
      return us === NEVER ? undefined : us / 1000;
    },
    seenBy(node, seat) {
      const told = byNode.get(node)?.[seat] ?? UNSEEN;
      if (told === UNSEEN) return undefined;
      return { delayMs: told === AGGREGATED ? undefined : told - FIRST_DELAY - slotDurationMs };
    },
    nodes: () => [...nodeCounts.keys()],
    countsOfSlot(slot) {
      const slotIndex = slot - firstSlot;
      const { from, to } = seatsOfSlot(committees, slot);
      const counts = { onTime: onTime[slotIndex] ?? 0, late: late[slotIndex] ?? 0 };
      const told = seen[slotIndex] ?? 0;
      return {
        validators: to - from,
        ...counts,
        untimed: told - counts.onTime - counts.late,
        missing: to - from - told,
      };
    },
    countsOfCommittee(slot, index) {
      const seats = seatsOf(committees, { slot, index }) ?? { from: 0, to: 0 };
      return countsOf(seats.from, seats.to, slot);
    },
    seenByNode(slot) {
      return new Map([...nodeCounts].map(([node, counts]) => [node, counts[slot - firstSlot] ?? 0]));
    },
    weightOf,
    weightOfSlot(slot) {
      const { from, to } = seatsOfSlot(committees, slot);
      if (weights === undefined) return to - from;
      let weight = 0;
      for (let seat = from; seat < to; seat += 1) weight += weightOf(seat);
      return weight;
    },
    get totalWeight() {
      return totalWeight;
    },
    get weighted() {
      return weights !== undefined;
    },
    weigh(effectiveBalance) {
      weights = Uint16Array.from(committees.validators, effectiveBalance);
      totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
      for (let slotIndex = 0; slotIndex < committees.slotsPerEpoch; slotIndex += 1) {
        for (const tally of tallies.ofSlot(firstSlot + slotIndex)) tally.weight = 0;
      }
      for (let seat = 0; seat < size; seat += 1) {
        const tally = tallies.byId(tallyIds[seat] ?? 0);
        if (tally !== undefined) tally.weight += weightOf(seat);
      }
    },
    doubleVotes,
    forgetNodes: () => byNode.clear(),
  };
}
