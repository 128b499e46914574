import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BlockArrival } from "./block-times.ts";
import { orphanShares, outcomesOf } from "./orphans.ts";
import { curveOf, spreadOf } from "./propagation.ts";

const NODES = ["n1", "n2", "n3", "n4"];

const block = (slot: number, ...times: (number | null)[]): BlockArrival => ({
  slot,
  firstMs: new Map(times.flatMap((ms, index) => (ms === null ? [] : [[NODES[index] ?? "", ms] as const]))),
  watched: NODES.slice(0, times.length),
});

describe("the spread", () => {
  it("is from the first to the last node, where two or more had the block", () => {
    expect(spreadOf([block(1, 100, 400), block(2, -50, 50, 0), block(3, 7, null)], 12_000)).toEqual({
      medianMs: 200,
      p90Ms: 280,
      slots: 2,
    });
    expect(spreadOf([block(3, 7, null)], 12_000)).toBeUndefined();
  });

  it("leaves out nodes that had the block by sync, more than a slot after the first", () => {
    expect(spreadOf([block(1, 100, 400, 12_101)], 12_000)).toMatchObject({ medianMs: 300, slots: 1 });
  });
});

describe("the propagation curve", () => {
  it("tells which share of the nodes had a block by each step of 50 ms", () => {
    const blocks = [block(1, 60, 110, 160, null), block(2, 60, 60, 60, 60)];
    const curve = curveOf({ blocks, from: "slot_start", untilMs: 12_000 });
    expect(curve.map(({ ms, share, median }) => [ms, share, median])).toEqual([
      [50, 0, 0],
      [100, 5 / 8, 5 / 8],
      [150, 6 / 8, 6 / 8],
      [200, 7 / 8, 7 / 8],
    ]);
    expect(curve.at(-1)?.p90).toBeCloseTo(0.775);
    const [first, second] = curveOf({ blocks, from: "first_seen", untilMs: 12_000 });
    expect([first?.ms, first?.share, second?.ms, second?.share]).toEqual([-50, 0, 0, 5 / 8]);
  });

  it("never falls, stays within 0 and 1, and ends by the bound", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.option(fc.integer({ min: -900, max: 30_000 })), { minLength: 2, maxLength: 4 })),
        fc.constantFrom("slot_start" as const, "first_seen" as const),
        (times, from) => {
          const curve = curveOf({ blocks: times.map((one, slot) => block(slot, ...one)), from, untilMs: 24_000 });
          expect(curve.length).toBeLessThanOrEqual(2 + 24_900 / 50);
          for (const [index, point] of curve.entries()) {
            const before = curve[index - 1] ?? { share: 0, median: 0, p90: 0 };
            for (const key of ["share", "median", "p90"] as const) {
              expect(point[key]).toBeGreaterThanOrEqual(before[key]);
              expect(point[key]).toBeLessThanOrEqual(1);
            }
            expect(point.p90).toBeLessThanOrEqual(point.median);
          }
        },
      ),
    );
  });
});

describe("the probability of being orphaned", () => {
  const arrived = (earliestMs: number, orphaned: boolean) => ({
    earliestMs,
    attestationDueMs: 4000,
    slotDurationMs: 12_000,
    orphaned,
  });

  it("is told by arrival from the attestation deadline, over all epochs together", () => {
    const first = outcomesOf([arrived(3900, false), arrived(4000, true), arrived(4499, false)]);
    expect(first).toEqual([
      [-500, 1, 0],
      [0, 2, 1],
    ]);
    const shares = orphanShares([first, [[0, 2, 2]]]);
    expect(shares).toMatchObject([
      { fromMs: -500, toMs: 0, blocks: 1, orphaned: 0, share: 0, low: 0 },
      { fromMs: 0, toMs: 500, blocks: 4, orphaned: 3, share: 0.75 },
    ]);
    expect(shares[1]?.low).toBeCloseTo(0.3006, 3);
    expect(shares[1]?.high).toBeCloseTo(0.9544, 3);
  });

  it("counts what comes far too early or late in the outermost bins", () => {
    const outcomes = outcomesOf([arrived(-1e9, false), arrived(1e9, true)]);
    expect(outcomes).toEqual([
      [-16_000, 1, 0],
      [20_000, 1, 1],
    ]);
  });
});
