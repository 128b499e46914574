import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isoFromUs, parseDateUs } from "./dates.ts";

const us = (iso: string) => BigInt(Date.parse(iso)) * 1000n;

describe("a date of a query", () => {
  test.each([
    ["2026-11-22T10:00:00.123456Z", us("2026-11-22T10:00:00.123Z") + 456n],
    ["2026-11-22T10:00:00", us("2026-11-22T10:00:00Z")],
    ["2026-11-22T10:00", us("2026-11-22T10:00:00Z")],
    ["2026-11-22T10", us("2026-11-22T10:00:00Z")],
    ["2026-11-22", us("2026-11-22T00:00:00Z")],
    ["2026-11", us("2026-11-01T00:00:00Z")],
    ["2026", us("2026-01-01T00:00:00Z")],
    ["2026-11-22T10:00:00+03:30", us("2026-11-22T06:30:00Z")],
    ["2026-11-22T10:00:00-0330", us("2026-11-22T13:30:00Z")],
    ["1795341600000", 1_795_341_600_000_000n],
    [1_795_341_600_000.5, 1_795_341_600_000_500n],
  ])("%s is read in UTC to the microsecond", (value, expected) => {
    expect(parseDateUs(value, false)).toBe(expected);
  });

  test.each([
    ["2026-11-22", us("2026-11-22T23:59:59.999Z") + 999n],
    ["2026-11", us("2026-11-01T23:59:59.999Z") + 999n],
    ["2026-11-22T10", us("2026-11-22T10:59:59.999Z") + 999n],
    ["2026-11-22T10:00:00", us("2026-11-22T10:00:00.999Z") + 999n],
    ["2026-11-22T10:00:00.5", us("2026-11-22T10:00:00.500Z")],
    ["1795341600000", 1_795_341_600_000_000n],
  ])("%s is rounded up where it is the last moment", (value, expected) => {
    expect(parseDateUs(value, true)).toBe(expected);
  });

  test.each(["yesterday", "2026-02-29", "2026-13-01", "2026-11-22T25:00:00", "22.11.2026", ""])(
    "%s is refused",
    (text) => {
      expect(() => parseDateUs(text, false)).toThrow(`failed to parse date field [${text}]`);
    },
  );

  test("date math is refused by its name", () => {
    expect(() => parseDateUs("now-1h/d", false)).toThrow("date math [now-1h/d] is not supported");
    expect(() => parseDateUs("2026-11-22||+1d", false)).toThrow("date math [2026-11-22||+1d] is not supported");
  });

  test("written and read again is the same moment", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 52n }), (moment) => {
        expect(parseDateUs(isoFromUs(moment), false)).toBe(moment);
        // What `search_after` hands back: milliseconds with a fraction.
        expect(parseDateUs(Number(moment) / 1000, false)).toBe(moment);
      }),
    );
  });
});
