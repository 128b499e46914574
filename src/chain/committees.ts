import { hasBit, readBitlist, readBitvector, setBits } from "./bits.ts";

/**
 * Who votes in which slot of an epoch. A validator that is active stands in exactly one committee of an epoch, so that
 * `validators` lists each active validator once, in the order of slot, committee and place within it. A validator's
 * index within that list is its *seat*.
 */
export type Committees = {
  epoch: number;
  slotsPerEpoch: number;
  committeesPerSlot: number;
  validators: Uint32Array;
  /** The seats of committee c of the slot at index s of the epoch begin at `starts[s * committeesPerSlot + c]`. */
  starts: Uint32Array;
};

/** One committee as the Beacon API lists it. */
export type CommitteeEntry = { slot: number; index: number; validators: readonly number[] };

/** Electra's `MAX_COMMITTEES_PER_SLOT`; a preset's may be lower. */
const MAX_COMMITTEES_PER_SLOT = 64;

/**
 * Puts the committees of an epoch in order. Says in words what is wrong where they are not those of the whole epoch:
 * an answer for one slot alone, a slot without committees, a committee twice.
 */
export function createCommittees(input: {
  epoch: number;
  slotsPerEpoch: number;
  entries: readonly CommitteeEntry[];
}): Committees | string {
  const { epoch, slotsPerEpoch, entries } = input;
  const firstSlot = epoch * slotsPerEpoch;
  const committeesPerSlot = entries.length / slotsPerEpoch;
  if (entries.length === 0) return "there is no committee";
  if (!Number.isInteger(committeesPerSlot)) return `${entries.length} committees do not fill ${slotsPerEpoch} slots`;
  if (committeesPerSlot > MAX_COMMITTEES_PER_SLOT) return `a slot has ${committeesPerSlot} committees`;

  const ordered = new Array<CommitteeEntry | undefined>(entries.length).fill(undefined);
  let total = 0;
  for (const entry of entries) {
    const { slot, index, validators } = entry;
    const slotIndex = slot - firstSlot;
    if (slotIndex < 0 || slotIndex >= slotsPerEpoch) return `slot ${slot} is not of epoch ${epoch}`;
    if (index < 0 || index >= committeesPerSlot) return `slot ${slot} has a committee ${index} and lacks another`;
    const place = slotIndex * committeesPerSlot + index;
    if (ordered[place] !== undefined) return `committee ${index} of slot ${slot} is there twice`;
    ordered[place] = entry;
    total += validators.length;
  }

  const all = new Uint32Array(total);
  const starts = new Uint32Array(entries.length + 1);
  let seat = 0;
  for (const [place, entry] of ordered.entries()) {
    starts[place] = seat;
    all.set(entry?.validators ?? [], seat);
    seat += entry?.validators.length ?? 0;
  }
  starts[entries.length] = seat;
  return { epoch, slotsPerEpoch, committeesPerSlot, validators: all, starts };
}

/** The committees as the Beacon API lists them. */
export function committeeEntries(committees: Committees): CommitteeEntry[] {
  const { epoch, slotsPerEpoch, committeesPerSlot, validators, starts } = committees;
  return Array.from({ length: slotsPerEpoch * committeesPerSlot }, (_, place) => ({
    slot: epoch * slotsPerEpoch + Math.floor(place / committeesPerSlot),
    index: place % committeesPerSlot,
    validators: [...validators.subarray(starts[place], starts[place + 1])],
  }));
}

/** The seats of one committee, as [from, to); undefined where there is no such committee. */
export function seatsOf(
  committees: Committees,
  { slot, index }: { slot: number; index: number },
): { from: number; to: number } | undefined {
  const slotIndex = slot - committees.epoch * committees.slotsPerEpoch;
  if (slotIndex < 0 || slotIndex >= committees.slotsPerEpoch || index >= committees.committeesPerSlot) return undefined;
  const place = slotIndex * committees.committeesPerSlot + index;
  const from = committees.starts[place];
  const to = committees.starts[place + 1];
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** The seats of all committees of a slot, as [from, to). */
export function seatsOfSlot(committees: Committees, slot: number): { from: number; to: number } {
  const first = seatsOf(committees, { slot, index: 0 });
  const last = seatsOf(committees, { slot, index: committees.committeesPerSlot - 1 });
  return { from: first?.from ?? 0, to: last?.to ?? 0 };
}

/** Finds the seat of a validator in a committee; undefined when it has none there. */
export type SeatFinder = (at: { slot: number; index: number; validator: number }) => number | undefined;

/** Takes four bytes for each validator index that there is. */
export function createSeatFinder(committees: Committees): SeatFinder {
  const { validators } = committees;
  const highest = validators.reduce((most, validator) => Math.max(most, validator), -1);
  // Seats are noted from 1 on: what was not written is no seat.
  const seats = new Uint32Array(highest + 1);
  for (const [seat, validator] of validators.entries()) seats[validator] = seat + 1;
  return (at) => {
    const seat = (seats[at.validator] ?? 0) - 1;
    const range = seatsOf(committees, at);
    return range !== undefined && seat >= range.from && seat < range.to ? seat : undefined;
  };
}

/** Of an aggregate, what says who voted: the bits are hex, `committeeBits` stands there from Electra on. */
type AggregateBits = {
  data: { slot: number; index: number };
  aggregationBits: string;
  committeeBits: string | undefined;
};

/**
 * The seats whose votes an aggregate carries; undefined where its bits do not fit the committees.
 * Before Electra the bits are those of the committee `data.index`; from Electra on those of all committees in
 * `committee_bits`, one after the other (EIP-7549; consensus-specs, `get_attesting_indices`).
 */
export function seatsOfAggregate(committees: Committees, vote: AggregateBits): number[] | undefined {
  const bits = readBitlist(vote.aggregationBits);
  const indices = committeeIndices(vote);
  if (bits === undefined || indices === undefined) return undefined;
  const seats: number[] = [];
  let offset = 0;
  for (const index of indices) {
    const range = seatsOf(committees, { slot: vote.data.slot, index });
    if (range === undefined) return undefined;
    for (let seat = range.from; seat < range.to; seat += 1) {
      if (hasBit(bits, offset + seat - range.from)) seats.push(seat);
    }
    offset += range.to - range.from;
  }
  return offset === bits.length ? seats : undefined;
}

/** The committees that an aggregate speaks for, ascending. */
function committeeIndices({ data, committeeBits }: AggregateBits): readonly number[] | undefined {
  if (committeeBits === undefined) return [data.index];
  const bits = readBitvector(committeeBits);
  return bits && setBits(bits);
}
