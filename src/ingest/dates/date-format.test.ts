import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dateFormat } from "./date-format.ts";
import { javaTokens } from "./java-tokens.ts";
import { writeDate } from "./write-date.ts";
import { zoneOf } from "./zone.ts";

const at = (iso: string) => ({ ms: Date.parse(iso), nanos: 0 });
const read = (format: string, text: string, options: { zone?: string; reference?: string } = {}) => {
  const instant = dateFormat(format)(text, {
    zone: zoneOf(options.zone ?? "UTC"),
    reference: () => at(options.reference ?? "2026-11-28T12:00:00Z"),
  });
  return instant === undefined ? undefined : written(instant, "yyyy-MM-dd'T'HH:mm:ss.SSSSSSX");
};
const written = (instant: { ms: number; nanos: number }, pattern: string, zone = "UTC") =>
  writeDate({ tokens: javaTokens(pattern), instant, zone: zoneOf(zone), zoneName: zone });

describe("formats of dates", () => {
  test.each([
    ["ISO8601", "2026-11-28T10:00:01.123456Z", "2026-11-28T10:00:01.123456Z"],
    ["ISO8601", "2026-11-28T10:00:01,5+02:00", "2026-11-28T08:00:01.500000Z"],
    ["ISO8601", "2026-11-28", "2026-11-28T00:00:00.000000Z"],
    ["UNIX", "1.5", "1970-01-01T00:00:01.500000Z"],
    ["UNIX", "1764321600", "2025-11-28T09:20:00.000000Z"],
    ["UNIX_MS", "1764321600123", "2025-11-28T09:20:00.123000Z"],
    ["TAI64N", "@4000000050d506482dbdf024", "2012-12-22T01:00:46.767422Z"],
    ["yyyy-MM-dd HH:mm:ss.SSS", "2026-11-28 10:00:01.250", "2026-11-28T10:00:01.250000Z"],
    ["yyyy-MM-dd HH:mm:ss[.SSS]", "2026-11-28 10:00:01", "2026-11-28T10:00:01.000000Z"],
    ["yyyy-MM-dd HH:mm:ss.SSSXXX", "2026-11-28 10:00:01.250-05:30", "2026-11-28T15:30:01.250000Z"],
    ["dd/MMM/yyyy:HH:mm:ss Z", "28/Nov/2026:10:00:00 +0100", "2026-11-28T09:00:00.000000Z"],
    ["EEE MMM d HH:mm:ss yyyy", "Sat Nov 28 10:00:00 2026", "2026-11-28T10:00:00.000000Z"],
    ["yyyyMMddHHmmssSSS", "20261128100001250", "2026-11-28T10:00:01.250000Z"],
    ["MMMM d, yy h:mm a", "November 8, 26 12:05 AM", "2026-11-08T00:05:00.000000Z"],
    ["yyyy-MM-dd'T'HH:mm:ss z", "2026-07-01T10:00:00 CEST", "2026-07-01T08:00:00.000000Z"],
  ])("%s reads %s", (format, text, expected) => {
    expect(read(format, text)).toBe(expected);
  });

  test.each([
    ["ISO8601", "2026-02-30T00:00:00Z"],
    ["ISO8601", "2026-11-28 10:00:00"],
    ["yyyy-MM-dd", "2026-11-28 trailing"],
    ["yyyy-MM-dd", "2026-13-01"],
    ["HH:mm", "25:00"],
    ["UNIX", "soon"],
    ["UNIX_MS", "9999999999999999"],
  ])("%s does not read %s", (format, text) => {
    expect(read(format, text)).toBeUndefined();
  });

  test("a line without a year is of the latest year that is not ahead of its reading", () => {
    const line = (text: string, reference: string) => read("MMM dd HH:mm:ss.SSS", text, { reference })?.slice(0, 19);
    expect(line("Dec 31 23:59:59.000", "2027-01-01T00:00:01Z")).toBe("2026-12-31T23:59:59");
    expect(line("Jan 01 00:00:01.000", "2026-12-31T23:59:59Z")).toBe("2027-01-01T00:00:01");
    expect(line("Jul 01 00:00:00.000", "2027-02-01T00:00:00Z")).toBe("2026-07-01T00:00:00");
    expect(line("Feb 29 10:00:00.000", "2027-02-01T00:00:00Z")).toBe("2024-02-29T10:00:00");
  });

  test("a line with the time alone is of the latest day that is not ahead of its reading", () => {
    const line = (text: string, reference: string, zone = "UTC") =>
      read("HH:mm:ss.SSS", text, { reference, zone })?.slice(0, 19);
    expect(line("23:59:59.900", "2026-11-28T00:00:00.200Z")).toBe("2026-11-27T23:59:59");
    expect(line("00:00:00.100", "2026-11-27T23:59:59.900Z")).toBe("2026-11-28T00:00:00");
    expect(line("01:00:00.000", "2026-11-28T00:10:00Z", "+02:00")).toBe("2026-11-27T23:00:00");
  });

  test("knows zones by name, and reads what clocks show twice or never", () => {
    const vienna = (text: string) => read("yyyy-MM-dd HH:mm", text, { zone: "Europe/Vienna" })?.slice(0, 16);
    expect(vienna("2026-07-01 12:00")).toBe("2026-07-01T10:00");
    expect(vienna("2026-12-01 12:00")).toBe("2026-12-01T11:00");
    expect(vienna("2026-10-25 02:30")).toBe("2026-10-25T00:30");
    expect(vienna("2026-03-29 02:30")).toBe("2026-03-29T01:30");
    expect(() => zoneOf("Europe/Atlantis")).toThrow("Unknown time-zone ID");
  });

  test("reads what it wrote, in every zone", () => {
    const moment = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2090, 0, 1) });
    const zone = fc.constantFrom("UTC", "+05:45", "America/St_Johns", "Europe/Vienna", "Asia/Kolkata");
    const pattern = fc.constantFrom(
      "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
      "EEEE d MMMM yyyy hh:mm:ss.SSS a x",
      "[dd/MMM/]yyyy:kk:mm:ss,SSS MM dd Z",
    );
    fc.assert(
      fc.property(moment, zone, pattern, (ms, name, format) => {
        const text = written({ ms, nanos: 0 }, format, name);
        const again = dateFormat(format)(text, { zone: zoneOf("UTC"), reference: () => at("2026-01-01T00:00:00Z") });
        expect([text, again?.ms]).toEqual([text, ms]);
      }),
    );
  });

  test.each(["yyyy-QQ", "'open", "[yyyy", "yyyy]", "SSSSSSSSSS"])("refuses the pattern %s", (pattern) => {
    expect(() => dateFormat(pattern)).toThrow("Invalid format");
  });
});
