import { invalid, unsupported } from "../search-fault.ts";
import { type DatePattern, datePattern } from "./date-pattern.ts";
import { parseIsoUs } from "./iso-date.ts";
import { type TimeZone, UTC } from "./time-zone.ts";

/** A format of the mapping or of a request: patterns and names joined by `||`; the first one prints. */
export type DateFormat = {
  /** Microseconds since the Unix epoch; throws a `parse_exception` naming text and format. */
  parse(text: string, options: { zone: TimeZone; roundUp: boolean }): bigint;
  print(us: bigint, zone: TimeZone): string;
};

export const DEFAULT_FORMAT_NAME = "strict_date_optional_time||epoch_millis";

const MAX_US = BigInt(Number.MAX_SAFE_INTEGER);
const ISO_PRINTER = datePattern("yyyy-MM-dd'T'HH:mm:ss");
const ZONE_PRINTER = datePattern("XXX");
const YEAR_0_US = BigInt(Date.parse("0000-01-01T00:00:00Z")) * 1000n;
const YEAR_10000_US = BigInt(Date.parse("9999-12-31T23:59:59.999Z") + 1) * 1000n;

const iso: DatePattern = {
  parse: parseIsoUs,
  /** At least milliseconds, as many digits as the moment has. */
  print(us, zone) {
    // The language's own form says the same of whole milliseconds of the years 0 to 9999, and is much faster.
    if (zone === UTC && us % 1000n === 0n && us >= YEAR_0_US && us < YEAR_10000_US)
      return new Date(Number(us / 1000n)).toISOString();
    const micros = String(((us % 1_000_000n) + 1_000_000n) % 1_000_000n).padStart(6, "0");
    const fraction = micros.endsWith("000") ? micros.slice(0, 3) : micros.replace(/0+$/, "");
    return `${ISO_PRINTER.print(us, zone)}.${fraction}${ZONE_PRINTER.print(us, zone)}`;
  },
};

/** A number of milliseconds or seconds, with a fraction down to the microsecond. */
function epoch(unitUs: bigint): DatePattern {
  const digits = String(unitUs).length - 1;
  return {
    parse(text) {
      const [, sign, whole, fraction = ""] = /^(-?)(\d{1,19})(?:\.(\d+))?$/.exec(text) ?? [];
      if (whole === undefined) return undefined;
      const us = BigInt(whole) * unitUs + BigInt(fraction.padEnd(digits, "0").slice(0, digits));
      return sign === "-" ? -us : us;
    },
    print(us) {
      const [whole, rest] = [us / unitUs, us % unitUs];
      if (rest === 0n) return String(whole);
      const sign = us < 0n ? "-" : "";
      const fraction = String(rest < 0n ? -rest : rest)
        .padStart(digits, "0")
        .replace(/0+$/, "");
      return `${sign}${whole < 0n ? -whole : whole}.${fraction}`;
    },
  };
}

const PATTERNS: Readonly<Record<string, string>> = {
  date: "yyyy-MM-dd",
  date_hour: "yyyy-MM-dd'T'HH",
  date_hour_minute: "yyyy-MM-dd'T'HH:mm",
  date_hour_minute_second: "yyyy-MM-dd'T'HH:mm:ss",
  date_hour_minute_second_millis: "yyyy-MM-dd'T'HH:mm:ss.SSS",
  date_hour_minute_second_fraction: "yyyy-MM-dd'T'HH:mm:ss.SSS",
  date_time: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  date_time_no_millis: "yyyy-MM-dd'T'HH:mm:ssXXX",
  year: "yyyy",
  year_month: "yyyy-MM",
  year_month_day: "yyyy-MM-dd",
  hour: "HH",
  hour_minute: "HH:mm",
  hour_minute_second: "HH:mm:ss",
  basic_date: "yyyyMMdd",
  basic_date_time: "yyyyMMdd'T'HHmmss.SSSX",
  basic_date_time_no_millis: "yyyyMMdd'T'HHmmssX",
};

function namedPattern(name: string): DatePattern {
  if (name === "epoch_millis") return epoch(1000n);
  if (name === "epoch_second") return epoch(1_000_000n);
  const plain = name.replace(/^strict_/, "");
  if (plain === "date_optional_time" || name === "iso8601") return iso;
  const pattern = Object.hasOwn(PATTERNS, plain) ? PATTERNS[plain] : undefined;
  if (pattern === undefined && /^[a-z]+(?:_[a-z0-9]+)+$/.test(name)) throw unsupported(`the date format [${name}]`);
  return datePattern(pattern ?? name);
}

const known = new Map<string, DateFormat>();

/** Throws for what is no format, or none that is supported. */
export function dateFormat(name: string): DateFormat {
  const before = known.get(name);
  if (before !== undefined) return before;
  const patterns = name.split("||").map(namedPattern);
  const format: DateFormat = {
    parse(text, options) {
      for (const pattern of patterns) {
        const us = pattern.parse(text, options);
        // What lies outside of any document's time compares the same at the edge.
        if (us !== undefined) return us > MAX_US ? MAX_US : us < -MAX_US ? -MAX_US : us;
      }
      throw invalid(`failed to parse date field [${text}] with format [${name}]`, "parse_exception");
    },
    print: (us, zone) => (patterns[0] ?? iso).print(us, zone),
  };
  if (known.size < 1000) known.set(name, format);
  return format;
}

/** `strict_date_optional_time||epoch_millis`, Elasticsearch's default. */
export const DEFAULT_FORMAT = dateFormat(DEFAULT_FORMAT_NAME);
