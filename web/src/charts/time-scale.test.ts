import fc from "fast-check";
import { expect, test } from "vitest";
import { clockLabel, createTimeScale, tickLabel, timelineSpan } from "./time-scale.ts";

test("a mainnet slot on a wide axis has a tick each second, on a phone each four", () => {
  expect(createTimeScale({ fromMs: 0, toMs: 12_000, left: 100, right: 700 }).ticks).toHaveLength(13);
  expect(createTimeScale({ fromMs: 0, toMs: 12_000, left: 60, right: 240 }).ticks).toEqual([0, 4000, 8000, 12_000]);
});

test("pixels and milliseconds lead back to each other, and ticks are even", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -12_000, max: 0 }),
      fc.integer({ min: 1000, max: 24_000 }),
      fc.integer({ min: 200, max: 2000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (fromMs, toMs, right, share) => {
        const scale = createTimeScale({ fromMs, toMs, left: 80, right });
        const ms = fromMs + (toMs - fromMs) * share;
        expect(scale.ms(scale.x(ms))).toBeCloseTo(ms, 6);
        const steps = scale.ticks.slice(1).map((tick, index) => tick - (scale.ticks[index] ?? Number.NaN));
        expect(new Set(steps).size).toBeLessThanOrEqual(1);
        for (const tick of scale.ticks) expect(tick).toBeGreaterThanOrEqual(fromMs);
      },
    ),
  );
});

test("an axis of hours has its ticks at whole times of day, and names the day at midnight", () => {
  const fromMs = Date.UTC(2026, 10, 22, 19, 7, 31);
  const { ticks } = createTimeScale({ fromMs, toMs: fromMs + 6 * 3_600_000, left: 100, right: 500 });
  expect(ticks.map(clockLabel)).toEqual(["20:00", "21:00", "22:00", "23:00", "11-23", "01:00"]);
});

test("tick labels are seconds with a true minus and no needless digits", () => {
  expect([0, 2000, 500, 250, -1000].map(tickLabel)).toEqual(["0", "2", "0.5", "0.25", "−1"]);
});

test("the axis of the Slot page is the slot, and grows for early and late arrivals up to a slot", () => {
  expect(timelineSpan(12_000, [1500, 4000])).toEqual({ fromMs: 0, toMs: 12_000 });
  expect(timelineSpan(12_000, [-90, 12_500])).toEqual({ fromMs: -2400, toMs: 14_400 });
  expect(timelineSpan(3000, [9100])).toEqual({ fromMs: 0, toMs: 6000 });
  expect(timelineSpan(3000, [])).toEqual({ fromMs: 0, toMs: 3000 });
});
