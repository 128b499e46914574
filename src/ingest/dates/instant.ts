/** A moment: whole milliseconds since the Unix epoch, and the nanoseconds below them (0 to 999,999). */
export type Instant = { ms: number; nanos: number };

/** A date and time of day as a clock on a wall shows it. */
export type WallTime = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Nanoseconds of the second. */
  nano: number;
};

const NANOS_PER_MS = 1_000_000;

/** The moment at which a clock in UTC shows this; undefined when there is no such day or time. */
export function utcInstant(wall: WallTime): Instant | undefined {
  const { year, month, day, hour, minute, nano } = wall;
  // A leap second is taken for the second before it.
  const second = wall.second === 60 ? 59 : wall.second;
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ms =
    midnightMs(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(nano / NANOS_PER_MS);
  return Number.isFinite(ms) ? { ms, nanos: nano % NANOS_PER_MS } : undefined;
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

function midnightMs(year: number, month: number, day: number): number {
  // `Date.UTC` takes years below 100 for those of the twentieth century.
  return year >= 100 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day);
}

export function utcWallTime({ ms, nanos }: Instant): WallTime {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nano: date.getUTCMilliseconds() * NANOS_PER_MS + nanos,
  };
}
