import { expect, test } from "vitest";
import { createSlashings } from "./slashings.ts";

const HOUR_US = 3_600_000_000;

function rig() {
  const slashings = createSlashings({
    chain: { epochOf: (slot) => Math.floor(slot / 32), slotAt: (us) => Math.floor(us / 12_000_000) },
    groupOf: (validator) => (validator === 7 ? "home" : undefined),
    votes: { book: () => undefined },
  });
  const event = (node: string, atUs: number, topic: string, fields: Record<string, number | number[]>) =>
    slashings.noteEvent({ topic, node, receivedAtUs: atUs, fields });
  return {
    slashings,
    attesters: (node: string, atUs: number, validators: number[]) =>
      event(node, atUs, "attester_slashing", {
        "ethereum.slashing.validators": validators,
        "ethereum.slashing.slot": 5,
      }),
    proposer: (node: string, atUs: number, validator: number) =>
      event(node, atUs, "proposer_slashing", { "ethereum.validator.index": validator, "ethereum.slashing.slot": 6 }),
    told: () => slashings.changed().map(({ record }) => record),
  };
}

test("a validator is told once, whoever tells of it", () => {
  const { slashings, attesters, told } = rig();
  attesters("n2", 1_000_000, [7, 8]);
  attesters("n1", 2_000_000, [8]);
  slashings.noteBlock({ slot: 9, start_ms: 108_000, proposers_slashed: [], attesters_slashed: [7] });
  expect(told()).toMatchObject([
    { id: "attester/7", group: "home", slot: 5, at_ms: 1000, nodes: ["n2"], included_slot: 9, in_hour: 1 },
    { id: "attester/8", group: null, slot: 5, at_ms: 1000, nodes: ["n1", "n2"], included_slot: null, in_hour: 2 },
  ]);
  attesters("n1", 3_000_000, [8]);
  expect(told()).toEqual([]);
});

test("what is counted is of the hour and the day up to it", () => {
  const { proposer, told } = rig();
  for (const [validator, hours] of [
    [1, 0],
    [2, 0.9],
    [3, 1.5],
    [4, 24.1],
  ] as const)
    proposer("n1", hours * HOUR_US, validator);
  expect(told().map(({ validator, in_hour, in_day }) => [validator, in_hour, in_day])).toEqual([
    [1, 1, 1],
    [2, 2, 2],
    [3, 2, 3],
    [4, 1, 3],
  ]);
});

test("what blocks carried before the watch began is no news", () => {
  const { slashings, told } = rig();
  slashings.watchFrom(10);
  slashings.noteBlock({ slot: 9, start_ms: 108_000, proposers_slashed: [1], attesters_slashed: [2] });
  slashings.noteBlock({ slot: 10, start_ms: 120_000, proposers_slashed: [3], attesters_slashed: [] });
  expect(told()).toMatchObject([{ id: "proposer/3", slot: null, at_ms: 120_000, nodes: [], included_slot: 10 }]);
});

test("other events are none", () => {
  const { slashings } = rig();
  expect(slashings.noteEvent({ topic: "voluntary_exit", node: "n1", receivedAtUs: 0, fields: {} })).toBe(false);
});
