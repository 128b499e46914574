import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldOfMs, momentOfField, QUICK_RANGES, rangeWords, resolved, shifted, zoomed } from "./time-words.ts";
import { isMoment } from "./view-state.ts";

const NOW_MS = Date.UTC(2026, 10, 28, 10, 0, 0);

test("every quick range is a moment of an address, and ends after it begins", () => {
  for (const range of QUICK_RANGES) {
    expect(isMoment(range.from) && isMoment(range.to)).toBe(true);
    // The browser's idea of the server's clock has fractions.
    expect(resolved(range, NOW_MS + 0.25)).toHaveProperty("time");
  }
});

test("ranges are told in words, absolute ones in UTC", () => {
  expect(rangeWords({ from: "now-24h", to: "now" })).toBe("Last 24 hours");
  expect(rangeWords({ from: "now-90m", to: "now" })).toBe("Last 90 minutes");
  expect(rangeWords({ from: "2026-11-28T10:00:00Z", to: "now" })).toBe("2026-11-28 10:00:00 UTC to now");
});

test("a step forward undoes a step back, and a wider range holds the narrower one", () => {
  const span = fc.record({
    fromMs: fc.integer({ min: 1e12, max: 2e12 }),
    lengthMs: fc.integer({ min: 1000, max: 1e9 }),
  });
  fc.assert(
    fc.property(span, ({ fromMs, lengthMs }) => {
      const time = { fromMs, toMs: fromMs + lengthMs };
      const back = resolved(shifted(time, -1), NOW_MS);
      if (!("time" in back)) throw new Error(back.problem);
      expect(back.time.toMs).toBe(fromMs);
      const forth = resolved(shifted(back.time, 1), NOW_MS);
      expect(forth).toEqual({ time });
      const wide = resolved(zoomed(time, 2), NOW_MS);
      if (!("time" in wide)) throw new Error(wide.problem);
      expect(wide.time.fromMs).toBeLessThan(fromMs);
      expect(wide.time.toMs).toBeGreaterThan(time.toMs);
    }),
  );
});

test("a range that ends before it begins is told in words", () => {
  expect(resolved({ from: "now", to: "now-1h" }, NOW_MS)).toHaveProperty("problem");
});

test("the browser's field is read as UTC, whatever zone the machine is in", () => {
  expect(momentOfField(fieldOfMs(NOW_MS))).toBe("2026-11-28T10:00:00.000Z");
  expect(momentOfField("2026-11-28T10:00")).toBe("2026-11-28T10:00:00.000Z");
  expect(momentOfField("")).toBeUndefined();
});
