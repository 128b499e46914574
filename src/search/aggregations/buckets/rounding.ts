import { addUnits, type CalendarUnit, floorToUnit, isOfDays } from "../../dates/calendar.ts";
import { type TimeZone, utcOfLocalMs } from "../../dates/time-zone.ts";
import { invalid } from "../../search-fault.ts";
import { quotedText } from "../../target.ts";

/** Spans of time that follow each other; a moment belongs to the one that holds it. */
export type Rounding = {
  /** SQL of a span's key, a BIGINT, from a moment in microseconds. */
  keySql(us: string): string;
  /** The beginning of the span of a key, Unix milliseconds. */
  startMs(key: bigint): number;
  floorMs(ms: number): number;
  nextMs(startMs: number): number;
};

const CALENDAR: Readonly<Record<string, CalendarUnit>> = {
  second: "second",
  "1s": "second",
  minute: "minute",
  "1m": "minute",
  hour: "hour",
  "1h": "hour",
  day: "day",
  "1d": "day",
  week: "week",
  "1w": "week",
  month: "month",
  "1M": "month",
  quarter: "quarter",
  "1q": "quarter",
  year: "year",
  "1y": "year",
};
const FIXED_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function calendarUnit(text: string): CalendarUnit {
  const unit = Object.hasOwn(CALENDAR, text) ? CALENDAR[text] : undefined;
  if (unit !== undefined) return unit;
  throw invalid(
    `[date_histogram] failed to parse field [calendar_interval]: The supplied interval [${text}] could not be parsed as a calendar interval.`,
    "x_content_parse_exception",
  );
}

/** `90s`, `1h`; with `signed` an offset such as `-6h` or `+30m`. */
export function durationMs(text: string, what: string, signed = false): number {
  const [, sign, amount, unit = ""] = /^([+-]?)(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(amount) * (FIXED_MS[unit] ?? Number.NaN);
  if (Number.isSafeInteger(ms) && (signed || (sign === "" && ms > 0))) return sign === "-" ? -ms : ms;
  throw invalid(
    `failed to parse setting [${what}] with value [${text}] as a time value: unit is missing or unrecognized`,
    "illegal_argument_exception",
  );
}

export function calendarRounding(unit: CalendarUnit, zone: TimeZone, offsetMs: number, everyUnits = 1): Rounding {
  const days = isOfDays(unit);
  const trunc = (local: string) => `epoch_us(date_trunc('${unit}', ${local}))`;
  const localKey = (us: string) => trunc(localTimeSql(us, zone));
  return shifted(offsetMs, {
    // Hours and less are told by their own moment: when clocks go back, an hour comes twice.
    keySql: (us) => (days ? localKey(us) : `${localKey(us)} - ${aheadSql(us, zone)}`),
    startMs: (key) => (days ? utcOfLocalMs(zone, Number(key / 1000n)) : Number(key) / 1000),
    floorMs: (ms) => floorToUnit(unit, ms, zone),
    nextMs: (startMs) => addUnits({ unit, utcMs: startMs, count: everyUnits, zone }),
  });
}

export function fixedRounding(intervalMs: number, zone: TimeZone, offsetMs: number): Rounding {
  const us = BigInt(intervalMs) * 1000n;
  const floor = (ms: number) => Math.floor(ms / intervalMs) * intervalMs;
  const ahead = (value: string) => aheadSql(value, zone);
  const floorSql = (value: string) => {
    const local = `(${value} + ${ahead(value)})`;
    return `(${local} - ((${local} % ${us} + ${us}) % ${us}))`;
  };
  const floorMs = (ms: number): number => {
    const local = floor(ms + zone.offsetMs(ms));
    const start = local - zone.offsetMs(ms);
    return zone.offsetMs(start) === zone.offsetMs(ms) ? start : local - zone.offsetMs(start);
  };
  return shifted(offsetMs, {
    // A span that began before the clocks were changed began by the offset of then.
    keySql(value) {
      const start = `(${floorSql(value)} - ${ahead(value)})`;
      if (zone.fixedOffsetMs !== undefined) return start;
      return `CASE WHEN ${ahead(start)} = ${ahead(value)} THEN ${start} ELSE ${floorSql(value)} - ${ahead(start)} END`;
    },
    startMs: (key) => Number(key) / 1000,
    floorMs,
    nextMs(startMs) {
      // When clocks go back, local time repeats: the next span is the one that holds the moment an interval later.
      const next = floorMs(startMs + intervalMs);
      return next > startMs ? next : utcOfLocalMs(zone, startMs + zone.offsetMs(startMs) + intervalMs);
    },
  });
}

function shifted(offsetMs: number, rounding: Rounding): Rounding {
  if (offsetMs === 0) return rounding;
  const offsetUs = BigInt(offsetMs) * 1000n;
  return {
    keySql: (us) => rounding.keySql(`(${us} - ${offsetUs})`),
    startMs: (key) => rounding.startMs(key) + offsetMs,
    floorMs: (ms) => rounding.floorMs(ms - offsetMs) + offsetMs,
    nextMs: (startMs) => rounding.nextMs(startMs - offsetMs) + offsetMs,
  };
}

function localTimeSql(us: string, zone: TimeZone): string {
  if (zone.fixedOffsetMs === 0) return `make_timestamp(${us})`;
  if (zone.fixedOffsetMs !== undefined) return `make_timestamp(${us} + ${BigInt(zone.fixedOffsetMs) * 1000n})`;
  return `(make_timestamptz(${us}) AT TIME ZONE ${quotedText(zone.id)})`;
}

/** How far local time is ahead, in microseconds. */
function aheadSql(us: string, zone: TimeZone): string {
  if (zone.fixedOffsetMs !== undefined) return String(BigInt(zone.fixedOffsetMs) * 1000n);
  return `(epoch_us(${localTimeSql(us, zone)}) - ${us})`;
}
