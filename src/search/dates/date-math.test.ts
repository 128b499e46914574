import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_FORMAT, dateFormat } from "./date-format.ts";
import { readDateUs } from "./date-math.ts";
import { isoFromUs } from "./iso-date.ts";
import { timeZone, UTC } from "./time-zone.ts";

const us = (iso: string) => BigInt(Date.parse(iso)) * 1000n;
const NOW_MS = Date.parse("2026-11-22T10:11:12.345Z");

function read(value: string | number, options: { roundUp?: boolean; zone?: string; format?: string } = {}): bigint {
  return readDateUs(value, {
    format: options.format === undefined ? DEFAULT_FORMAT : dateFormat(options.format),
    zone: options.zone === undefined ? UTC : timeZone(options.zone),
    roundUp: options.roundUp ?? false,
    nowMs: NOW_MS,
  });
}

describe("a date of a query", () => {
  test.each([
    ["2026-11-22T10:00:00.123456Z", us("2026-11-22T10:00:00.123Z") + 456n],
    ["2026-11-22T10:00:00", us("2026-11-22T10:00:00Z")],
    ["2026-11-22T10:00", us("2026-11-22T10:00:00Z")],
    ["2026-11-22T10", us("2026-11-22T10:00:00Z")],
    ["2026-11-22", us("2026-11-22T00:00:00Z")],
    ["2026-11", us("2026-11-01T00:00:00Z")],
    ["2026", us("2026-01-01T00:00:00Z")],
    [2026, us("2026-01-01T00:00:00Z")],
    ["2026-11-22T10:00:00+03:30", us("2026-11-22T06:30:00Z")],
    ["2026-11-22T10:00:00-0330", us("2026-11-22T13:30:00Z")],
    ["1795341600000", 1_795_341_600_000_000n],
    [1_795_341_600_000.5, 1_795_341_600_000_500n],
    [-1, -1000n],
  ])("%s is read in UTC to the microsecond", (value, expected) => {
    expect(read(value)).toBe(expected);
  });

  test.each([
    ["2026-11-22", us("2026-11-22T23:59:59.999Z") + 999n],
    ["2026-11", us("2026-11-01T23:59:59.999Z") + 999n],
    ["2026-11-22T10", us("2026-11-22T10:59:59.999Z") + 999n],
    ["2026-11-22T10:00:00", us("2026-11-22T10:00:00.999Z") + 999n],
    ["2026-11-22T10:00:00.5", us("2026-11-22T10:00:00.500Z")],
    ["1795341600000", 1_795_341_600_000_000n],
  ])("%s is rounded up where it is the last moment", (value, expected) => {
    expect(read(value, { roundUp: true })).toBe(expected);
  });

  test.each(["yesterday", "2026-02-29", "2026-13-01", "2026-11-22T25:00:00", "2026-11-22T24:00:00", "22.11.2026", ""])(
    "%s is refused",
    (text) => {
      expect(() => read(text)).toThrow(
        `failed to parse date field [${text}] with format [strict_date_optional_time||epoch_millis]`,
      );
    },
  );

  test("written and read again is the same moment", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 45n), max: 2n ** 52n }), (moment) => {
        expect(read(isoFromUs(moment))).toBe(moment);
        expect(read(DEFAULT_FORMAT.print(moment, UTC))).toBe(moment);
        // What `search_after` hands back: milliseconds with a fraction; four digits would be a year.
        fc.pre(moment < -10_000_000n || moment > 10_000_000n);
        expect(read(Number(moment) / 1000)).toBe(moment);
      }),
    );
  });
});

describe("date math", () => {
  test.each([
    ["now", "2026-11-22T10:11:12.345Z"],
    ["now-1h", "2026-11-22T09:11:12.345Z"],
    ["now+2d-30m", "2026-11-24T09:41:12.345Z"],
    ["now-1M", "2026-10-22T10:11:12.345Z"],
    ["now+1y", "2027-11-22T10:11:12.345Z"],
    ["now-h", "2026-11-22T09:11:12.345Z"],
    ["now/d", "2026-11-22T00:00:00Z"],
    ["now/w", "2026-11-16T00:00:00Z"],
    ["now/M", "2026-11-01T00:00:00Z"],
    ["now-1d/d+6h", "2026-11-21T06:00:00Z"],
    ["2026-01-31||+1M", "2026-02-28T00:00:00Z"],
    ["2026-11-22T10:00:00Z||-90s/m", "2026-11-22T09:58:00Z"],
  ])("%s is %s", (text, expected) => {
    expect(isoFromUs(read(text))).toBe(expected);
  });

  test.each([
    ["now/d", "2026-11-22T23:59:59.999999Z"],
    ["now/M", "2026-11-30T23:59:59.999999Z"],
    ["2026-11-22||/y", "2026-12-31T23:59:59.999999Z"],
    ["now/d-1h", "2026-11-22T22:59:59.999999Z"],
  ])("%s is rounded up to %s", (text, expected) => {
    expect(isoFromUs(read(text, { roundUp: true }))).toBe(expected);
  });

  test("a time zone moves dates without one, and roundings", () => {
    expect(isoFromUs(read("2026-11-22", { zone: "+01:00" }))).toBe("2026-11-21T23:00:00Z");
    expect(isoFromUs(read("2026-11-22T10:00:00Z", { zone: "+01:00" }))).toBe("2026-11-22T10:00:00Z");
    expect(isoFromUs(read("now/d", { zone: "America/St_Johns" }))).toBe("2026-11-22T03:30:00Z");
    // The clocks of Berlin went back on 25 October 2026.
    expect(isoFromUs(read("2026-10-25||+1d", { zone: "Europe/Berlin" }))).toBe("2026-10-25T23:00:00Z");
    expect(() => read("now/d", { zone: "Mars/Base" })).toThrow("Unknown time-zone ID: Mars/Base");
  });

  test.each(["now-1x", "now/", "now 1d", "2026-11-22||+", "now-1h/2d"])("%s is refused", (text) => {
    expect(() => read(text)).toThrow("failed to parse date math");
  });
});

describe("a format", () => {
  test.each([
    ["epoch_second", "1795341600", "2026-11-22T10:00:00Z"],
    ["yyyy/MM/dd", "2026/11/22", "2026-11-22T00:00:00Z"],
    ["dd.MM.yyyy HH:mm", "22.11.2026 10:05", "2026-11-22T10:05:00Z"],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSX", "2026-11-22T10:00:00.250+02", "2026-11-22T08:00:00.250Z"],
    ["d MMM yyyy||yyyy", "2 Nov 2026", "2026-11-02T00:00:00Z"],
    ["basic_date", "20261122", "2026-11-22T00:00:00Z"],
    ["strict_date_hour_minute_second", "2026-11-22T10:00:07", "2026-11-22T10:00:07Z"],
    ["hh:mm a dd/MM/yy", "12:30 AM 22/11/26", "2026-11-22T00:30:00Z"],
  ])("%s reads %s", (format, text, expected) => {
    const moment = read(text, { format });
    expect(isoFromUs(moment)).toBe(expected);
    expect(read(dateFormat(format).print(moment, UTC), { format })).toBe(moment);
  });

  test("prints local time with its offset", () => {
    const moment = us("2026-07-01T10:00:00Z");
    expect(DEFAULT_FORMAT.print(moment, UTC)).toBe("2026-07-01T10:00:00.000Z");
    expect(DEFAULT_FORMAT.print(moment, timeZone("Europe/Berlin"))).toBe("2026-07-01T12:00:00.000+02:00");
    expect(dateFormat("yyyy-MM-dd HH:mm EEE").print(moment, timeZone("-11:00"))).toBe("2026-06-30 23:00 Tue");
  });

  test("refuses what it does not know by its name", () => {
    expect(() => dateFormat("yyyy-ww")).toThrow("[ww] in the date format [yyyy-ww] is not supported");
    expect(() => dateFormat("week_date")).toThrow("the date format [week_date] is not supported");
    expect(() => dateFormat("yyyy 'T")).toThrow("Invalid format");
  });
});
