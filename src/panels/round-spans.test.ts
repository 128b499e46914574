import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { autoInterval } from "./round-spans.ts";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const lengthMs = (interval: string) =>
  Number.parseInt(interval, 10) * SECONDS[interval.slice(-1) as keyof typeof SECONDS] * 1000;

describe("the interval of a histogram", () => {
  test.each([
    ["a minute", 60, "2s"],
    ["an hour", 3600, "2m"],
    ["a day", 86_400, "30m"],
    ["a week", 604_800, "6h"],
    ["a year", 31_536_000, "14d"],
  ])("of %s is round", (_, seconds, interval) => {
    expect(autoInterval({ fromMs: 0, toMs: seconds * 1000 }, 50)).toBe(interval);
  });

  test("is the shortest round one that makes at most so many buckets", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e13 }), fc.integer({ min: 1, max: 500 }), (spanMs, buckets) => {
        const interval = lengthMs(autoInterval({ fromMs: 0, toMs: spanMs }, buckets));
        expect(spanMs / interval).toBeLessThanOrEqual(buckets);
        if (interval > 1000 && interval <= 30 * 86_400_000) expect(spanMs / interval).toBeGreaterThan(buckets / 3.001);
      }),
    );
  });
});
