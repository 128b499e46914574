import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { centreOf, quantile, wilsonInterval } from "./statistics.ts";

describe("quantiles", () => {
  it("interpolate between the values around them, and need a value", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 0], 0.9)).toBe(9);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([], 0.5)).toBeUndefined();
  });

  it("lie within the values and grow with the share", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = quantile(values, share) ?? Number.NaN;
          expect(found).toBeGreaterThanOrEqual(Math.min(...values));
          expect(found).toBeLessThanOrEqual(quantile(values, 1) ?? Number.NaN);
          expect(found).toBeGreaterThanOrEqual(quantile(values, share / 2) ?? Number.NaN);
        },
      ),
    );
  });
});

describe("a robust centre", () => {
  it("is not moved by a wild value, and its error shrinks with the root of the count", () => {
    const few = centreOf([1, 2, 3, 4, 1e9]);
    expect(few).toMatchObject({ median: 3, deviation: 1.4826, n: 5 });
    const many = centreOf(Array.from({ length: 100 }, () => [1, 2, 3, 4, 5]).flat());
    expect((few?.error ?? 0) / (many?.error ?? 1)).toBeCloseTo(10);
    expect(centreOf([])).toBeUndefined();
  });
});

describe("Wilson's interval", () => {
  it("is that of published examples", () => {
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (const [hits, n, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = wilsonInterval(hits, n);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });

  it("holds the share, lies in 0 to 1, and is all of it without a trial", () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
        const hits = Math.round(n * part);
        const { low, high } = wilsonInterval(hits, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low <= hits / n && hits / n <= high).toBe(true);
      }),
    );
  });
});
