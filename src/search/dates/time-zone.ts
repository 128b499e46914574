import { invalid } from "../search-fault.ts";

/** Knows how far local time is ahead of UTC. */
export type TimeZone = {
  id: string;
  /** The one offset of a fixed zone, milliseconds; undefined where it changes. */
  fixedOffsetMs?: number;
  /** Milliseconds that local time is ahead at a moment (Unix milliseconds). */
  offsetMs(utcMs: number): number;
};

export const UTC: TimeZone = { id: "UTC", fixedOffsetMs: 0, offsetMs: () => 0 };

const OFFSET = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?$/;

/** An offset (`+01:00`), `Z`, or a name of the time zone database; anything else is refused as Elasticsearch does. */
export function timeZone(id: string): TimeZone {
  if (["Z", "UTC", "GMT", "UT", "Etc/UTC"].includes(id)) return UTC;
  const offset = OFFSET.exec(id);
  if (offset !== null) {
    const [, sign, hours = "0", minutes = "0"] = offset;
    const offsetMs = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    return { id, fixedOffsetMs: offsetMs, offsetMs: () => offsetMs };
  }
  try {
    return changingZone(id, new Intl.DateTimeFormat("en-US", { ...FIELDS, timeZone: id }));
  } catch {
    throw invalid(`Unknown time-zone ID: ${id}`, "illegal_argument_exception");
  }
}

const FIELDS = {
  hourCycle: "h23",
  era: "short",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
} as const satisfies Intl.DateTimeFormatOptions;

function changingZone(id: string, format: Intl.DateTimeFormat): TimeZone {
  const known = new Map<number, number>();
  return {
    id,
    offsetMs(utcMs) {
      // No zone changes its offset within a quarter of an hour of the clock.
      const quarter = Math.floor(utcMs / 900_000) * 900_000;
      let offset = known.get(quarter);
      if (offset === undefined) {
        if (known.size > 10_000) known.clear();
        offset = readOffset(format, quarter);
        known.set(quarter, offset);
      }
      return offset;
    },
  };
}

function readOffset(format: Intl.DateTimeFormat, utcMs: number): number {
  const parts = new Map(format.formatToParts(utcMs).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name));
  const year = parts.get("era") === "BC" ? 1 - part("year") : part("year");
  const local = new Date(0);
  local.setUTCFullYear(year, part("month") - 1, part("day"));
  local.setUTCHours(part("hour"), part("minute"), part("second"));
  return local.getTime() - utcMs;
}

/** The first moment with this local time (given as if it were UTC); in a gap the moment at which the gap ends. */
export function utcOfLocalMs(zone: TimeZone, localMs: number): number {
  if (zone.fixedOffsetMs !== undefined) return localMs - zone.fixedOffsetMs;
  const day = 86_400_000;
  const [before, after] = [zone.offsetMs(localMs - day), zone.offsetMs(localMs + day)];
  const candidates = [localMs - Math.max(before, after), localMs - Math.min(before, after)];
  for (const utcMs of candidates) if (utcMs + zone.offsetMs(utcMs) === localMs) return utcMs;
  return endOfGap({ zone, fromMs: candidates[0] ?? localMs, toMs: candidates[1] ?? localMs, localMs });
}

function endOfGap(options: { zone: TimeZone; fromMs: number; toMs: number; localMs: number }): number {
  const { zone, localMs } = options;
  let [low, high] = [options.fromMs - 1, options.toMs + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle + zone.offsetMs(middle) > localMs) high = middle;
    else low = middle;
  }
  return high;
}
