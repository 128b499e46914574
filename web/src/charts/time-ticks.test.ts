import fc from "fast-check";
import { expect, test } from "vitest";
import { createTimeScale } from "./time-scale.ts";
import { slotTicks, timeTickLabel } from "./time-ticks.ts";

test("slot labels stand at their slots' starts, apart from each other and within the axis", () => {
  const spans = fc.record({
    fromMs: fc.integer({ min: 0, max: 2e12 }),
    spanMs: fc.integer({ min: 1000, max: 90 * 86_400_000 }),
    slotMs: fc.constantFrom(3000, 6000, 12_000),
    width: fc.integer({ min: 200, max: 2000 }),
  });
  fc.assert(
    fc.property(spans, ({ fromMs, spanMs, slotMs, width }) => {
      const genesisMs = 1_600_000_000_000;
      const scale = createTimeScale({ fromMs, toMs: fromMs + spanMs, left: 50, right: width });
      const ticks = slotTicks({ genesisMs, slotMs }, scale, 90);
      for (const [at, { slot, x }] of ticks.entries()) {
        expect(slot).toBeGreaterThanOrEqual(0);
        expect(x).toBeCloseTo(scale.x(genesisMs + slot * slotMs), 6);
        expect(x).toBeGreaterThanOrEqual(50);
        expect(x).toBeLessThanOrEqual(width);
        const before = ticks[at - 1];
        if (before !== undefined) expect(x - before.x).toBeGreaterThanOrEqual(89.9);
      }
    }),
  );
});

test("times are as short as their span allows, in UTC", () => {
  const at = Date.UTC(2026, 10, 28, 10, 15, 30);
  expect(timeTickLabel(at, 5 * 60_000)).toBe("10:15:30");
  expect(timeTickLabel(at, 3_600_000)).toBe("10:15");
  expect(timeTickLabel(at, 7 * 86_400_000)).toBe("11-28 10:15");
  expect(timeTickLabel(at, 30 * 86_400_000)).toBe("11-28");
  expect(timeTickLabel(Date.UTC(2026, 10, 28), 86_400_000)).toBe("11-28 00:00");
});
