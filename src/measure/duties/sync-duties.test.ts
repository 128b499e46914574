import { describe, expect, test } from "vitest";
import { createDutyRig, type Sightings } from "../../../test/rigs/duty-rig.ts";
import type { DutyCause } from "../../events/duty-records.ts";

/** A committee of 32 in which validator 5 has the seats 0 and 9, and validators 6 and 20 to 48 one each. */
const MEMBERS = [
  5,
  6,
  ...Array.from({ length: 7 }, (_, index) => 20 + index),
  5,
  ...Array.from({ length: 22 }, (_, index) => 27 + index),
];

const bitsOf = (signed: (position: number) => boolean): string => {
  const bytes = Buffer.alloc(4);
  for (let position = 0; position < 32; position += 1) {
    if (signed(position)) bytes[position >> 3] = (bytes[position >> 3] ?? 0) | (1 << (position & 7));
  }
  return `0x${bytes.toString("hex")}`;
};
const ALL = bitsOf(() => true);
const OWN_SEATS = [0, 9];
const WITHOUT_OWN = bitsOf((position) => !OWN_SEATS.includes(position));

type Situation = { bits: string; seenA?: Sightings; silent?: boolean; contributed?: boolean };

/** The aggregate in the block of slot 2 is over the block of slot 1, `a`. */
function happen({ bits, seenA = { n1: 500, n2: 500 }, silent = false, contributed = false }: Situation) {
  const rig = createDutyRig("5 own @n1", { period: 8 });
  rig.committees(0);
  rig.duties.noteSyncCommittee({ epoch: 0, validators: MEMBERS });
  rig.begin(0);
  rig.begin(1);
  rig.tell({ name: "a", slot: 1, parent: "genesis", seen: seenA, syncBits: ALL });
  rig.hear("n2", 1, 700);
  if (!silent) rig.hear("n1", 1, 700);
  if (contributed) rig.votes.noteContribution({ slot: 1, root: "0xaa", subcommittee: 0, aggregationBits: "0x01" });
  rig.head("a");
  rig.begin(2);
  rig.tell({ name: "b", slot: 2, parent: "a", syncBits: bits });
  rig.head("b");
  rig.begin(3);
  rig.begin(4);
  return rig;
}

const situations: readonly [string, DutyCause, RegExp, Situation][] = [
  [
    "the block to sign came late",
    "block_late",
    /The block of slot 1 reached the first node 4\.50 s into the slot/,
    { bits: WITHOUT_OWN, seenA: { n1: 4600, n2: 4500 } },
  ],
  [
    "most of the others did not sign",
    "network",
    /30 of 30 other members of the sync committee did not sign/,
    { bits: bitsOf(() => false) },
  ],
  [
    "the own node said nothing",
    "offline",
    /n1 said nothing in slot 1/,
    { bits: WITHOUT_OWN, silent: true, seenA: { n2: 500 } },
  ],
  [
    "the block did not reach the own node",
    "cut_off",
    /did not reach n1 in slot 1/,
    { bits: WITHOUT_OWN, seenA: { n2: 500 } },
  ],
  [
    "the own node had the block late",
    "own_node_late",
    /reached n1 5\.00 s into the slot/,
    { bits: WITHOUT_OWN, seenA: { n1: 5000, n2: 500 } },
  ],
  [
    "a contribution had it, the block did not",
    "not_included",
    /A contribution carried the signature, and the block did not\./,
    { bits: WITHOUT_OWN, contributed: true },
  ],
  ["nothing was seen of it", "not_seen", /No contribution carried the signature\./, { bits: WITHOUT_OWN }],
];

describe("a missing sync committee signature has its first cause", () => {
  test.each(situations)("%s", (_, cause, sentence, situation) => {
    const rig = happen(situation);
    const fault = rig.fault("sync/0/5");
    expect(fault).toMatchObject({ kind: "sync", outcome: "missed", cause, sync_missed: 2, sync_expected: 4, slot: 1 });
    expect(fault?.sentence).toMatch(/^2 signatures of 4 missing in epoch 0\. /);
    expect(fault?.sentence).toMatch(sentence);
    expect(rig.epoch("own", 0)).toMatchObject({ sync_expected: 4, sync_signed: 2 });
  });

  test("and none where all are there, each seat of a validator counted", () => {
    const rig = happen({ bits: ALL });
    expect(rig.fault("sync/0/5")).toBeUndefined();
    expect(rig.epoch("own", 0)).toMatchObject({ sync_expected: 4, sync_signed: 4 });
  });

  test("and nothing is said without the committee, or without the length of its period", () => {
    for (const period of [undefined, 8]) {
      const rig = createDutyRig("5 own @n1", period === undefined ? {} : { period });
      rig.committees(0);
      if (period === undefined) rig.duties.noteSyncCommittee({ epoch: 0, validators: MEMBERS });
      rig.begin(1);
      rig.tell({ name: "a", slot: 1, parent: "genesis", syncBits: bitsOf(() => false) });
      rig.head("a");
      for (const slot of [2, 3, 4]) rig.begin(slot);
      expect(rig.epoch("own", 0)).toMatchObject({ sync_expected: null, sync_signed: null });
    }
  });
});
