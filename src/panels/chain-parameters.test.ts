import { expect, test } from "vitest";
import { chainParameters, type KnownNetwork } from "./chain-parameters.ts";

const EPOCH_MS = 12_000 * 32;
const fork = (epoch: number, attestation_due_ms: number) => ({
  epoch,
  deadlines: { attestation_due_ms, aggregate_due_ms: 2 * attestation_due_ms },
});
const network = (forks: KnownNetwork["forks"]): KnownNetwork => ({
  genesis_time: 1000,
  slot_duration_ms: 12_000,
  slots_per_epoch: 32,
  forks,
});
const at = (epoch: number) => 1_000_000 + epoch * EPOCH_MS;

test("deadlines are those of the fork that is active at the moment, from its first millisecond on", () => {
  const forks = [fork(0, 4000), fork(5, 3500), fork(5, 3000)];
  expect(chainParameters(network(forks), at(5) - 1)).toEqual({
    slot_ms: 12_000,
    genesis_ms: 1_000_000,
    slots_per_epoch: 32,
    attestation_due_ms: 4000,
    aggregate_due_ms: 8000,
  });
  expect(chainParameters(network(forks), at(5)).attestation_due_ms).toBe(3000);
});

test("before genesis, and before the first fork, the first one counts", () => {
  expect(chainParameters(network([fork(0, 4000), fork(1, 3000)]), 0).attestation_due_ms).toBe(4000);
  expect(chainParameters(network([fork(9, 3000)]), at(2)).attestation_due_ms).toBe(3000);
});

test("where no fork is known, the slot's end is the deadline", () => {
  expect(chainParameters(network([]), at(1))).toMatchObject({ attestation_due_ms: 12_000, aggregate_due_ms: 12_000 });
});
