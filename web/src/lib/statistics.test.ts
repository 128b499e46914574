import fc from "fast-check";
import { expect, test } from "vitest";
import { baselineOf, quantile } from "./statistics.ts";

test("a quantile is interpolated between its neighbours", () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([10, 20], 0.95)).toBeCloseTo(19.5);
  expect(quantile([], 0.5)).toBeUndefined();
});

test("a quantile lies between the least and the greatest value and grows with the share", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, a, b) => {
        const low = quantile(values, Math.min(a, b)) ?? Number.NaN;
        const high = quantile(values, Math.max(a, b)) ?? Number.NaN;
        expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        expect(low).toBeLessThanOrEqual(high + 1e-9);
      },
    ),
  );
});

test("a baseline says over how many slots it was taken", () => {
  expect(baselineOf([100, 300, 200])).toEqual({ medianMs: 200, p95Ms: 290, slots: 3 });
  expect(baselineOf([])).toBeUndefined();
});
