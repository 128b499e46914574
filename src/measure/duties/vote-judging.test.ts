import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDutyRig, SLOT_SEATS, validatorsOf } from "../../../test/rigs/duty-rig.ts";
import { happen, LABELS, OTHERS, OWN, others, RIGHT, type Situation } from "../../../test/rigs/duty-situation.ts";
import { aggregateOf, dataOf, SLOTS_PER_EPOCH } from "../../../test/rigs/vote-rig.ts";

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

  test("counts with those of the epochs before it, until one is there", () => {
    const rig = createDutyRig("8-9 own");
    for (const epoch of [0, 1, 2, 3]) rig.committees(epoch);
    let parent = "genesis";
    for (let slot = 1; slot <= 3 * SLOTS_PER_EPOCH + 4; slot += 1) {
      // Validator 8 votes in the slots of index 1, and does so in the last epoch alone.
      const isOwn = (slot - 1) % SLOTS_PER_EPOCH === 1;
      const data = dataOf(slot - 1, parent, "genesis");
      const bits = validatorsOf(slot - 1).map((validator) => !isOwn || validator !== 8 || slot > 3 * SLOTS_PER_EPOCH);
      rig.tell({ name: `b${slot}`, slot, parent, carries: slot === 1 ? [] : [aggregateOf(data, bits)] });
      parent = `b${slot}`;
      rig.head(parent);
      rig.begin(slot);
    }
    rig.flush();
    const rows = [0, 1, 2, 3].map((epoch) => rig.epoch("own", epoch)?.missed_in_row);
    expect(rows).toEqual([null, [{ validator: 8, votes: 2 }], [{ validator: 8, votes: 3 }], null]);
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
