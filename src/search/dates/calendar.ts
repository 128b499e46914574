import { type TimeZone, utcOfLocalMs } from "./time-zone.ts";

/** Units of the calendar, as DuckDB's `date_trunc` names them. */
export type CalendarUnit = "second" | "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

const FIXED_MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;
const DAY_MS = FIXED_MS.day;

/** Whether the unit is one of days, of which each begins at a local midnight. */
export function isOfDays(unit: CalendarUnit): boolean {
  return unit !== "second" && unit !== "minute" && unit !== "hour";
}

/** The beginning of the unit that holds a local time; both are local times as if they were UTC. */
function floorLocal(unit: CalendarUnit, localMs: number): number {
  if (unit === "week") {
    // The epoch was a Thursday; weeks begin on Monday.
    const days = Math.floor(localMs / DAY_MS);
    return (days - ((((days + 3) % 7) + 7) % 7)) * DAY_MS;
  }
  if (unit === "month" || unit === "quarter" || unit === "year") {
    const date = new Date(localMs);
    const month = date.getUTCMonth();
    return utcDate(date.getUTCFullYear(), month - (month % MONTHS[unit]), 1);
  }
  const length = FIXED_MS[unit];
  return Math.floor(localMs / length) * length;
}

/** A local time some units later (earlier where `count` is negative); the day of a month is its last where it has fewer. */
function addLocal(unit: CalendarUnit, localMs: number, count: number): number {
  if (unit === "week") return localMs + count * 7 * DAY_MS;
  if (unit !== "month" && unit !== "quarter" && unit !== "year") return localMs + count * FIXED_MS[unit];
  const date = new Date(localMs);
  const months = date.getUTCMonth() + count * MONTHS[unit];
  const lastDay = new Date(utcDate(date.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const timeOfDay = localMs - Math.floor(localMs / DAY_MS) * DAY_MS;
  return utcDate(date.getUTCFullYear(), months, Math.min(date.getUTCDate(), lastDay)) + timeOfDay;
}

function utcDate(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}

/** The beginning of the unit that holds a moment, Unix milliseconds. */
export function floorToUnit(unit: CalendarUnit, utcMs: number, zone: TimeZone): number {
  const offset = zone.offsetMs(utcMs);
  const local = floorLocal(unit, utcMs + offset);
  return isOfDays(unit) ? utcOfLocalMs(zone, local) : local - offset;
}

/** The moment some units later on the local calendar. */
export function addUnits(options: { unit: CalendarUnit; utcMs: number; count: number; zone: TimeZone }): number {
  const { unit, utcMs, count, zone } = options;
  // Hours and less are lengths of time: no change of the clocks stretches them.
  if (!isOfDays(unit)) return addLocal(unit, utcMs, count);
  return utcOfLocalMs(zone, addLocal(unit, utcMs + zone.offsetMs(utcMs), count));
}
