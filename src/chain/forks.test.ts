import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createChain } from "./chain.ts";
import { FORKS, forkAtEpoch, forkSchedule, isForkAtLeast } from "./forks.ts";

const FAR_FUTURE_EPOCH = "18446744073709551615";

describe("the fork schedule", () => {
  test("a network that was born at Electra has it from its first epoch on", () => {
    const schedule = forkSchedule({
      ALTAIR_FORK_EPOCH: "0",
      BELLATRIX_FORK_EPOCH: "0",
      CAPELLA_FORK_EPOCH: "0",
      DENEB_FORK_EPOCH: "0",
      ELECTRA_FORK_EPOCH: "0",
      FULU_FORK_EPOCH: "2",
      GLOAS_FORK_EPOCH: FAR_FUTURE_EPOCH,
    });
    expect([0, 1, 2, 3].map((epoch) => forkAtEpoch(schedule, epoch))).toEqual(["electra", "electra", "fulu", "fulu"]);
  });

  test("before genesis the fork is the one of genesis", () => {
    expect(forkAtEpoch(forkSchedule({ ALTAIR_FORK_EPOCH: "0", BELLATRIX_FORK_EPOCH: "5" }), -3)).toBe("altair");
  });

  test.each([FAR_FUTURE_EPOCH, 2 ** 64, "", "soon", "-1", "1.5", null, undefined, {}])(
    "a fork whose epoch is %j never comes",
    (epoch) => {
      const schedule = forkSchedule({ ALTAIR_FORK_EPOCH: epoch });
      expect(forkAtEpoch(schedule, Number.MAX_SAFE_INTEGER)).toBe("phase0");
    },
  );

  test("the active fork is the last one whose epoch has come, whatever the schedule", () => {
    const epochs = fc.array(fc.integer({ min: 0, max: 50 }), {
      minLength: FORKS.length - 1,
      maxLength: FORKS.length - 1,
    });
    fc.assert(
      fc.property(epochs, fc.integer({ min: 0, max: 60 }), (unsorted, epoch) => {
        const sorted = unsorted.toSorted((a, b) => a - b);
        const spec = Object.fromEntries(
          sorted.map((at, i) => [`${FORKS[i + 1]?.toUpperCase()}_FORK_EPOCH`, String(at)]),
        );
        const come = sorted.filter((at) => at <= epoch).length;
        expect(forkAtEpoch(forkSchedule(spec), epoch)).toBe(FORKS[come]);
      }),
    );
  });

  test("forks are ordered as they came", () => {
    expect(isForkAtLeast("gloas", "fulu")).toBe(true);
    expect(isForkAtLeast("fulu", "fulu")).toBe(true);
    expect(isForkAtLeast("fulu", "gloas")).toBe(false);
  });
});

describe("deadlines", () => {
  const specification = {
    SLOTS_PER_EPOCH: "32",
    FULU_FORK_EPOCH: "0",
    GLOAS_FORK_EPOCH: "10",
    ATTESTATION_DUE_BPS: "3333",
    AGGREGATE_DUE_BPS: "6667",
    ATTESTATION_DUE_BPS_GLOAS: "2500",
    AGGREGATE_DUE_BPS_GLOAS: "5000",
    PAYLOAD_DUE_BPS: "5000",
    PAYLOAD_ATTESTATION_DUE_BPS: "7500",
  };
  const deadlinesAt = (spec: Record<string, unknown>, slot: number) =>
    createChain({ spec: { SLOTS_PER_EPOCH: "32", ...spec }, genesis: { genesis_time: 0 } }).deadlinesOf(slot);

  test("mainnet's before Gloas are 3999 and 8000 ms, by integer division", () => {
    expect(deadlinesAt({ ...specification, SLOT_DURATION_MS: "12000" }, 319)).toEqual({
      attestationMs: 3999,
      aggregateMs: 8000,
    });
  });

  test("Gloas keys hold from the first slot of Gloas on and not one slot earlier", () => {
    const spec = { ...specification, SLOT_DURATION_MS: "12000" };
    expect(deadlinesAt(spec, 319)).not.toHaveProperty("payloadMs");
    expect(deadlinesAt(spec, 320)).toEqual({
      attestationMs: 3000,
      aggregateMs: 6000,
      payloadMs: 6000,
      payloadAttestationMs: 9000,
    });
  });

  test("a devnet of 3 s slots has a quarter of mainnet's", () => {
    expect(deadlinesAt({ ...specification, SLOT_DURATION_MS: "3000" }, 1)).toEqual({
      attestationMs: 999,
      aggregateMs: 2000,
    });
  });

  test("a fork without keys of its own keeps those of the fork before", () => {
    const spec = { ...specification, SLOT_DURATION_MS: "12000", HEZE_FORK_EPOCH: "20" };
    expect(deadlinesAt(spec, 640).attestationMs).toBe(3000);
    expect(deadlinesAt({ ...spec, ATTESTATION_DUE_BPS_HEZE: "2000" }, 640).attestationMs).toBe(2400);
    expect(deadlinesAt({ ...spec, ATTESTATION_DUE_BPS_HEZE: "2000" }, 639).attestationMs).toBe(3000);
  });

  test("before basis points a slot was divided by INTERVALS_PER_SLOT, and else into three", () => {
    expect(deadlinesAt({ SECONDS_PER_SLOT: "6", INTERVALS_PER_SLOT: "4" }, 1)).toEqual({
      attestationMs: 1500,
      aggregateMs: 3000,
    });
    expect(deadlinesAt({ SECONDS_PER_SLOT: "6" }, 1)).toEqual({ attestationMs: 2000, aggregateMs: 4000 });
  });

  test.each(["", "0", "-1", "soon", null])("a key that says %j is as if it were not there", (value) => {
    const spec = { SECONDS_PER_SLOT: "12", ATTESTATION_DUE_BPS: value, INTERVALS_PER_SLOT: value };
    expect(deadlinesAt(spec, 1).attestationMs).toBe(4000);
  });
});
