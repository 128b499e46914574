import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VoteData } from "../events/vote.ts";
import { readBitlist, readBitvector, setBits } from "./bits.ts";
import {
  type CommitteeEntry,
  type Committees,
  committeeEntries,
  createCommittees,
  createSeatFinder,
  seatsOf,
  seatsOfAggregate,
  seatsOfSlot,
} from "./committees.ts";

const root = `0x${"00".repeat(32)}`;
const dataOf = (slot: number, index = 0): VoteData => ({
  slot,
  index,
  head: root,
  sourceEpoch: 0,
  sourceRoot: root,
  targetEpoch: 1,
  targetRoot: root,
});

/** SSZ bytes of a bitlist, or of a bitvector. */
function hexOf(bits: readonly boolean[], kind: "list" | "vector"): string {
  const all = kind === "list" ? [...bits, true] : bits;
  const bytes = Buffer.alloc(Math.ceil(all.length / 8));
  for (const [index, bit] of all.entries()) if (bit) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  return `0x${bytes.toString("hex")}`;
}

/** Epoch 1 of three slots with two committees each; validators are numbered as they sit. */
const epoch = 1;
const slotsPerEpoch = 3;
const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 6, maxLength: 6 });

function entriesOf(lengths: readonly number[]): CommitteeEntry[] {
  let next = 100;
  return lengths.map((length, place) => ({
    slot: 3 + Math.floor(place / 2),
    index: place % 2,
    validators: Array.from({ length }, () => next++),
  }));
}

function committeesOf(entries: readonly CommitteeEntry[]): Committees {
  const committees = createCommittees({ epoch, slotsPerEpoch, entries });
  if (typeof committees === "string") throw new Error(committees);
  return committees;
}

describe("committees", () => {
  test("each validator has one seat, in whatever order the committees come", () => {
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.nat()), (lengths, keys) => {
        const entries = entriesOf(lengths);
        const shuffled = entries.map((entry) => ({ entry, key: keys.next().value })).sort((a, b) => a.key - b.key);
        const committees = committeesOf(shuffled.map(({ entry }) => entry));
        expect(committeeEntries(committees)).toEqual(entries);
        const seats = entries.flatMap(({ slot, index, validators }) =>
          validators.map((validator) => createSeatFinder(committees)({ slot, index, validator })),
        );
        expect(seats).toEqual(Array.from(committees.validators, (_, seat) => seat));
      }),
    );
  });

  test("a validator has no seat in another committee, and a slot of another epoch has none", () => {
    const committees = committeesOf(entriesOf([2, 2, 2, 2, 2, 2]));
    expect(createSeatFinder(committees)({ slot: 3, index: 1, validator: 100 })).toBeUndefined();
    expect(createSeatFinder(committees)({ slot: 6, index: 0, validator: 100 })).toBeUndefined();
    expect(seatsOf(committees, { slot: 3, index: 2 })).toBeUndefined();
    expect(seatsOfSlot(committees, 4)).toEqual({ from: 4, to: 8 });
  });

  test.each([
    ["there is no committee", []],
    ["do not fill", entriesOf([1, 1, 1, 1, 1, 1]).slice(1)],
    ["is not of epoch", entriesOf([1, 1, 1, 1, 1, 1]).map((entry) => ({ ...entry, slot: entry.slot + 1 }))],
    ["is there twice", entriesOf([1, 1, 1, 1, 1, 1]).map((entry) => ({ ...entry, index: 0 }))],
    ["lacks another", entriesOf([1, 1, 1, 1, 1, 1]).map((entry) => ({ ...entry, index: entry.index * 2 }))],
  ])("an answer that %s is refused", (words, entries) => {
    expect(createCommittees({ epoch, slotsPerEpoch, entries })).toContain(words);
  });
});

describe("aggregates", () => {
  test("carry the votes of their bits, over the committees that they name (EIP-7549)", () => {
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 3, max: 5 }),
        fc.subarray([0, 1], { minLength: 1 }),
        fc.infiniteStream(fc.boolean()),
        (lengths, slot, indices, coin) => {
          const entries = entriesOf(lengths);
          const committees = committeesOf(entries);
          const members = entries
            .filter((entry) => entry.slot === slot && indices.includes(entry.index))
            .flatMap(({ index, validators }) => validators.map((validator) => ({ index, validator })));
          const bits = members.map(() => coin.next().value);
          const seats = seatsOfAggregate(committees, {
            data: dataOf(slot),
            aggregationBits: hexOf(bits, "list"),
            committeeBits: hexOf([indices.includes(0), indices.includes(1), false, false], "vector"),
          });
          const voters = members.filter((_, place) => bits[place]);
          expect(seats).toEqual(voters.map((voter) => createSeatFinder(committees)({ slot, ...voter })));
        },
      ),
    );
  });

  test("before Electra carry those of the committee in their data", () => {
    const committees = committeesOf(entriesOf([2, 3, 2, 2, 2, 2]));
    const aggregationBits = hexOf([true, false, true], "list");
    const vote = { data: dataOf(3, 1), aggregationBits, committeeBits: undefined };
    expect(seatsOfAggregate(committees, vote)).toEqual([2, 4]);
  });

  test.each([
    ["of another length than their committees", hexOf([true], "list"), hexOf([true, true], "vector")],
    ["of a committee that the slot has not", hexOf([true], "list"), hexOf([false, false, true], "vector")],
    ["without an end mark", "0x00", hexOf([true, true], "vector")],
    ["that are no hex", "0xzz", hexOf([true, true], "vector")],
  ])("with bits %s are refused", (_, aggregationBits, committeeBits) => {
    const committees = committeesOf(entriesOf([2, 3, 2, 2, 2, 2]));
    expect(seatsOfAggregate(committees, { data: dataOf(3), aggregationBits, committeeBits })).toBeUndefined();
  });
});

describe("bits", () => {
  test("are read as they were written", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (bits) => {
        const list = readBitlist(hexOf(bits, "list"));
        const indices = bits.flatMap((bit, index) => (bit ? [index] : []));
        expect(list?.length).toBe(bits.length);
        expect(list && setBits(list)).toEqual(indices);
        const vector = readBitvector(hexOf(bits, "vector"));
        expect(vector && setBits(vector)).toEqual(indices);
      }),
    );
  });
});
