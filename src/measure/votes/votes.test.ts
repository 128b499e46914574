import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  aggregateOf,
  COMMITTEE_SIZE,
  COMMITTEES_PER_SLOT,
  committeesOf,
  createVoteRig,
  dataOf,
  rootOf,
  SLOTS_PER_EPOCH,
  singleVote,
  VALIDATORS,
} from "../../../test/rigs/vote-rig.ts";

const ALL = Array.from({ length: COMMITTEES_PER_SLOT * COMMITTEE_SIZE }, () => true);
const NODES = ["n1", "n2", "n3"];
const DUE_MS = 4000;

/** A vote of slot 1: who, on which node, how it came. */
const telling = fc.record({
  index: fc.integer({ min: 0, max: COMMITTEES_PER_SLOT - 1 }),
  place: fc.integer({ min: 0, max: COMMITTEE_SIZE - 1 }),
  node: fc.constantFrom(...NODES),
  delayMs: fc.integer({ min: -500, max: 11_999 }),
  aggregated: fc.boolean(),
});

describe("votes on streams", () => {
  test("a validator's vote counts once, however many nodes tell of it in whatever order", () => {
    fc.assert(
      fc.property(fc.array(telling, { maxLength: 60 }), (tellings) => {
        const rig = createVoteRig();
        rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
        rig.passTo(1);
        const data = dataOf(1, "a", "genesis");
        for (const { index, place, node, delayMs, aggregated } of tellings) {
          const bits = ALL.map((_, seat) => seat === index * COMMITTEE_SIZE + place || seat === 0);
          const vote = aggregated ? aggregateOf(data, bits) : singleVote(data, index, place);
          rig.votes.note({ node, delayMs, vote });
        }
        const seatOf = (one: (typeof tellings)[number]) => one.index * COMMITTEE_SIZE + one.place;
        const seats = new Set(tellings.flatMap((one) => (one.aggregated ? [seatOf(one), 0] : [seatOf(one)])));
        // An aggregate of one bit is a vote as it was gossiped before Electra.
        const timed = new Map<number, number>();
        for (const one of tellings) {
          if (one.aggregated && seatOf(one) !== 0) continue;
          timed.set(seatOf(one), Math.min(one.delayMs, timed.get(seatOf(one)) ?? Number.POSITIVE_INFINITY));
        }
        const late = [...timed.values()].filter((delayMs) => delayMs > DUE_MS).length;
        const record = rig.records().get(1);
        expect(record).toMatchObject({ seen: seats.size, late, on_time: timed.size - late, expected: ALL.length });
        expect(record?.live_target).toBeLessThanOrEqual(1);
        expect(rig.votes.union(1)).toBe(seats.size);
        for (const node of NODES) {
          const own = tellings.filter((one) => one.node === node);
          const told = new Set(own.flatMap((one) => (one.aggregated ? [seatOf(one), 0] : [seatOf(one)])));
          expect(rig.votes.seen({ node, slot: 1 })).toBe(told.size);
        }
        expect(rig.votes.epoch(0).double_votes).toBe(0);
      }),
    );
  });

  test("are due in a slot once the aggregates of the next one are", () => {
    const rig = createVoteRig();
    rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
    const dueOf = (slot: number) => rig.votes.slotsChanged().find((record) => record.slot === slot)?.due;
    rig.passTo(1);
    expect(dueOf(1)).toBe(false);
    rig.passTo(2);
    expect(dueOf(1)).toBe(true);
  });

  test("votes wait for the committees of their epoch", () => {
    const rig = createVoteRig();
    rig.passTo(1);
    rig.votes.note({ node: "n1", delayMs: 100, vote: singleVote(dataOf(1, "a", "genesis"), 1, 2) });
    expect(rig.records().get(1)).toBeUndefined();
    rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
    expect(rig.records().get(1)).toMatchObject({ seen: 1, on_time: 1 });
  });

  test("a validator that votes twice is counted once, and told of", () => {
    const rig = createVoteRig();
    rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
    rig.passTo(1);
    for (const head of ["a", "b", "c"]) {
      rig.votes.note({ node: "n1", delayMs: 100, vote: singleVote(dataOf(1, head, "genesis"), 0, 0) });
    }
    expect(rig.records().get(1)).toMatchObject({ seen: 1, double_votes: 1 });
    expect(rig.votes.book(0)?.table.doubleVotes).toMatchObject([{ validator: 8, slot: 1 }]);
  });

  test("a vote with another epoch's target, and one of a validator that sits elsewhere, are not counted", () => {
    const rig = createVoteRig();
    rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
    rig.passTo(1);
    const data = dataOf(1, "a", "genesis");
    rig.votes.note({ node: "n1", delayMs: 1, vote: singleVote({ ...data, targetEpoch: 1 }, 0, 0) });
    rig.votes.note({ node: "n1", delayMs: 1, vote: { data, committeeIndex: 0, validatorIndex: 63 } });
    expect(rig.records().get(1)).toMatchObject({ seen: 0, missing: ALL.length });
  });

  test("with effective balances, votes weigh what their validators do", () => {
    const rig = createVoteRig();
    rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
    rig.block("a", 1, "genesis");
    rig.head("a");
    rig.passTo(1);
    const vote = singleVote(dataOf(1, "a", "genesis"), 0, 0);
    rig.votes.note({ node: "n1", delayMs: 100, vote });
    expect(rig.records().get(1)).toMatchObject({ live_head: 1 / 8, weighted_by: "count" });
    const effectiveBalances = new Uint16Array(VALIDATORS).fill(32);
    effectiveBalances[vote.validatorIndex] = 2048;
    rig.votes.weigh({ effectiveBalances, active: VALIDATORS, byPubkey: new Map() });
    rig.votes.note({ node: "n2", delayMs: 100, vote });
    expect(rig.records().get(1)).toMatchObject({ live_head: 2048 / (2048 + 7 * 32), weighted_by: "balance" });
  });

  test("a slot in doubt names the heads that were voted for, the heaviest first", () => {
    const rig = createVoteRig();
    rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
    rig.passTo(1);
    const votes: readonly [string, number, number][] = [
      ["a", 0, 0],
      ["b", 0, 1],
      ["b", 0, 2],
    ];
    for (const [head, index, place] of votes) {
      rig.votes.note({ node: "n1", delayMs: 1, vote: singleVote(dataOf(1, head, "genesis"), index, place) });
    }
    expect(rig.records().get(1)?.heads).toEqual([
      { root: rootOf("b"), votes: 2, share: 0.25 },
      { root: rootOf("a"), votes: 1, share: 0.125 },
    ]);
  });
});

describe("votes in blocks", () => {
  test("a head is timely in the next slot alone, a source in the root of an epoch's slots, a target always", () => {
    const rig = createVoteRig();
    rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
    rig.block("a", 1, "genesis");
    rig.block("b", 2, "a", [aggregateOf(dataOf(1, "a", "genesis"), ALL)]);
    rig.block("e", 5, "b", [aggregateOf(dataOf(2, "b", "genesis"), ALL)]);
    rig.head("e");
    rig.passTo(5);
    const records = rig.records();
    expect(records.get(1)).toMatchObject({ blocks_source: 1, blocks_target: 1, blocks_head: 1, inclusion_delay: 1 });
    // Three slots later with one block on the way: floor(sqrt(8)) = 2 slots are allowed for the source.
    expect(records.get(2)).toMatchObject({ blocks_source: 0, blocks_target: 1, blocks_head: 0, inclusion_delay: 3 });
    expect(records.get(2)?.inclusion_delay_blocks).toBe(1);
  });

  test("before Deneb a target counts within an epoch's slots alone", () => {
    for (const [fork, share] of [
      ["capella", 0],
      ["deneb", 1],
    ] as const) {
      const rig = createVoteRig({ fork });
      rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
      rig.block("a", 1, "genesis");
      rig.block("z", 10, "a", [aggregateOf(dataOf(1, "a", "genesis"), ALL)]);
      rig.head("z");
      rig.passTo(10);
      expect(rig.records().get(1)?.blocks_target).toBe(share);
    }
  });

  test("a vote that two blocks carry counts once, by its first inclusion", () => {
    const rig = createVoteRig();
    rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
    const vote = aggregateOf(dataOf(1, "a", "genesis"), ALL);
    rig.block("a", 1, "genesis");
    rig.block("b", 2, "a", [vote]);
    rig.block("c", 3, "b", [vote]);
    rig.head("c");
    rig.passTo(3);
    expect(rig.records().get(1)).toMatchObject({ included: 8, inclusion_delay: 1 });
  });

  test("after any turns of the chain the figures are those of its last head alone", () => {
    const names = ["b", "c", "d", "b2", "c2", "d2"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 12 }), fc.constantFrom(...names), (turns, last) => {
        const figures = (heads: readonly string[]) => {
          const rig = createVoteRig();
          rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
          rig.passTo(4);
          const half = ALL.map((_, seat) => seat % 2 === 0);
          rig.block("a", 1, "genesis");
          rig.block("b", 2, "a", [aggregateOf(dataOf(1, "a", "genesis"), ALL)]);
          rig.block("c", 3, "b", [aggregateOf(dataOf(2, "b", "genesis"), half)]);
          rig.block("d", 4, "c", [aggregateOf(dataOf(2, "b2", "genesis"), ALL)]);
          rig.block("b2", 2, "a", [aggregateOf(dataOf(1, "a", "genesis"), half)]);
          rig.block("c2", 3, "b2");
          rig.block("d2", 4, "c2", [aggregateOf(dataOf(2, "b2", "genesis"), ALL)]);
          let records = rig.records();
          for (const head of heads) {
            rig.head(head);
            records = new Map([...records, ...rig.records()]);
          }
          return { records, epoch: rig.votes.epoch(0) };
        };
        expect(figures([...turns, last])).toEqual(figures([last]));
      }),
    );
  });
});

describe("shufflings", () => {
  test("each branch over an epoch's end has its own committees, and the canonical one counts", () => {
    const rig = createVoteRig();
    // The committees of epoch 2 depend on the last block of epoch 0, which is in doubt.
    rig.block("x", 7, "genesis");
    rig.block("y", 7, "genesis");
    rig.votes.noteCommittees({ committees: committeesOf(2), dependentRoot: rootOf("x") });
    rig.votes.noteCommittees({ committees: committeesOf(2, 5), dependentRoot: rootOf("y") });
    rig.block("x16", 16, "x");
    rig.block("y16", 16, "y");
    rig.passTo(16);
    rig.votes.note({ node: "n1", delayMs: 1, vote: singleVote(dataOf(16, "x16", "x16"), 0, 0) });
    // The same place is another validator's under the other shuffling.
    const other = { ...singleVote(dataOf(16, "y16", "y16"), 0, 0), validatorIndex: 5 };
    rig.votes.note({ node: "n1", delayMs: 1, vote: other });
    for (const [head, right] of [
      ["x16", "x16"],
      ["y16", "y16"],
    ] as const) {
      rig.head(head);
      expect(rig.records().get(16)).toMatchObject({ seen: 1, live_head: 1 / 8 });
      expect(rig.votes.book(2)?.table.tallies.ofSlot(16)[0]?.data.head).toBe(rootOf(right));
    }
  });
});

describe("committees of a slot", () => {
  test("are told two slots later, and again only where something changed", () => {
    const rig = createVoteRig();
    rig.votes.noteCommittees({ committees: committeesOf(0), dependentRoot: null });
    rig.block("a", 1, "genesis");
    rig.head("a");
    rig.passTo(3);
    rig.votes.note({ node: "n1", delayMs: 5000, vote: singleVote(dataOf(1, "a", "genesis"), 0, 0) });
    rig.votes.note({ node: "n1", delayMs: 100, vote: singleVote(dataOf(1, "genesis", "genesis"), 0, 1) });
    rig.votes.slotsChanged();
    const first = rig.votes.committeesChanged().filter(({ slot }) => slot === 1);
    expect(first).toEqual([
      {
        slot: 1,
        index: 0,
        validators: 4,
        on_time: 1,
        late: 1,
        untimed: 0,
        missed: 2,
        wrong_head: 1,
        wrong_target: 0,
        included: 0,
      },
      expect.objectContaining({ slot: 1, index: 1, missed: 4 }),
    ]);
    rig.block("d", 4, "a", [
      aggregateOf(
        dataOf(1, "a", "genesis"),
        ALL.map((_, seat) => seat === 2),
      ),
    ]);
    rig.head("d");
    rig.passTo(2 * SLOTS_PER_EPOCH);
    rig.votes.slotsChanged();
    const again = rig.votes.committeesChanged().filter(({ slot }) => slot === 1);
    expect(again).toMatchObject([{ index: 0, untimed: 1, missed: 1, included: 1 }]);
  });
});
