import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bins, NodeSlotRecord } from "../../../src/events/derived.ts";
import { barShare, barsOf, countOf, createArrivals, marksOf } from "./lanes.ts";

const anyBins: fc.Arbitrary<Bins> = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -20, max: 400 }), fc.integer({ min: 1, max: 500 })), {
    selector: ([bin]) => bin,
  })
  .map((bins) => bins.sort(([a], [b]) => a - b).map(([bin, count]) => [bin * 50, count] as const));

test("bars of 100 ms hold every vote of the bins of 50 ms, also before the slot", () => {
  expect(
    barsOf([
      [-50, 1],
      [0, 2],
      [50, 3],
      [150, 4],
    ]),
  ).toEqual([
    { fromMs: -100, count: 1 },
    { fromMs: 0, count: 5 },
    { fromMs: 100, count: 4 },
  ]);
  fc.assert(
    fc.property(anyBins, (bins) => {
      const bars = barsOf(bins);
      expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(countOf(bins));
      expect(new Set(bars.map((bar) => bar.fromMs)).size).toBe(bars.length);
    }),
  );
});

test("only the stages that happened are marks", () => {
  expect(marksOf({ gossip_ms: null, import_ms: 240, head_ms: 251 } as NodeSlotRecord)).toEqual([
    { kind: "import", ms: 240 },
    { kind: "head", ms: 251 },
  ]);
});

test("the tallest bar fills its lane, and none is drawn without votes", () => {
  expect(barShare(400, 400)).toBe(1);
  expect(barShare(4, 400)).toBeCloseTo(0.1);
  expect(barShare(0, 0)).toBe(0);
});

test("what is there at first does not fade, what arrives later does, once", () => {
  const arrivals = createArrivals(() => true);
  expect(arrivals.opacity("a", 1000)).toBe(1);
  expect(arrivals.settle()).toBe(false);
  expect(arrivals.opacity("a", 1010)).toBe(1);
  expect(arrivals.opacity("b", 1010)).toBe(0);
  expect(arrivals.settle()).toBe(true);
  expect(arrivals.opacity("b", 1140)).toBeCloseTo(0.5);
  expect(arrivals.settle()).toBe(true);
  expect(arrivals.opacity("b", 2000)).toBe(1);
  expect(arrivals.settle()).toBe(false);
});

test("nothing fades for those who prefer reduced motion", () => {
  const arrivals = createArrivals(() => false);
  arrivals.settle();
  expect(arrivals.opacity("b", 1010)).toBe(1);
  expect(arrivals.settle()).toBe(false);
});
