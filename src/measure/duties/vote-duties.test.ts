import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDutyRig, type Sightings, SLOT_SEATS, validatorsOf } from "../../../test/rigs/duty-rig.ts";
import { aggregateOf, dataOf, SLOTS_PER_EPOCH } from "../../../test/rigs/vote-rig.ts";
import type { DutyCause, DutyOutcome } from "../../events/duty-records.ts";
import type { VoteData } from "../../events/vote.ts";

const LABELS = "8-9 own @n1";
const OWN = [8, 9];
const OTHERS = validatorsOf(1).filter((validator) => !OWN.includes(validator));
const RIGHT = dataOf(1, "a", "genesis");
const STALE = dataOf(1, "genesis", "genesis");
const IN_TIME: Sightings = { n1: 500, n2: 500 };

type Told = { data: VoteData; validators: readonly number[]; node?: string; delayMs?: number };
type Carried = { data: VoteData; validators: readonly number[] };

/** What happened around slot 1, in which validators 8 to 15 vote; slots 2 to 5 have blocks unless they are left out. */
type Situation = {
  labels?: string;
  down?: readonly string[];
  /** When the nodes had the block of slot 1, `a`. */
  seenA?: Sightings;
  /** A block beside it in slot 1 that the chain leaves. */
  left?: Sightings;
  votes: readonly Told[];
  /** By slot; a slot that is null has no block. */
  carries: Readonly<Record<number, readonly Carried[] | null>>;
  /** Slot 1 in which n1 says nothing, n2 does. */
  silent?: boolean;
};

function happen({ labels = LABELS, down = [], seenA = IN_TIME, left, votes, carries, silent = false }: Situation) {
  const rig = createDutyRig(labels, { down });
  rig.committees(0);
  rig.begin(0);
  rig.begin(1);
  if (left !== undefined) rig.tell({ name: "left", slot: 1, parent: "genesis", seen: left });
  rig.tell({ name: "a", slot: 1, parent: "genesis", seen: seenA });
  rig.hear("n2", 1, 700);
  if (!silent) rig.hear("n1", 1, 700);
  for (const vote of votes) rig.vote(vote);
  let parent = "a";
  for (let slot = 2; slot <= 5; slot += 1) {
    rig.begin(slot);
    const carried = carries[slot];
    if (carried === null) continue;
    rig.tell({
      name: `b${slot}`,
      slot,
      parent,
      carries: (carried ?? []).map(({ data, validators }) =>
        aggregateOf(
          data,
          validatorsOf(1).map((validator) => validators.includes(validator)),
        ),
      ),
    });
    parent = `b${slot}`;
    rig.head(parent);
  }
  rig.begin(6);
  return rig;
}

const others = (data = RIGHT): Told => ({ data, validators: OTHERS, node: "n2" });

const situations: readonly [string, DutyOutcome, DutyCause, RegExp, Situation][] = [
  [
    "the right block came late to every node",
    "wrong_head",
    "block_late",
    /^The block of slot 1 reached the first node 4\.50 s into the slot; votes were due at 4\.00 s\.$/,
    {
      seenA: { n1: 4600, n2: 4500 },
      votes: [others(), { data: STALE, validators: OWN }],
      carries: {
        2: [
          { data: RIGHT, validators: OTHERS },
          { data: STALE, validators: OWN },
        ],
      },
    },
  ],
  [
    "the next slots have no block",
    "late",
    "next_slot_empty",
    /^Slots 2 to 3 have no canonical block; the first one after the vote carried it\.$/,
    {
      votes: [others(), { data: RIGHT, validators: OWN }],
      carries: { 2: null, 3: null, 4: [{ data: RIGHT, validators: validatorsOf(1) }] },
    },
  ],
  [
    "the own node said nothing while others went on",
    "missed",
    "offline",
    /^n1 said nothing in slot 1 while other nodes went on\.$/,
    { silent: true, seenA: { n2: 500 }, votes: [others()], carries: { 2: [{ data: RIGHT, validators: OTHERS }] } },
  ],
  [
    "the own node woke up after the aggregates were due",
    "late",
    "offline",
    /^n1 said nothing in slot 1 while other nodes went on; the vote came 9\.00 s into it\.$/,
    {
      silent: true,
      seenA: { n2: 500 },
      votes: [others(), { data: RIGHT, validators: OWN, delayMs: 9000 }],
      carries: { 2: [{ data: RIGHT, validators: OTHERS }], 3: [{ data: RIGHT, validators: OWN }] },
    },
  ],
  [
    "nobody saw a vote of any of the group's validators, whose nodes are not named",
    "missed",
    "offline",
    /^No node saw a vote of any of the group's 2 validators of slot 1\.$/,
    { labels: "8-9 own", votes: [others()], carries: { 2: [{ data: RIGHT, validators: OTHERS }] } },
  ],
  [
    "the head it named was left by the chain, though others had it",
    "wrong_head",
    "reorged",
    /^It named the block of slot 1, which other nodes had in slot 1 too, and which the chain left\.$/,
    {
      left: { n1: 300, n2: 400 },
      votes: [others(), { data: dataOf(1, "left", "genesis"), validators: OWN }],
      carries: {
        2: [
          { data: RIGHT, validators: OTHERS },
          { data: dataOf(1, "left", "genesis"), validators: OWN },
        ],
      },
    },
  ],
  [
    "everybody missed it",
    "missed",
    "network",
    /^6 of 6 other validators of the slot missed their vote in slot 1, too\.$/,
    { votes: [], carries: {} },
  ],
  [
    "everybody missed it, and the own node was silent as well",
    "missed",
    "network",
    /^6 of 6 other validators/,
    { silent: true, seenA: { n2: 500 }, votes: [], carries: {} },
  ],
  [
    "everybody missed it, and all of them are labelled",
    "missed",
    "network",
    /^8 of 8 other validators/,
    { labels: "0-63 all", votes: [], carries: {} },
  ],
  [
    "the block did not reach the own node in its slot",
    "wrong_head",
    "cut_off",
    /^The block of slot 1, which others had, did not reach n1 in slot 1: cut off from the others\.$/,
    {
      seenA: { n2: 500, n1: 20_000 },
      votes: [others(), { data: STALE, validators: OWN }],
      carries: {
        2: [
          { data: RIGHT, validators: OTHERS },
          { data: STALE, validators: OWN },
        ],
      },
    },
  ],
  [
    "it named a block that the own node alone had",
    "missed",
    "cut_off",
    /^It named the block of slot 1, which n1 alone had in slot 1: cut off from the others\.$/,
    {
      left: { n1: 300 },
      votes: [others(), { data: dataOf(1, "left", "genesis"), validators: OWN }],
      carries: { 2: [{ data: RIGHT, validators: OTHERS }] },
    },
  ],
  [
    "the own node had the block after the deadline, others before it",
    "wrong_head",
    "own_node_late",
    /^The block of slot 1 reached n1 5\.00 s into the slot, the first node at 0\.50 s; votes were due at 4\.00 s\.$/,
    {
      seenA: { n1: 5000, n2: 500 },
      votes: [others(), { data: STALE, validators: OWN }],
      carries: {
        2: [
          { data: RIGHT, validators: OTHERS },
          { data: STALE, validators: OWN },
        ],
      },
    },
  ],
  [
    "the vote itself came late",
    "late",
    "vote_late",
    /^The vote was first seen 9\.00 s into its slot; aggregates were due at 8\.00 s\.$/,
    {
      votes: [others(), { data: RIGHT, validators: OWN, delayMs: 9000 }],
      carries: { 2: [{ data: RIGHT, validators: OTHERS }], 3: [{ data: RIGHT, validators: OWN }] },
    },
  ],
  [
    "it named an old head although the block was there",
    "wrong_head",
    "stale_head",
    /^It named the block of slot 0, although the block of slot 1 was there 0\.50 s into the slot\.$/,
    {
      votes: [others(), { data: STALE, validators: OWN }],
      carries: {
        2: [
          { data: RIGHT, validators: OTHERS },
          { data: STALE, validators: OWN },
        ],
      },
    },
  ],
  [
    "it was seen in time, and the next block passed it over",
    "late",
    "not_included",
    /^The vote was seen 4\.00 s into its slot by n1, and 1 block passed it over\.$/,
    {
      votes: [others(), { data: RIGHT, validators: OWN }],
      carries: { 2: [{ data: RIGHT, validators: OTHERS }], 3: [{ data: RIGHT, validators: OWN }] },
    },
  ],
  [
    "it was seen in time, and no block carried it",
    "missed",
    "not_included",
    /^The vote was seen 4\.00 s into its slot by n1, and no block carried it\.$/,
    {
      votes: [others(), { data: RIGHT, validators: OWN }],
      carries: { 2: [{ data: RIGHT, validators: OTHERS }] },
    },
  ],
  [
    "no node saw it, while another of the group voted",
    "missed",
    "not_seen",
    /^No node saw the vote, while 1 of the group's 2 votes of the slot were seen\.$/,
    {
      votes: [others(), { data: RIGHT, validators: [9] }],
      carries: { 2: [{ data: RIGHT, validators: [9, ...OTHERS] }] },
    },
  ],
];

describe("a vote that is not as it should be has its first cause", () => {
  test.each(situations)("%s", (_, outcome, cause, sentence, situation) => {
    const rig = happen(situation);
    const fault = rig.fault("attestation/1/8");
    expect(fault).toMatchObject({ outcome, cause, withdrawn: false, group: rig.epochs()[0]?.group, epoch: 0, slot: 1 });
    expect(fault?.sentence).toMatch(sentence);
  });

  test("a node whose stream was down is not called silent", () => {
    const silent = { silent: true, seenA: { n2: 500 }, votes: [others()] };
    const rig = happen({ ...silent, down: ["n1"], carries: { 2: [{ data: RIGHT, validators: OTHERS }] } });
    expect(rig.fault("attestation/1/8")?.sentence).not.toContain("n1 said nothing");
  });

  test("and none where it is right and in the next block", () => {
    const votes = [others(), { data: RIGHT, validators: OWN }];
    const rig = happen({ votes, carries: { 2: [{ data: RIGHT, validators: validatorsOf(1) }] } });
    expect(rig.fault("attestation/1/8")).toBeUndefined();
    // Nobody voted in slot 0 in this test, nor after slot 1: none of that is ours.
    expect(rig.epoch("own", 0)).toMatchObject({
      validators: 2,
      attestations: 2,
      attestations_ok: 2,
      inclusion_delay: 1,
    });
  });
});

describe("a missed vote", () => {
  const missed: Situation = { votes: [others()], carries: { 2: [{ data: RIGHT, validators: OTHERS }] } };

  test("is told two slots later, and is late once a block carries it after all", () => {
    const rig = happen(missed);
    expect(rig.fault("attestation/1/8")).toMatchObject({ outcome: "missed", final: false, inclusion_delay: null });
    rig.tell({
      name: "b6",
      slot: 6,
      parent: "b5",
      carries: [
        aggregateOf(
          RIGHT,
          validatorsOf(1).map((validator) => validator === 8),
        ),
      ],
    });
    rig.head("b6");
    rig.begin(7);
    expect(rig.fault("attestation/1/8")).toMatchObject({ outcome: "late", final: true, inclusion_delay: 5 });
    expect(rig.fault("attestation/1/9")).toMatchObject({ outcome: "missed", final: false });
  });

  test("is final when the next epoch is over, with the cause that was found while it could be", () => {
    const rig = happen(missed);
    const before = rig.fault("attestation/1/8");
    let parent = "b5";
    for (let slot = 6; slot <= 2 * SLOTS_PER_EPOCH + 1; slot += 1) {
      rig.begin(slot);
      rig.tell({ name: `b${slot}`, slot, parent });
      parent = `b${slot}`;
      rig.head(parent);
    }
    rig.begin(2 * SLOTS_PER_EPOCH + 2);
    expect(rig.fault("attestation/1/8")).toEqual({ ...before, final: true });
  });

  test("is not known where blocks that could carry it were not read", () => {
    const rig = createDutyRig(LABELS);
    rig.committees(0);
    for (let slot = 0; slot <= 3 * SLOTS_PER_EPOCH; slot += 1) rig.begin(slot);
    expect(rig.faults()).toEqual([]);
    expect(rig.epoch("own", 0)).toMatchObject({ attestations: 2, attestations_unknown: 2 });
  });
});

describe("after a restart", () => {
  const situation = { votes: [others()], carries: { 2: [{ data: RIGHT, validators: OTHERS }] } };

  test("slots before it are not told again, and the figures of the run that judged more votes stand", () => {
    const rig = createDutyRig("8-9 own @n1\n16-17 own @n1");
    const before = happen({ ...situation, labels: "8-9 own @n1\n16-17 own @n1" }).epoch("own", 0);
    expect(before).toMatchObject({ attestations_missed: 4 });
    rig.committees(0);
    rig.duties.watchFrom(2);
    if (before !== undefined) rig.duties.restore([before]);
    for (let slot = 0; slot <= 6; slot += 1) {
      rig.begin(slot);
      if (slot > 0) rig.tell({ name: `c${slot}`, slot, parent: slot === 1 ? "genesis" : `c${slot - 1}` });
      if (slot > 0) rig.head(`c${slot}`);
    }
    expect(rig.fault("attestation/1/8")).toBeUndefined();
    expect(rig.fault("attestation/2/16")).toMatchObject({ outcome: "missed" });
    expect(rig.epoch("own", 0)).toBeUndefined();
  });
});

describe("a fault is withdrawn", () => {
  test("when the chain turns to the branch that it named", () => {
    const left = dataOf(1, "left", "genesis");
    const rig = happen({
      left: { n1: 300, n2: 400 },
      votes: [others(), { data: left, validators: OWN }],
      carries: {
        2: [
          { data: RIGHT, validators: OTHERS },
          { data: left, validators: OWN },
        ],
      },
    });
    expect(rig.fault("attestation/1/8")?.outcome).toBe("wrong_head");
    const bits = validatorsOf(1).map((validator) => OWN.includes(validator));
    rig.tell({ name: "x", slot: 2, parent: "left", carries: [aggregateOf(left, bits)] });
    for (let slot = 3; slot <= 6; slot += 1)
      rig.tell({ name: `x${slot}`, slot, parent: slot === 3 ? "x" : `x${slot - 1}` });
    rig.head("x6");
    rig.begin(7);
    expect(rig.fault("attestation/1/8")).toMatchObject({ withdrawn: true });
    expect(rig.epoch("own", 0)).toMatchObject({ attestations_ok: 2, attestations_wrong_head: 0, faults_network: 0 });
  });
});

describe("whatever votes and blocks come", () => {
  const vote = fc.record({
    place: fc.nat({ max: SLOT_SEATS - 1 }),
    head: fc.constantFrom("a", "genesis", "left"),
    target: fc.constantFrom("genesis", "elsewhere"),
    delayMs: fc.integer({ min: 0, max: 20_000 }),
    seen: fc.boolean(),
    in: fc.option(fc.integer({ min: 2, max: 5 })),
  });

  test("each duty comes to one thing, and each that is not well done has one cause", () => {
    fc.assert(
      fc.property(fc.uniqueArray(vote, { selector: ({ place }) => place, maxLength: SLOT_SEATS }), (votes) => {
        const told = votes.map(({ place, head, target, ...rest }) => ({
          ...rest,
          data: dataOf(1, head, target),
          validators: [8 + place],
        }));
        const rig = happen({
          labels: "8-11 one @n1\n12-15 two @n2\n16-63 rest",
          left: { n1: 300, n2: 400 },
          votes: told.filter(({ seen }) => seen),
          carries: Object.fromEntries([2, 3, 4, 5].map((slot) => [slot, told.filter((one) => one.in === slot)])),
        });
        for (const record of rig.epochs()) {
          const { attestations_ok, attestations_late, attestations_missed, attestations_unknown } = record;
          const wrong = record.attestations_wrong_head + record.attestations_wrong_target;
          const faulty = attestations_late + attestations_missed + wrong;
          expect(attestations_ok + faulty + attestations_unknown + record.attestations_pending).toBe(
            record.attestations,
          );
          expect(record.faults_own + record.faults_network + record.faults_unclear).toBe(faulty);
        }
        for (const place of Array.from({ length: SLOT_SEATS }, (_, index) => index)) {
          const carried = votes.some((one) => one.place === place && one.in !== null);
          const fault = rig.fault(`attestation/1/${8 + place}`);
          expect(fault?.outcome === "missed").toBe(!carried);
        }
      }),
      { numRuns: 60 },
    );
  });
});
