import { describe, expect, test } from "vitest";
import { validatorsOf } from "../../../test/rigs/duty-rig.ts";
import { happen, OTHERS, OWN, others, RIGHT, type Situation, STALE } from "../../../test/rigs/duty-situation.ts";
import { dataOf } from "../../../test/rigs/vote-rig.ts";
import type { DutyCause, DutyOutcome } from "../../events/duty-records.ts";

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
