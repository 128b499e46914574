import { type Instant, utcInstant, utcWallTime, type WallTime } from "./instant.ts";
import { javaTokens } from "./java-tokens.ts";
import { type DateParts, readDate } from "./read-date.ts";
import { type Zone, zoneOf } from "./zone.ts";

/** Reads a text; undefined when it is not of the format. `reference` is asked for what the text leaves out. */
export type DateFormat = (text: string, options: Reading) => Instant | undefined;

type Reading = { zone: Zone; reference: () => Instant };

/** A line without a year, or without a day, may be this much ahead of the moment at which it was read. */
const AHEAD_MS = { year: 86_400_000, day: 3_600_000 } as const;
const DAY_MS = 86_400_000;
/** 29 February may be eight years away. */
const YEARS_BACK = 8;

const ISO =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:T(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?$/;
/** TAI is 10 s ahead of UTC's count here, as Elasticsearch has it. */
const TAI_AHEAD_S = 10;

/**
 * A format of the date processor: `ISO8601`, `UNIX` (seconds), `UNIX_MS`, `TAI64N`, or a pattern of Java's letters.
 * Where a pattern has no year, the latest year is taken in which the moment is at most a day after the reference; where
 * it has no date at all, the latest day (at most an hour). Throws `date_invalid` for a bad pattern.
 */
export function dateFormat(name: string): DateFormat {
  switch (name) {
    case "ISO8601":
      return readIso;
    case "UNIX":
      return (text) => (/^-?\d{1,15}(\.\d+)?$/.test(text) ? ofMs(Number(text) * 1000) : undefined);
    case "UNIX_MS":
      return (text) => (/^-?\d{1,16}(\.\d+)?$/.test(text) ? ofMs(Number(text)) : undefined);
    case "TAI64N":
      return readTai;
    default: {
      const tokens = javaTokens(name);
      return (text, { zone, reference }) => {
        const parts = readDate(tokens, text);
        return parts === undefined ? undefined : instantOf({ parts, zone, reference });
      };
    }
  }
}

function readIso(text: string, { zone, reference }: Reading): Instant | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day = "1", hour = "0", minute = "0", second = "0", fraction = "", offset] = match;
  const parts: DateParts = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    nano: Number(fraction.padEnd(9, "0")),
    ...(offset === undefined ? {} : { zone: offset }),
  };
  return instantOf({ parts, zone, reference });
}

function readTai(text: string): Instant | undefined {
  const match = /^@?4([0-9a-f]{15})([0-9a-f]{8})$/i.exec(text);
  if (match === null) return undefined;
  const nanos = Number.parseInt(match[2] ?? "", 16);
  const ms = (Number.parseInt(match[1] ?? "", 16) - TAI_AHEAD_S) * 1000 + Math.floor(nanos / 1_000_000);
  return inRange({ ms, nanos: nanos % 1_000_000 });
}

function ofMs(value: number): Instant | undefined {
  const ms = Math.floor(value);
  return inRange({ ms, nanos: Math.round((value - ms) * 1000) * 1000 });
}

function inRange(instant: Instant): Instant | undefined {
  return Number.isFinite(new Date(instant.ms).getTime()) ? instant : undefined;
}

function instantOf(options: Reading & { parts: DateParts }): Instant | undefined {
  const { parts } = options;
  const zone = parts.zone === undefined ? options.zone : zoneOf(parts.zone);
  const hour = parts.hour ?? (parts.halfHour ?? 0) + (parts.afternoon === true ? 12 : 0);
  const time = { hour, minute: parts.minute ?? 0, second: parts.second ?? 0, nano: parts.nano ?? 0 };
  const moment = (wall: WallTime): Instant | undefined => {
    const shown = utcInstant(wall);
    return shown && inRange({ ms: shown.ms - zone.offsetOfWall(shown.ms), nanos: shown.nanos });
  };
  const { year, month, day } = parts;
  if (year !== undefined) return moment({ year, month: month ?? 1, day: day ?? 1, ...time });

  const reference = options.reference();
  const today = utcWallTime({ ms: reference.ms + zone.offsetAt(reference.ms), nanos: 0 });
  if (month === undefined && day === undefined) {
    const atToday = moment({ ...today, ...time });
    if (atToday === undefined) return undefined;
    const days = Math.floor((reference.ms + AHEAD_MS.day - atToday.ms) / DAY_MS);
    return { ms: atToday.ms + days * DAY_MS, nanos: atToday.nanos };
  }
  for (let back = -1; back <= YEARS_BACK; back += 1) {
    const found = moment({ year: today.year - back, month: month ?? 1, day: day ?? 1, ...time });
    if (found !== undefined && found.ms <= reference.ms + AHEAD_MS.year) return found;
  }
  return undefined;
}
