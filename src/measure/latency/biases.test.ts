import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../lib/random.ts";
import { fitBiases } from "./biases.ts";
import type { BlockTimes } from "./block-times.ts";

type Planted = {
  biases: readonly number[];
  /** Places on a line, ms apart: what lies between two nodes is their latency. */
  places: readonly number[];
  noiseMs: number;
  blocks: number;
  /** Where a block comes from. */
  originMs(random: Random): number;
  /** Share of arrivals that are missing, and that come seconds late. */
  missing?: number;
  wild?: number;
};

const nameOf = (index: number) => `n${index}`;

function plant(planted: Planted, seed: number): { blocks: BlockTimes[]; nodes: string[] } {
  const { biases, places, noiseMs, missing = 0, wild = 0 } = planted;
  const random = createRandom(seed);
  const noise = () => noiseMs * (random.next() + random.next() + random.next() + random.next() - 2);
  const blocks = Array.from({ length: planted.blocks }, (_, slot) => {
    const originMs = planted.originMs(random);
    const startMs = random.integer(100, 2000);
    const seenMs = new Map<string, number>();
    for (const [index, place] of places.entries()) {
      if (random.chance(missing)) continue;
      const late = random.chance(wild) ? random.integer(1000, 4000) : 0;
      seenMs.set(nameOf(index), startMs + Math.abs(place - originMs) + (biases[index] ?? 0) + noise() + late);
    }
    return { slot, seenMs };
  });
  return { blocks, nodes: biases.map((_, index) => nameOf(index)) };
}

const centred = (biases: readonly number[]) => {
  const mean = biases.reduce((sum, bias) => sum + bias, 0) / biases.length;
  return biases.map((bias) => bias - mean);
};

const biasesOf = (count: { minLength: number; maxLength: number }) =>
  fc.array(fc.integer({ min: -400, max: 400 }), count);

describe("the biases of nodes", () => {
  it("are recovered, and the latencies with them, where the nodes' own proposers make the blocks", () => {
    fc.assert(
      fc.property(
        biasesOf({ minLength: 2, maxLength: 5 }),
        fc.array(fc.integer({ min: 60, max: 300 }), { minLength: 5, maxLength: 5 }),
        fc.integer(),
        (biases, steps, seed) => {
          const places = biases.map((_, index) => steps.slice(0, index).reduce((sum, step) => sum + step, 0));
          const planted = {
            biases,
            places,
            noiseMs: 4,
            blocks: 60 * biases.length,
            originMs: (random: Random) => random.pick(places),
            missing: 0.1,
            wild: 0.05,
          };
          const { byNode, pairs } = fitBiases(plant(planted, seed));
          for (const [index, bias] of centred(biases).entries()) {
            const found = byNode.get(nameOf(index));
            expect(Math.abs((found?.value ?? Number.NaN) - bias)).toBeLessThan(5);
          }
          expect(pairs).toHaveLength((biases.length * (biases.length - 1)) / 2);
          for (const { a, b, latency } of pairs) {
            const plantedMs = Math.abs((places[Number(a.slice(1))] ?? 0) - (places[Number(b.slice(1))] ?? 0));
            expect(Math.abs((latency?.value ?? Number.NaN) - plantedMs)).toBeLessThan(5);
          }
        },
      ),
      { numRuns: 60, seed: 11 },
    );
  });

  it("are recovered where the blocks of a pair come mostly from one side", () => {
    fc.assert(
      fc.property(biasesOf({ minLength: 2, maxLength: 2 }), fc.integer(), (biases, seed) => {
        const originMs = (random: Random) => (random.chance(0.7) ? 0 : 120);
        const planted = { biases, places: [0, 120], noiseMs: 4, blocks: 200, originMs };
        const { byNode, pairs } = fitBiases(plant(planted, seed));
        for (const [index, bias] of centred(biases).entries())
          expect(Math.abs((byNode.get(nameOf(index))?.value ?? Number.NaN) - bias)).toBeLessThan(3);
        expect(Math.abs((pairs[0]?.latency?.value ?? Number.NaN) - 120)).toBeLessThan(3);
      }),
      { numRuns: 60, seed: 12 },
    );
  });

  it("are recovered without latencies where blocks come from all around nodes that are near each other", () => {
    fc.assert(
      fc.property(biasesOf({ minLength: 2, maxLength: 6 }), fc.integer(), (biases, seed) => {
        const planted = {
          biases,
          places: biases.map(() => 0),
          noiseMs: 30,
          blocks: 256,
          originMs: (random: Random) => random.integer(-300, 300),
          missing: 0.2,
          wild: 0.05,
        };
        const { byNode, pairs } = fitBiases(plant(planted, seed));
        for (const [index, bias] of centred(biases).entries())
          expect(Math.abs((byNode.get(nameOf(index))?.value ?? Number.NaN) - bias)).toBeLessThan(12);
        expect(pairs.filter(({ latency }) => latency !== undefined)).toEqual([]);
      }),
      { numRuns: 60, seed: 13 },
    );
  });

  it("lie within twice their error nineteen times in twenty", () => {
    const biases = [-120, 40, 80];
    let within = 0;
    let all = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const planted = { biases, places: [0, 0, 0], noiseMs: 20, blocks: 128, originMs: () => 0 };
      const { byNode } = fitBiases(plant(planted, seed));
      for (const [index, bias] of biases.entries()) {
        const { value, error } = byNode.get(nameOf(index)) ?? { value: Number.NaN, error: 0 };
        all += 1;
        if (Math.abs(value - bias) <= 2 * error) within += 1;
      }
    }
    expect(within / all).toBeGreaterThan(0.93);
    expect(within / all).toBeLessThan(0.99);
  });

  it("hold the latency and say that they do where all blocks come from one side", () => {
    const planted = { biases: [0, 30], places: [0, 100], noiseMs: 5, blocks: 200, originMs: () => 0 };
    const { byNode, pairs } = fitBiases(plant(planted, 5));
    expect(pairs[0]?.latency).toBeUndefined();
    expect(Math.abs((byNode.get("n1")?.value ?? Number.NaN) - 65)).toBeLessThan(2);
  });

  it("are not moved by the seconds that a frozen node lay behind for a tenth of the blocks", () => {
    const { blocks, nodes } = plant(
      {
        biases: [0, 0, 0],
        places: [0, 80, 160],
        noiseMs: 5,
        blocks: 120,
        originMs: (random) => random.pick([0, 80, 160]),
      },
      9,
    );
    const frozen = blocks.map(({ slot, seenMs }) => {
      const isFrozen = slot >= 40 && slot < 52;
      return { slot, seenMs: isFrozen ? new Map(seenMs).set("n1", (seenMs.get("n1") ?? 0) + 3000) : seenMs };
    });
    const { byNode } = fitBiases({ blocks: frozen, nodes });
    for (const node of nodes) expect(Math.abs(byNode.get(node)?.value ?? Number.NaN)).toBeLessThan(4);
  });

  it("are of the larger group where nodes have no blocks in common", () => {
    const { blocks } = plant({ biases: [10, -10, 0], places: [0, 0, 0], noiseMs: 2, blocks: 40, originMs: () => 0 }, 3);
    const other = plant({ biases: [50, -50], places: [0, 0], noiseMs: 2, blocks: 40, originMs: () => 0 }, 4).blocks.map(
      ({ slot, seenMs }) => ({
        slot: slot + 100,
        seenMs: new Map([...seenMs].map(([node, ms]) => [`other ${node}`, ms] as const)),
      }),
    );
    const nodes = ["n0", "n1", "n2", "other n0", "other n1"];
    const { byNode } = fitBiases({ blocks: [...blocks, ...other], nodes });
    expect([...byNode.keys()]).toEqual(["n0", "n1", "n2"]);
  });
});
