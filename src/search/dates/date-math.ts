import { invalid } from "../search-fault.ts";
import { addUnits, type CalendarUnit, floorToUnit } from "./calendar.ts";
import type { DateFormat } from "./date-format.ts";
import type { TimeZone } from "./time-zone.ts";

const UNITS: Readonly<Record<string, CalendarUnit>> = {
  y: "year",
  M: "month",
  w: "week",
  d: "day",
  h: "hour",
  H: "hour",
  m: "minute",
  s: "second",
};

const STEP = /([+-])(\d*)([yMwdhHms])|\/([yMwdhHms])/y;

export type DateReading = {
  format: DateFormat;
  zone: TimeZone;
  /** A missing time of day, and a rounding, mean the last moment (for `gt` and `lte`). */
  roundUp: boolean;
  nowMs: number;
};

/**
 * A date of a request as microseconds since the Unix epoch: one in the given format, or date math, which begins with
 * `now` or with a date and `||` and goes on with steps such as `+1h`, `-2d` and `/d`. Throws a `parse_exception`.
 */
export function readDateUs(value: string | number, reading: DateReading): bigint {
  const text = String(value);
  if (text.startsWith("now")) return applyMath(BigInt(reading.nowMs) * 1000n, text.slice(3), text, reading);
  const bars = text.indexOf("||");
  if (bars < 0) return reading.format.parse(text, reading);
  // The date before the bars is a moment, not a span: only the math behind it is rounded up.
  const anchor = reading.format.parse(text.slice(0, bars), { ...reading, roundUp: false });
  return applyMath(anchor, text.slice(bars + 2), text, reading);
}

function applyMath(startUs: bigint, math: string, whole: string, { zone, roundUp }: DateReading): bigint {
  let us = startUs;
  let at = 0;
  while (at < math.length) {
    STEP.lastIndex = at;
    const step = STEP.exec(math);
    if (step === null) throw invalid(`failed to parse date math [${math.slice(at)}] in [${whole}]`, "parse_exception");
    at = STEP.lastIndex;
    const [, sign, digits, unitName = "", rounding] = step;
    const unit = UNITS[rounding ?? unitName] as CalendarUnit;
    const ms = Number(us / 1000n);
    if (!Number.isSafeInteger(ms) || Math.abs(ms) > 8.64e15) throw outOfRange(whole);
    if (rounding === undefined) {
      const count = Number(digits === "" ? 1 : digits) * (sign === "-" ? -1 : 1);
      const moved = addUnits({ unit, utcMs: ms, count, zone });
      if (!Number.isFinite(moved)) throw outOfRange(whole);
      us = BigInt(moved) * 1000n + (us % 1000n);
      continue;
    }
    const floor = floorToUnit(unit, ms, zone);
    us = roundUp ? BigInt(addUnits({ unit, utcMs: floor, count: 1, zone })) * 1000n - 1n : BigInt(floor) * 1000n;
  }
  return us;
}

function outOfRange(text: string): Error {
  return invalid(`date math [${text}] leaves the years that can be told`, "illegal_argument_exception");
}
