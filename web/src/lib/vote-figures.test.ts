import fc from "fast-check";
import { expect, test } from "vitest";
import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import {
  isInDoubt,
  isTargetLow,
  isUnusual,
  sumParts,
  sumVotes,
  syncShare,
  votesByNode,
  votesOver,
} from "./vote-figures.ts";
import { unheardRecord, voteRecord } from "./vote-record-rig.ts";

test("shares are weighed by the votes expected, and a slot without one does not pull them down", () => {
  const sums = sumVotes([
    voteRecord({ slot: 1, expected: 100, live_target: 1, blocks_target: 0.9 }),
    voteRecord({ slot: 2, expected: 300, live_target: 0.8, blocks_target: null }),
  ]);
  expect(sums.liveTarget).toBeCloseTo(0.85, 12);
  expect(sums.blocksTarget).toBe(0.9);
});

test("what no stream could tell is neither seen nor missing", () => {
  const unwatched = unheardRecord({ slot: 1, expected: 50 });
  expect(sumVotes([unwatched])).toMatchObject({ slots: 0, expected: 0, missing: 0 });
  expect(sumVotes([]).liveTarget).toBeUndefined();
});

test("an inclusion delay is the mean over the votes included", () => {
  const sums = sumVotes([
    voteRecord({ slot: 1, included: 30, inclusion_delay: 1, inclusion_delay_blocks: 1 }),
    voteRecord({ slot: 2, included: 10, inclusion_delay: 5, inclusion_delay_blocks: 2 }),
    voteRecord({ slot: 3, included: 0, inclusion_delay: null, inclusion_delay_blocks: null }),
  ]);
  expect(sums.inclusionSlots).toBe(2);
  expect(sums.inclusionBlocks).toBe(1.25);
});

test("of the slots that are over the newest are taken, the running one never", () => {
  const records = [9, 7, 8, 10, 6].map((slot) => voteRecord({ slot }));
  expect(votesOver(records, 10, 3).map(({ slot }) => slot)).toEqual([7, 8, 9]);
});

test("a node's share is of what any node told", () => {
  const records = [
    voteRecord({ slot: 1, seen: 10, seen_by: { n2: 4, n1: 10 } }),
    voteRecord({ slot: 2, seen: 10, seen_by: { n1: 9 } }),
  ];
  expect(votesByNode(records)).toEqual([
    { node: "n1", had: 19, of: 20 },
    { node: "n2", had: 4, of: 20 },
  ]);
});

test("parts add up, however they are spread over slots", () => {
  const count = fc.nat(1000);
  const part = fc.record({ expected: count, seen: count, late: count, head: count, included: count });
  const slot = fc.dictionary(fc.constantFrom("a", "b", "__proto__", "c"), part);
  fc.assert(
    fc.property(fc.array(slot), (slots) => {
      const sums = sumParts(slots);
      const total = slots.flatMap((one) => Object.values(one)).reduce((sum, { late }) => sum + late, 0);
      expect(sums.reduce((sum, { late }) => sum + late, 0)).toBe(total);
      expect(sums.map(({ expected }) => expected)).toEqual(sums.map(({ expected }) => expected).sort((a, b) => b - a));
    }),
  );
});

test("a slot is in doubt when heads other than the heaviest have weight, or someone voted twice", () => {
  const heads = (...shares: number[]): SlotVotesRecord["heads"] =>
    shares.map((share, index) => ({ root: `0x${index}`, votes: 1, share }));
  expect(isInDoubt(voteRecord({ slot: 1, heads: heads(0.99, 0.01) }))).toBe(false);
  expect(isInDoubt(voteRecord({ slot: 1, heads: heads(0.95, 0.01, 0.01) }))).toBe(true);
  expect(isInDoubt(voteRecord({ slot: 1, heads: heads(1), double_votes: 1 }))).toBe(true);
});

test("a few late or missing votes of a mainnet slot are usual, many are not", () => {
  expect(isUnusual({ expected: 31_000, late: 450, missing: 120 })).toEqual({ late: false, missing: false });
  expect(isUnusual({ expected: 31_000, late: 2000, missing: 700 })).toEqual({ late: true, missing: true });
});

test("below two thirds of the weight the target is low; what is not known is not", () => {
  expect([isTargetLow(0.66), isTargetLow(2 / 3), isTargetLow(undefined)]).toEqual([true, false, false]);
});

test("a sync committee that is not known has no share", () => {
  expect(syncShare(500, 512)).toBeCloseTo(0.976_562_5);
  expect(syncShare(null, 512)).toBeNull();
  expect(syncShare(0, 0)).toBeNull();
});
