import { type DayTest, dayOfMonth, dayOfWeek } from "./cron-days.ts";
import { FIRST_YEAR, type FieldKind, fieldValues, LAST_YEAR } from "./cron-fields.ts";

/** A schedule: the first moment after another, Unix milliseconds; undefined where there is none. */
export type NextMs = (afterMs: number) => number | undefined;

/** Why a text is no cron expression. */
export type CronProblem = { problem: string };

/**
 * A cron expression as Quartz has them: second, minute, hour, day of month, month, day of week and, where wanted, year; one
 * of the two days is `?`. Names, lists, ranges, steps, `L`, `W` and `#`. In UTC.
 */
export function parseCron(expression: string): NextMs | CronProblem {
  const fields = expression.trim().split(/\s+/);
  if (fields.length < 6 || fields.length > 7)
    return {
      problem: `expected 6 or 7 fields, from seconds to years, but found ${expression.trim() === "" ? 0 : fields.length}`,
    };
  const [second = "", minute = "", hour = "", dayOfTheMonth = "", month = "", dayOfTheWeek = "", year = "*"] = fields;
  if ((dayOfTheMonth === "?") === (dayOfTheWeek === "?"))
    return { problem: "exactly one of day-of-month and day-of-week must be [?]" };
  const list = (kind: FieldKind, text: string): readonly number[] | undefined => {
    const parts = text.split(",").map((part) => fieldValues(kind, part));
    return parts.includes(undefined)
      ? undefined
      : [...new Set(parts.flatMap((part) => part ?? []))].sort((a, b) => a - b);
  };
  const [seconds, minutes, hours, months, years] = [
    list("second", second),
    list("minute", minute),
    list("hour", hour),
    list("month", month),
    list("year", year),
  ];
  const isDay =
    dayOfTheMonth === "?"
      ? anyOf(dayOfTheWeek.split(",").map(dayOfWeek))
      : anyOf(dayOfTheMonth.split(",").map(dayOfMonth));
  if (seconds === undefined) return { problem: `invalid seconds [${second}]` };
  if (minutes === undefined) return { problem: `invalid minutes [${minute}]` };
  if (hours === undefined) return { problem: `invalid hours [${hour}]` };
  if (months === undefined) return { problem: `invalid months [${month}]` };
  if (years === undefined) return { problem: `invalid years [${year}]` };
  if (isDay === undefined)
    return {
      problem:
        dayOfTheMonth === "?" ? `invalid days of week [${dayOfTheWeek}]` : `invalid days of month [${dayOfTheMonth}]`,
    };
  return nextOf({ times: { seconds, minutes, hours }, months: new Set(months), years: new Set(years), isDay });
}

type Times = Readonly<Record<"seconds" | "minutes" | "hours", readonly number[]>>;
type Expression = { times: Times; months: ReadonlySet<number>; years: ReadonlySet<number>; isDay: DayTest };

const DAY_MS = 86_400_000;

function nextOf({ times, months, years, isDay }: Expression): NextMs {
  return (afterMs) => {
    // The first whole second after it.
    const fromMs = Math.max((Math.floor(afterMs / 1000) + 1) * 1000, Date.UTC(FIRST_YEAR, 0));
    const from = new Date(fromMs);
    const startOfDayMs = Math.floor(fromMs / DAY_MS) * DAY_MS;
    for (let year = from.getUTCFullYear(); year <= LAST_YEAR; year += 1) {
      if (!years.has(year)) continue;
      for (let month = 1; month <= 12; month += 1) {
        const firstMs = Date.UTC(year, month - 1, 1);
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
        if (!months.has(month) || firstMs + last * DAY_MS <= startOfDayMs) continue;
        for (let day = 1; day <= last; day += 1) {
          const dayMs = firstMs + (day - 1) * DAY_MS;
          // The epoch was a Thursday, the fifth day of the week.
          const weekday = ((dayMs / DAY_MS + 4) % 7) + 1;
          if (dayMs < startOfDayMs || !isDay({ day, last, weekday })) continue;
          const inDay = timeOfDay(times, dayMs === startOfDayMs ? (fromMs - dayMs) / 1000 : 0);
          if (inDay !== undefined) return dayMs + inDay * 1000;
        }
      }
    }
    return undefined;
  };
}

/** The first second of a day from one on; undefined where the day has none. */
function timeOfDay({ seconds, minutes, hours }: Times, from: number): number | undefined {
  const [fromHour, fromMinute, fromSecond] = [Math.floor(from / 3600), Math.floor(from / 60) % 60, from % 60];
  for (const hour of hours) {
    if (hour < fromHour) continue;
    for (const minute of minutes) {
      if (hour === fromHour && minute < fromMinute) continue;
      const isNow = hour === fromHour && minute === fromMinute;
      const second = seconds.find((one) => !isNow || one >= fromSecond);
      if (second !== undefined) return (hour * 60 + minute) * 60 + second;
    }
  }
  return undefined;
}

/** Undefined where one of the parts is none. */
function anyOf(tests: readonly (DayTest | undefined)[]): DayTest | undefined {
  const known = tests.flatMap((test) => test ?? []);
  return known.length < tests.length ? undefined : (day) => known.some((test) => test(day));
}

/** The earliest of several. */
export function earliest(schedules: readonly NextMs[]): NextMs {
  return (afterMs) => {
    const moments = schedules.flatMap((next) => next(afterMs) ?? []);
    return moments.length === 0 ? undefined : Math.min(...moments);
  };
}

/** Every so often, counted from the Unix epoch: the same moments after each start. */
export function everyMs(intervalMs: number): NextMs {
  return (afterMs) => (Math.floor(afterMs / intervalMs) + 1) * intervalMs;
}
