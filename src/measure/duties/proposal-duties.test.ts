import { describe, expect, test } from "vitest";
import { createDutyRig, type Sightings, validatorsOf } from "../../../test/rigs/duty-rig.ts";
import { dataOf, rootOf } from "../../../test/rigs/vote-rig.ts";
import type { SlotRecord } from "../../events/derived.ts";
import type { DutyCause, DutyOutcome } from "../../events/duty-records.ts";

/** Validator 40 proposes in slot 2, in which validators 16 to 23 vote; 16 and 17 are of its group. */
const LABELS = "40 own @n1\n16-17 own @n1";

type Situation = {
  record: Partial<SlotRecord>;
  seen?: Sightings;
  /** Its parent is a block of slot 1 that the chain left. */
  onLeft?: boolean;
  groupVotes?: boolean;
  silent?: boolean;
  /** Slots 0 and 1, of other proposers, are missed. */
  othersMissed?: boolean;
};

function happen({ record, seen, onLeft = false, groupVotes = true, silent = false, othersMissed = false }: Situation) {
  const rig = createDutyRig(LABELS);
  rig.committees(0);
  for (let slot = 0; slot <= 2; slot += 1) rig.begin(slot);
  if (onLeft) rig.tell({ name: "left", slot: 1, parent: "genesis" });
  else rig.tell({ name: "a", slot: 1, parent: "genesis", seen: { n1: 500, n2: 500 } });
  rig.hear("n2", 2, 700);
  if (!silent) rig.hear("n1", 2, 700);
  const parent = onLeft ? "left" : "a";
  if (seen !== undefined) rig.tell({ name: "own", slot: 2, parent, seen });
  const data = dataOf(2, "a", "genesis");
  rig.vote({ data, validators: validatorsOf(2).slice(groupVotes ? 0 : 2), node: "n2" });
  for (const slot of [0, 1]) rig.slot(slot, { status: othersMissed ? "missed" : "proposed", proposer_index: 50 });
  const block = seen === undefined ? {} : { block_root: rootOf("own"), parent_root: rootOf(parent) };
  rig.slot(2, { proposer_index: 40, ...block, ...record });
  rig.tell({ name: "c", slot: 3, parent: onLeft ? "genesis" : "a" });
  rig.head("c");
  rig.begin(3);
  return rig;
}

const situations: readonly [string, DutyOutcome, DutyCause, RegExp, Situation][] = [
  [
    "the block came late",
    "late",
    "proposed_late",
    /^Its block reached the first node 5\.00 s into the slot; votes were due at 4\.00 s\.$/,
    { record: { late: true }, seen: { n1: 5000, n2: 5100 } },
  ],
  [
    "the block came late and was left",
    "orphaned",
    "proposed_late",
    /5\.00 s into the slot; votes were due at 4\.00 s, and the chain left it\.$/,
    { record: { status: "orphaned", late: true }, seen: { n1: 5000, n2: 5100 } },
  ],
  [
    "nobody proposed",
    "missed",
    "network",
    /^2 of the 2 slots of other proposers before slot 2 have no block either\.$/,
    { record: { status: "missed" }, othersMissed: true },
  ],
  [
    "the own node said nothing",
    "missed",
    "offline",
    /^n1 said nothing in slot 2 while other nodes went on\.$/,
    { record: { status: "missed" }, silent: true },
  ],
  [
    "nobody saw a vote of the group either",
    "missed",
    "offline",
    /^No node saw a block, nor a vote of any of the group's 2 validators of slot 2\.$/,
    { record: { status: "missed" }, groupVotes: false },
  ],
  [
    "the own node alone had the block",
    "orphaned",
    "cut_off",
    /^Only n1 had its block in slot 2: cut off from the others\.$/,
    { record: { status: "orphaned" }, seen: { n1: 500, n2: 30_000 } },
  ],
  [
    "it was built on a block that was left",
    "orphaned",
    "wrong_parent",
    /^Its block was built on one that the chain left\.$/,
    { record: { status: "orphaned" }, seen: { n1: 500, n2: 600 }, onLeft: true },
  ],
  [
    "it came in time and was left all the same",
    "orphaned",
    "reorged",
    /^Its block came 0\.50 s into the slot, in time, and was left by the blocks after it\.$/,
    { record: { status: "orphaned" }, seen: { n1: 500, n2: 600 } },
  ],
  [
    "no block, though votes of the group were there",
    "missed",
    "not_proposed",
    /^No node saw a block of slot 2, while 2 of the group's 2 votes of the slot were seen\.$/,
    { record: { status: "missed" } },
  ],
];

describe("a proposal that is not as it should be has its first cause", () => {
  test.each(situations)("%s", (_, outcome, cause, sentence, situation) => {
    const rig = happen(situation);
    const fault = rig.fault("proposal/2/40");
    expect(fault).toMatchObject({ kind: "proposal", outcome, cause, final: true, validator: 40, group: "own" });
    expect(fault?.sentence).toMatch(sentence);
    expect(rig.epoch("own", 0)).toMatchObject({ proposals: 1, proposals_ok: 0, [`proposals_${outcome}`]: 1 });
  });

  test("and none where the block came in time, nor where the slot is not judged", () => {
    const proposed = happen({ record: {}, seen: { n1: 500, n2: 600 } });
    expect(proposed.fault("proposal/2/40")).toBeUndefined();
    expect(proposed.epoch("own", 0)).toMatchObject({ proposals: 1, proposals_ok: 1 });
    const pending = happen({ record: { status: "pending" } });
    expect(pending.fault("proposal/2/40")).toBeUndefined();
    expect(pending.epoch("own", 0)).toMatchObject({ proposals: 1, proposals_unknown: 1 });
  });

  test("and is withdrawn when its block becomes canonical", () => {
    const rig = happen({ record: { status: "orphaned" }, seen: { n1: 500, n2: 600 } });
    expect(rig.fault("proposal/2/40")).toMatchObject({ withdrawn: false });
    rig.slot(2, { proposer_index: 40, status: "proposed", block_root: rootOf("own") });
    rig.begin(4);
    expect(rig.fault("proposal/2/40")).toMatchObject({ withdrawn: true });
  });
});
