import { type TimeZone, utcOfLocalMs } from "./time-zone.ts";

const ISO =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(?:(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?)?$/;

/**
 * Elasticsearch's `strict_date_optional_time` as microseconds since the Unix epoch, in `zone` where the text has none of
 * its own. With `roundUp` a missing time of day is the last one, 23:59:59.999999. Undefined for another form.
 */
export function parseIsoUs(text: string, options: { zone: TimeZone; roundUp: boolean }): bigint | undefined {
  const { zone, roundUp } = options;
  const parts = ISO.exec(text);
  if (parts === null) return undefined;
  const [, year = "", month = "01", day = "01", hour, minute, second, fraction, offset] = parts;
  const last = (part: string | undefined, highest: string) => part ?? (roundUp ? highest : "00");
  const clock = `${last(hour, "23")}:${last(minute, "59")}:${last(second, "59")}`;
  const midnightMs = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  const localMs = Date.parse(`${year}-${month}-${day}T${clock}Z`);
  // JavaScript takes the 31st of February for the 3rd of March.
  if (Number.isNaN(localMs) || new Date(midnightMs).getUTCDate() !== Number(day) || clock >= "24") return undefined;
  const ms = offset === undefined ? utcOfLocalMs(zone, localMs) : localMs - offsetMs(offset);
  const fractionUs = fraction === undefined ? (roundUp ? 999_999n : 0n) : BigInt(fraction.padEnd(6, "0").slice(0, 6));
  return BigInt(ms) * 1000n + fractionUs;
}

function offsetMs(offset: string): number {
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** `2026-11-22T10:00:00Z`, with milliseconds or microseconds where they are not zero. */
export function isoFromUs(us: bigint): string {
  const restUs = ((us % 1000n) + 1000n) % 1000n;
  const iso = new Date(Number((us - restUs) / 1000n)).toISOString();
  if (restUs !== 0n) return `${iso.slice(0, -1)}${String(restUs).padStart(3, "0")}Z`;
  return iso.endsWith(".000Z") ? `${iso.slice(0, -5)}Z` : iso;
}
