import { invalid, unsupported } from "./search-fault.ts";

const ISO =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/;
const EPOCH_MILLIS = /^-?\d{5,17}$/;
const MAX_US = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Elasticsearch's default date format, `strict_date_optional_time||epoch_millis`, as microseconds since the Unix epoch.
 * With `roundUp` (for `gt` and `lte`) a missing time of day is the last one: 23:59:59.999999.
 */
export function parseDateUs(value: string | number, roundUp: boolean): bigint {
  const us = typeof value === "number" ? usOfMillis(value) : parseText(value, roundUp);
  // What lies outside of any document's time compares the same at the edge.
  return us > MAX_US ? MAX_US : us < -MAX_US ? -MAX_US : us;
}

/** Milliseconds with a fraction, exact to the microsecond until the year 2112. */
function usOfMillis(millis: number): bigint {
  const whole = Math.floor(millis);
  return BigInt(whole) * 1000n + BigInt(Math.round((millis - whole) * 1000));
}

function parseText(text: string, roundUp: boolean): bigint {
  if (EPOCH_MILLIS.test(text)) return BigInt(text) * 1000n;
  if (text.startsWith("now") || text.includes("||")) throw unsupported(`date math [${text}]`);
  const parts = ISO.exec(text);
  const fail = () =>
    invalid(
      `failed to parse date field [${text}] with format [strict_date_optional_time||epoch_millis]`,
      "parse_exception",
    );
  if (parts === null) throw fail();
  const [, year = "", month = "01", day = "01", hour, minute, second, fraction, zone = "Z"] = parts;
  const last = (part: string | undefined, highest: string) => part ?? (roundUp ? highest : "00");
  const clock = `${last(hour, "23")}:${last(minute, "59")}:${last(second, "59")}`;
  const midnightMs = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  const zoned = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.replace(":", "").slice(3, 5) || "00"}` : "Z";
  const ms = Date.parse(`${year}-${month}-${day}T${clock}${zoned}`);
  // JavaScript takes the 31st of February for the 3rd of March.
  if (Number.isNaN(ms) || new Date(midnightMs).getUTCDate() !== Number(day)) throw fail();
  const fractionUs = fraction === undefined ? (roundUp ? 999_999n : 0n) : BigInt(fraction.padEnd(6, "0").slice(0, 6));
  return BigInt(ms) * 1000n + fractionUs;
}

/** `2026-11-22T10:00:00Z`, with milliseconds or microseconds where they are not zero. */
export function isoFromUs(us: bigint): string {
  const ms = us / 1000n;
  const restUs = Number(us % 1000n);
  const iso = new Date(Number(ms)).toISOString();
  if (restUs !== 0) return `${iso.slice(0, -1)}${String(restUs).padStart(3, "0")}Z`;
  return iso.endsWith(".000Z") ? `${iso.slice(0, -5)}Z` : iso;
}
