import fc from "fast-check";
import { expect, test } from "vitest";
import { createSimulatedChain, SLOTS_PER_EPOCH } from "./simulated-chain.ts";
import { type Chunk, slotEvents } from "./slot-events.ts";
import { nodeOffsetsMs, planSlot, VOTE } from "./slot-plan.ts";

const SLOTS = 400;
const chainOf = (seed: number, validators: number) =>
  createSimulatedChain({ seed, validators, slotMs: 12_000, startS: 1_800_000_000, firstSlot: 320_000 });

const chain = chainOf(7, 4_096);
const plans = Array.from({ length: SLOTS }, (_, i) => planSlot(chain, 320_000 + i));

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN) / 1000;
}

/** Within a share of the figure that mainnet had. */
function expectNear(value: number, figure: number, tolerance: number, what: string): void {
  expect(Math.abs(value / figure - 1), `${what}: ${value} for ${figure}`).toBeLessThan(tolerance);
}

test("blocks and votes are first seen when mainnet's are", () => {
  const blocks = plans.flatMap(({ block, blockMs }) => (block === undefined ? [] : blockMs));
  expectNear(at(blocks, 0.5), 1.46, 0.08, "blocks p50");
  expectNear(at(blocks, 0.95), 3.118, 0.08, "blocks p95");
  const votes = plans.flatMap(({ committees }) =>
    committees.flatMap(({ votes, votesMs }) => [...votesMs].filter((_, seat) => votes[seat] !== VOTE.none)),
  );
  expectNear(at(votes, 0.5), 2.916, 0.03, "votes p50");
  expectNear(at(votes, 0.95), 4.971, 0.02, "votes p95");
  expectNear(votes.filter((ms) => ms > 4_000).length / votes.length, 0.299, 0.03, "votes after 4 s");
  const inWave = (second: number) => votes.filter((ms) => Math.abs(ms / 1000 - second) < 0.15).length;
  expect(inWave(2.25)).toBeGreaterThan(inWave(3.4) * 1.3);
  expect(inWave(4.25)).toBeGreaterThan(inWave(3.4) * 1.3);
});

test("aggregates, contributions and columns are first seen when mainnet's are", () => {
  const chunks = plans.map((plan) => slotEvents({ chain, plan, nodes: 1, custody: () => 16 })[0] ?? []);
  const delays = (topic: string) =>
    chunks.flatMap((of: readonly Chunk[], i) =>
      of.filter((chunk) => chunk.topic === topic).map(({ atMs }) => atMs - chain.slotStartMs(320_000 + i)),
    );
  expectNear(at(delays("attestation"), 0.5), 8.042, 0.005, "aggregates p50");
  expectNear(at(delays("attestation"), 0.95), 8.072, 0.005, "aggregates p95");
  expectNear(at(delays("contribution_and_proof"), 0.5), 8.11, 0.02, "contributions p50");
  expectNear(at(delays("contribution_and_proof"), 0.95), 9.19, 0.02, "contributions p95");
  expectNear(at(delays("data_column_sidecar"), 0.5), 1.78, 0.12, "columns p50");
  expectNear(at(delays("data_column_sidecar"), 0.95), 3.2, 0.12, "columns p95");
});

test("five nodes see a block within mainnet's spread of each other, one of them first", () => {
  const spreads = plans.map(({ slot }) => {
    const offsets = nodeOffsetsMs(chain, { slot, purpose: "block", nodes: 5 });
    expect(Math.min(...offsets)).toBe(0);
    return Math.max(...offsets);
  });
  expectNear(at(spreads, 0.5), 0.53, 0.1, "spread p50");
});

test("the share of missed slots and of votes cast is mainnet's", () => {
  const blocks = Array.from({ length: 40_000 }, (_, i) => chain.blockAt(400_000 + i));
  expectNear(blocks.filter((block) => block === undefined).length / blocks.length, 0.0025, 0.2, "missed");
  const votes = plans.flatMap(({ committees }) => committees.flatMap((committee) => [...committee.votes]));
  expectNear(votes.filter((vote) => vote !== VOTE.none).length / votes.length, 0.9984, 0.001, "participation");
});

test("each validator stands in one committee of an epoch, whatever their number", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 32, max: 20_000 }), (seed, validators) => {
      const of = chainOf(seed, validators);
      const seen = new Uint8Array(validators);
      for (let slot = 0; slot < SLOTS_PER_EPOCH; slot += 1) {
        for (let index = 0; index < of.committeesPerSlot; index += 1) {
          for (const validator of of.committee(320_000 + slot, index)) seen[validator] = (seen[validator] ?? 0) + 1;
        }
      }
      expect(seen.every((times) => times === 1)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("the same seed gives the same slot, and another seed another", () => {
  expect(planSlot(chainOf(7, 4_096), 320_005)).toEqual(plans[5]);
  expect(planSlot(chainOf(8, 4_096), 320_005)).not.toEqual(plans[5]);
});
