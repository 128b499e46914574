import { expect, test } from "vitest";
import type { CommitteeSlotRecord } from "../../../src/events/vote-records.ts";
import { type CachedCommittees, committeesToRead } from "./committee-cache.ts";

const slots = [8, 9, 10, 11, 12, 13, 14, 15];
const told = (slot: number, readAtSlot: number): [number, CachedCommittees] => [
  slot,
  { readAtSlot, committees: [{ slot, index: 0 } as CommitteeSlotRecord] },
];
const due = (currentSlot: number, cached: readonly [number, CachedCommittees][] = []) =>
  committeesToRead({ slots, cached: new Map(cached), currentSlot, slotsPerEpoch: 8 });

test("a slot's committees are read once they can have been told, the newest first", () => {
  expect(due(10)).toEqual([]);
  expect(due(13)).toEqual([10, 9, 8]);
  expect(due(13, [told(9, 12), told(8, 12)])).toEqual([10]);
});

test("they are read once more when blocks can carry none of their votes any longer", () => {
  const known = slots.map((slot) => told(slot, slot + 3));
  expect(due(24, known)).toEqual([]);
  expect(due(25, known)).toEqual([15, 14, 13, 12, 11, 10, 9, 8]);
  expect(
    due(
      30,
      slots.map((slot) => told(slot, 25)),
    ),
  ).toEqual([]);
});

test("an empty answer is asked for again in the next slots, and then given up", () => {
  const empty = (readAtSlot: number): [number, CachedCommittees] => [8, { readAtSlot, committees: [] }];
  expect(due(11, [empty(11)])).toEqual([]);
  expect(due(12, [empty(11)])).toEqual([9, 8]);
  expect(due(19, [empty(18)]).includes(8)).toBe(false);
});
