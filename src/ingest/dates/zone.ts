import { Fault } from "../../lib/fault.ts";

/** How far a zone's clocks are ahead of UTC, in milliseconds. */
export type Zone = {
  offsetAt(utcMs: number): number;
  /** For a time as the zone's clocks show it; of two moments that they show, the earlier. */
  offsetOfWall(wallMs: number): number;
};

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Zones change their offset at quarters of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;
const MAX_KNOWN_ZONES = 64;
const MAX_KNOWN_OFFSETS = 512;

const zones = new Map<string, Zone>();

function fixedZone(offsetMs: number): Zone {
  return { offsetAt: () => offsetMs, offsetOfWall: () => offsetMs };
}

export const utc = fixedZone(0);

/** `UTC`, `Z`, `+02:00`, `-0530`, `GMT+1`, `Europe/Vienna`. Throws `date_invalid` for what is no zone. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = createZone(name);
  // Names come from documents too: they may not fill the memory.
  if (zones.size >= MAX_KNOWN_ZONES) zones.clear();
  zones.set(name, zone);
  return zone;
}

/** `+02`, `+0200`, `+02:00` in milliseconds; undefined when it is no offset. */
export function offsetOf(text: string): number | undefined {
  const match = /^([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hours, minutes = "0", seconds = "0"] = match;
  const ms = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * 1000;
  return Number(minutes) > 59 || ms > 18 * HOUR_MS ? undefined : sign === "-" ? -ms : ms;
}

function createZone(name: string): Zone {
  if (/^(?:Z|UTC|GMT|UT)$/i.test(name)) return utc;
  const offset = offsetOf(name.replace(/^(?:UTC|GMT|UT)(?=[+-])/, ""));
  if (offset !== undefined) return fixedZone(offset);
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw new Fault("date_invalid", `Unknown time-zone ID: ${name.slice(0, 100)}`);
  }
  const offsets = new Map<number, number>();
  const offsetAt = (utcMs: number): number => {
    const quarter = Math.floor(utcMs / QUARTER_MS);
    let offsetMs = offsets.get(quarter);
    if (offsetMs === undefined) {
      offsetMs = shownMs(format, quarter * QUARTER_MS) - quarter * QUARTER_MS;
      if (offsets.size >= MAX_KNOWN_OFFSETS) offsets.clear();
      offsets.set(quarter, offsetMs);
    }
    return offsetMs;
  };
  return {
    offsetAt,
    offsetOfWall(wallMs) {
      const around = [offsetAt(wallMs - 24 * HOUR_MS), offsetAt(wallMs + 24 * HOUR_MS)];
      const fits = around.filter((ms) => offsetAt(wallMs - ms) === ms);
      // A time that the clocks skip is read by the offset before it.
      return fits.length === 0 ? (around[0] ?? 0) : Math.max(...fits);
    },
  };
}

function shownMs(format: Intl.DateTimeFormat, utcMs: number): number {
  const parts = new Map(format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}
