import fc from "fast-check";
import { expect, test } from "vitest";
import { valueRange } from "./value-range.ts";

const SHARES = { from: 0.95, to: 1, most: 1 };

test("what is usual is always in view, so that a small fall does not look like a large one", () => {
  expect(valueRange(SHARES, 0.994, 0.996)).toEqual([0.95, 1]);
  expect(valueRange(SHARES, null, null)).toEqual([0.95, 1]);
});

test("what is seen is in view with air around it, and shares end at 1", () => {
  const [from, to] = valueRange(SHARES, 0.6, 1);
  expect(from).toBeLessThan(0.6);
  expect(from).toBeGreaterThan(0.5);
  expect(to).toBe(1);
});

test("values that are all zero still have an axis", () => {
  expect(valueRange({ from: 0, to: 0 }, 0, 0)).toEqual([0, 1.06]);
});

test("every value lies within the axis", () => {
  const value = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(value, value, value, (low, high, usual) => {
      const [lowest, highest] = [Math.min(low, high), Math.max(low, high)];
      const [from, to] = valueRange({ from: 0, to: usual }, lowest, highest);
      expect(from).toBeLessThanOrEqual(lowest);
      expect(to).toBeGreaterThanOrEqual(highest);
    }),
  );
});
