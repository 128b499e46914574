import { describe, expect, test } from "vitest";
import { resolveTimeRange } from "./time-range.ts";

const NOW_MS = Date.parse("2026-11-28T10:11:12.345Z");
const ms = (iso: string) => Date.parse(iso);

describe("a time range", () => {
  test("is counted from now", () => {
    expect(resolveTimeRange({ from: "now-24h", to: "now" }, NOW_MS)).toEqual({
      fromMs: NOW_MS - 86_400_000,
      toMs: NOW_MS,
    });
  });

  test("is counted from a moment with microseconds, too", () => {
    expect(resolveTimeRange({ from: "now-1h", to: "now" }, NOW_MS + 0.5).toMs).toBe(NOW_MS);
  });

  test("with a rounded end holds the whole of the last unit", () => {
    expect(resolveTimeRange({ from: "now-1d/d", to: "now-1d/d" }, NOW_MS)).toEqual({
      fromMs: ms("2026-11-27T00:00:00Z"),
      toMs: ms("2026-11-28T00:00:00Z"),
    });
  });

  test("takes moments as they are", () => {
    expect(resolveTimeRange({ from: "2026-11-28T10:00:00Z", to: "2026-11-28T10:00:00.5Z" }, NOW_MS)).toEqual({
      fromMs: ms("2026-11-28T10:00:00Z"),
      toMs: ms("2026-11-28T10:00:00.500Z"),
    });
  });

  test("that ends before it begins is refused", () => {
    expect(() => resolveTimeRange({ from: "now", to: "now-1h" }, NOW_MS)).toThrow(/ends before it begins/);
    expect(() => resolveTimeRange({ from: "now", to: "now" }, NOW_MS)).toThrow(/ends before it begins/);
  });

  test.each(["yesterday", "now-1x", "2026-13-01T00:00:00Z"])("of '%s' is refused with these words in it", (from) => {
    expect(() => resolveTimeRange({ from, to: "now" }, NOW_MS)).toThrow(`'${from}' is no moment`);
  });
});
