import fc from "fast-check";
import { expect, test } from "vitest";
import { createValueScale } from "./value-scale.ts";

const value = fc.double({ min: -1e7, max: 1e7, noNaN: true });

test("every value lies within the plot, zero is a tick, and ticks are even and far enough apart", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 20 }), (values) => {
      const { ticks, y } = createValueScale({ values, least: 10, top: 10, bottom: 110 });
      for (const one of values) {
        expect(y(one)).toBeGreaterThanOrEqual(10 - 1e-6);
        expect(y(one)).toBeLessThanOrEqual(110 + 1e-6);
      }
      expect(ticks.some((tick) => tick === 0)).toBe(true);
      const gaps = ticks.slice(1).map((tick, index) => y(ticks[index] ?? 0) - y(tick));
      for (const gap of gaps) expect(gap).toBeGreaterThan(10);
      expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(1e-3);
    }),
  );
});

test("without values the least range is drawn from zero", () => {
  const { ticks, y } = createValueScale({ values: [], least: 10, top: 0, bottom: 60 });
  expect(ticks).toEqual([0, 5, 10]);
  expect([y(0), y(10)]).toEqual([60, 0]);
});
