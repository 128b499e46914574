import { expect, test } from "vitest";
import type { NetworkView } from "../../../src/serve/views.ts";
import { forkAt, momentAt, namedDeadlines, slotStartMs } from "./slot-clock.ts";

const network: NetworkView = {
  name: "minimal",
  genesis_time: 1000,
  genesis_validators_root: null,
  slot_duration_ms: 3000,
  slots_per_epoch: 8,
  forks: [
    { fork: "electra", epoch: 0, deadlines: { attestation_due_ms: 1000, aggregate_due_ms: 2000 } },
    { fork: "fulu", epoch: 2, deadlines: { attestation_due_ms: 999, aggregate_due_ms: 2000 } },
    {
      fork: "gloas",
      epoch: 4,
      deadlines: {
        attestation_due_ms: 750,
        aggregate_due_ms: 1500,
        payload_due_ms: 1500,
        payload_attestation_due_ms: 2250,
      },
    },
  ],
  demo: false,
  now_ms: 0,
};

test("a moment within a slot has its slot, epoch, index and elapsed time", () => {
  expect(momentAt(network, 1_000_000 + 17 * 3000 + 250)).toEqual({
    slot: 17,
    epoch: 2,
    slotIndex: 1,
    slotStartMs: 1_051_000,
    elapsedMs: 250,
  });
});

test("the first millisecond of a slot belongs to it, the one before does not", () => {
  const start = slotStartMs(network, 9);
  expect(momentAt(network, start).slot).toBe(9);
  expect(momentAt(network, start - 1)).toMatchObject({ slot: 8, elapsedMs: 2999 });
});

test("before genesis slots are negative and the index stays within the epoch", () => {
  expect(momentAt(network, 1_000_000 - 1)).toMatchObject({ slot: -1, epoch: -1, slotIndex: 7, elapsedMs: 2999 });
});

test("the fork of an epoch is the last one that has begun", () => {
  expect(forkAt(network, 1).fork).toBe("electra");
  expect(forkAt(network, 2).fork).toBe("fulu");
  expect(forkAt(network, 900).fork).toBe("gloas");
});

test("deadlines follow the epoch's fork and stand in the order of time", () => {
  expect(namedDeadlines(network, 2).map((d) => [d.label, d.ms])).toEqual([
    ["att", 999],
    ["agg", 2000],
  ]);
  expect(namedDeadlines(network, 4).map((d) => [d.label, d.ms])).toEqual([
    ["att", 750],
    ["agg", 1500],
    ["payload", 1500],
    ["ptc", 2250],
  ]);
});
