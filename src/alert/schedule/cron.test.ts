import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { earliest, everyMs, type NextMs, parseCron } from "./cron.ts";

function cron(expression: string): NextMs {
  const schedule = parseCron(expression);
  if (typeof schedule === "function") return schedule;
  throw new Error(schedule.problem);
}

/** The moments that follow, in ISO without the year's first digits. */
function following(expression: string, after: string, count = 3): string[] {
  const next = cron(expression);
  const moments: string[] = [];
  let at = Date.parse(after);
  while (moments.length < count) {
    const ms = next(at);
    if (ms === undefined) break;
    moments.push(new Date(ms).toISOString().replace(".000Z", "").replace("T", " "));
    at = ms;
  }
  return moments;
}

const SATURDAY = "2026-11-28T10:07:30.500Z";

describe("a cron expression", () => {
  test.each<[string, string[]]>([
    ["0 * * * * ?", ["2026-11-28 10:08:00", "2026-11-28 10:09:00", "2026-11-28 10:10:00"]],
    ["*/20 * * * * ?", ["2026-11-28 10:07:40", "2026-11-28 10:08:00", "2026-11-28 10:08:20"]],
    ["31 7 10 * * ?", ["2026-11-28 10:07:31", "2026-11-29 10:07:31", "2026-11-30 10:07:31"]],
    ["0 0/5 * * * ?", ["2026-11-28 10:10:00", "2026-11-28 10:15:00", "2026-11-28 10:20:00"]],
    ["0 10-30/10 11 * * ?", ["2026-11-28 11:10:00", "2026-11-28 11:20:00", "2026-11-28 11:30:00"]],
    ["0 0 22-2 * * ?", ["2026-11-28 22:00:00", "2026-11-28 23:00:00", "2026-11-29 00:00:00"]],
    ["0 30 9 ? * MON-FRI", ["2026-11-30 09:30:00", "2026-12-01 09:30:00", "2026-12-02 09:30:00"]],
    ["0 0 12 ? * FRI-MON", ["2026-11-28 12:00:00", "2026-11-29 12:00:00", "2026-11-30 12:00:00"]],
    ["0 0 0 ? * 1,WED", ["2026-11-29 00:00:00", "2026-12-02 00:00:00", "2026-12-06 00:00:00"]],
    ["0 0 0 1 jan,JUL ?", ["2027-01-01 00:00:00", "2027-07-01 00:00:00", "2028-01-01 00:00:00"]],
    ["0 0 0 L * ?", ["2026-11-30 00:00:00", "2026-12-31 00:00:00", "2027-01-31 00:00:00"]],
    ["0 0 0 L-3 2 ?", ["2027-02-25 00:00:00", "2028-02-26 00:00:00", "2029-02-25 00:00:00"]],
    // The last weekday: 30 January 2027 is a Saturday and 31 a Sunday.
    ["0 0 0 LW * ?", ["2026-11-30 00:00:00", "2026-12-31 00:00:00", "2027-01-29 00:00:00"]],
    // 15 November 2026 was a Sunday, 15 May 2027 is a Saturday.
    ["0 0 0 15W 5 ?", ["2027-05-14 00:00:00", "2028-05-15 00:00:00", "2029-05-15 00:00:00"]],
    ["0 0 0 15W 11 ?", ["2027-11-15 00:00:00", "2028-11-15 00:00:00", "2029-11-15 00:00:00"]],
    // 1 May 2027 is a Saturday: the nearest weekday of the month is the third.
    ["0 0 0 1W 5 ?", ["2027-05-03 00:00:00", "2028-05-01 00:00:00", "2029-05-01 00:00:00"]],
    ["0 0 0 ? * 6L", ["2026-12-25 00:00:00", "2027-01-29 00:00:00", "2027-02-26 00:00:00"]],
    ["0 0 0 ? * L", ["2026-12-05 00:00:00", "2026-12-12 00:00:00", "2026-12-19 00:00:00"]],
    ["0 0 0 ? * MON#1", ["2026-12-07 00:00:00", "2027-01-04 00:00:00", "2027-02-01 00:00:00"]],
    ["0 0 0 ? * 2#5", ["2026-11-30 00:00:00", "2027-03-29 00:00:00", "2027-05-31 00:00:00"]],
    ["0 0 0 29 2 ?", ["2028-02-29 00:00:00", "2032-02-29 00:00:00", "2036-02-29 00:00:00"]],
    ["0 0 0 1,15 * ? 2027", ["2027-01-01 00:00:00", "2027-01-15 00:00:00", "2027-02-01 00:00:00"]],
    ["0 0 12 28 11 ? 2026-2027", ["2026-11-28 12:00:00", "2027-11-28 12:00:00"]],
    ["0 0 0 1 1 ? 2020", []],
    ["0 0 0 30 2 ?", []],
  ])("%s", (expression, expected) => {
    expect(following(expression, SATURDAY)).toEqual(expected);
  });

  test.each([
    ["", "expected 6 or 7 fields, from seconds to years, but found 0"],
    ["* * * * *", "but found 5"],
    ["0 0 0 1 * MON", "exactly one of day-of-month and day-of-week must be [?]"],
    ["0 0 0 ? * ?", "exactly one of"],
    ["60 * * * * ?", "invalid seconds [60]"],
    ["0 60 * * * ?", "invalid minutes [60]"],
    ["0 0 24 * * ?", "invalid hours [24]"],
    ["0 0 0 32 * ?", "invalid days of month [32]"],
    ["0 0 0 0 * ?", "invalid days of month [0]"],
    ["0 0 0 L-31 * ?", "invalid days of month [L-31]"],
    ["0 0 0 1 13 ?", "invalid months [13]"],
    ["0 0 0 1 JANUARY ?", "invalid months [JANUARY]"],
    ["0 0 0 ? * 8", "invalid days of week [8]"],
    ["0 0 0 ? * MON#6", "invalid days of week [MON#6]"],
    ["0 0 0 1 1 ? 1969", "invalid years [1969]"],
    ["0 */0 * * * ?", "invalid minutes [*/0]"],
    ["0 1,,2 * * * ?", "invalid minutes [1,,2]"],
    ["0 -5 * * * ?", "invalid minutes [-5]"],
  ])("[%s] is refused", (expression, problem) => {
    expect(() => cron(expression)).toThrow(problem);
  });

  test("gives the very next moment that its fields take", () => {
    const field = (least: number, greatest: number) =>
      fc.oneof(
        fc.constant("*"),
        fc.integer({ min: least, max: greatest }).map(String),
        fc
          .uniqueArray(fc.integer({ min: least, max: greatest }), { minLength: 1, maxLength: 4 })
          .map((list) => list.join(",")),
        fc
          .tuple(fc.integer({ min: least, max: greatest }), fc.integer({ min: 1, max: 7 }))
          .map(([from, step]) => `${from}/${step}`),
        fc
          .tuple(fc.integer({ min: least, max: greatest }), fc.integer({ min: least, max: greatest }))
          .map(([from, to]) => `${from}-${to}`),
      );
    const day = fc.oneof(
      field(1, 28).map((text) => ({ text: `${text} * ?`, week: false, field: text })),
      field(1, 7).map((text) => ({ text: `? * ${text}`, week: true, field: text })),
    );
    const after = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(field(0, 59), field(0, 23), day, after, (minutes, hours, days, afterMs) => {
        const next = cron(`0 ${minutes} ${hours} ${days.text}`)(afterMs) ?? 0;
        expect(next).toBeGreaterThan(afterMs);
        const takes = (ms: number) => {
          const date = new Date(ms);
          const dayNumber = days.week ? date.getUTCDay() + 1 : date.getUTCDate();
          return (
            date.getUTCSeconds() === 0 &&
            taken(minutes, date.getUTCMinutes(), 59) &&
            taken(hours, date.getUTCHours(), 23) &&
            taken(days.field, dayNumber, days.week ? 7 : 31)
          );
        };
        expect(takes(next)).toBe(true);
        const firstMinute = Math.floor(afterMs / 60_000) * 60_000 + 60_000;
        for (let ms = firstMinute; ms < Math.min(next, afterMs + 2 * 86_400_000); ms += 60_000)
          expect(takes(ms)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

/** The same rule told another way: whether a field of numbers takes one. */
function taken(field: string, number: number, greatest: number): boolean {
  if (field === "*") return true;
  const [from = "", step] = field.split("/");
  if (step !== undefined)
    return number >= Number(from) && number <= greatest && (number - Number(from)) % Number(step) === 0;
  const [low, high] = field.split("-").map(Number);
  if (high !== undefined && low !== undefined)
    return low <= high ? number >= low && number <= high : number >= low || number <= high;
  return field.split(",").map(Number).includes(number);
}

describe("an interval", () => {
  test("falls on the same moments whenever it is asked, each after the one before", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700_000 }), fc.integer({ min: 0, max: 4e12 }), (seconds, afterMs) => {
        const next = everyMs(seconds * 1000);
        const ms = next(afterMs) ?? 0;
        expect(ms > afterMs && ms <= afterMs + seconds * 1000).toBe(true);
        expect(ms % (seconds * 1000)).toBe(0);
      }),
    );
  });
});

test("of several schedules the earliest is next, and none where all have ended", () => {
  const past = cron("0 0 0 1 1 ? 2020");
  expect(earliest([cron("0 0 12 * * ?"), cron("0 0 11 * * ?"), past])(Date.parse(SATURDAY))).toBe(
    Date.parse("2026-11-28T11:00:00Z"),
  );
  expect(earliest([past])(Date.parse(SATURDAY))).toBe(undefined);
});
