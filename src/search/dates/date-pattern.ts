import { invalid, unsupported } from "../search-fault.ts";
import { type TimeZone, utcOfLocalMs } from "./time-zone.ts";

/** One pattern of Java's `DateTimeFormatter`, as far as it is supported. */
export type DatePattern = {
  /** Microseconds since the Unix epoch; undefined for a text of another form. */
  parse(text: string, options: { zone: TimeZone; roundUp: boolean }): bigint | undefined;
  print(us: bigint, zone: TimeZone): string;
};

type Fields = Partial<
  Record<"year" | "month" | "day" | "hour" | "minute" | "second" | "micros" | "offsetMs", number>
> & {
  afternoon?: boolean;
};
type Local = { year: number; month: number; day: number; hour: number; minute: number; second: number; micros: number };
type Moment = Local & { weekday: number; offsetMs: number };

/** One letter of a pattern, repeated `width` times: how it is read and written. */
type Part = { regexp: string; read(text: string, fields: Fields): void; write(moment: Moment): string };

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LONG_MONTHS = "January February March April May June July August September October November December".split(" ");
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function digits(name: keyof Local, width: number): Part {
  return {
    regexp: width === 1 ? "\\d{1,2}" : `\\d{${width}}`,
    read: (text, fields) => {
      fields[name] = Number(text);
    },
    write: (moment) => String(moment[name]).padStart(width, "0"),
  };
}

function names(
  list: readonly string[],
  read: (place: number, fields: Fields) => void,
  place: (m: Moment) => number,
): Part {
  return {
    regexp: list.join("|"),
    read: (text, fields) => read(list.indexOf(text), fields),
    write: (moment) => list[place(moment)] ?? "",
  };
}

const readMonth = (place: number, fields: Fields) => {
  fields.month = place + 1;
};

/** Letters by what they stand for; `undefined` where the width has no meaning here. */
const LETTERS: Readonly<Record<string, (width: number) => Part | undefined>> = {
  y: year,
  u: year,
  M: (width) => {
    if (width <= 2) return digits("month", width);
    return width > 4 ? undefined : names(width === 3 ? MONTHS : LONG_MONTHS, readMonth, ({ month }) => month - 1);
  },
  d: (width) => (width <= 2 ? digits("day", width) : undefined),
  H: (width) => (width <= 2 ? digits("hour", width) : undefined),
  h: (width) => {
    if (width > 2) return undefined;
    return { ...digits("hour", width), write: ({ hour }) => String(hour % 12 || 12).padStart(width, "0") };
  },
  a: () => ({
    regexp: "AM|PM",
    read: (text, fields) => {
      fields.afternoon = text === "PM";
    },
    write: ({ hour }) => (hour < 12 ? "AM" : "PM"),
  }),
  m: (width) => (width <= 2 ? digits("minute", width) : undefined),
  s: (width) => (width <= 2 ? digits("second", width) : undefined),
  S: (width) => ({
    regexp: `\\d{${width}}`,
    read: (text, fields) => {
      fields.micros = Number(text.padEnd(6, "0").slice(0, 6));
    },
    write: ({ micros }) => String(micros).padStart(6, "0").padEnd(width, "0").slice(0, width),
  }),
  E: (width) =>
    width > 4
      ? undefined
      : names(
          width <= 3 ? WEEKDAYS : LONG_WEEKDAYS,
          () => undefined,
          ({ weekday }) => weekday,
        ),
  X: (width) => (width <= 3 ? offset(width === 3 ? ":" : "", "Z", width === 1) : undefined),
  x: (width) => (width <= 3 ? offset(width === 3 ? ":" : "", undefined, width === 1) : undefined),
  Z: (width) => (width <= 3 ? offset("", undefined, false) : width === 5 ? offset(":", "Z", false) : undefined),
};

function year(width: number): Part | undefined {
  if (width === 2) {
    return {
      ...digits("year", 2),
      read: (text, fields) => {
        fields.year = 2000 + Number(text);
      },
      write: (moment) => String(moment.year % 100).padStart(2, "0"),
    };
  }
  return width === 1 || width === 4 ? { ...digits("year", width), regexp: "\\d{4}" } : undefined;
}

function offset(colon: string, zero: string | undefined, hoursAlone: boolean): Part {
  return {
    regexp: "Z|[+-]\\d{2}(?::?\\d{2})?",
    read: (text, fields) => {
      const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
      const total = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
      fields.offsetMs = (sign === "-" ? -1 : 1) * total * 60_000;
    },
    write: ({ offsetMs }) => {
      if (offsetMs === 0 && zero !== undefined) return zero;
      const minutes = Math.abs(offsetMs) / 60_000;
      const [whole, rest] = [Math.floor(minutes / 60), Math.floor(minutes % 60)].map((n) => String(n).padStart(2, "0"));
      return `${offsetMs < 0 ? "-" : "+"}${whole}${hoursAlone && rest === "00" ? "" : `${colon}${rest}`}`;
    },
  };
}

/** Reads a pattern such as `yyyy-MM-dd'T'HH:mm`; a letter that is not supported is refused by its name. */
export function datePattern(pattern: string): DatePattern {
  const parts: Part[] = [];
  let regexp = "";
  const literal = (text: string): void => {
    regexp += `${text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}`;
    parts.push({ regexp: "", read: () => undefined, write: () => text });
  };
  if (pattern === "" || /^(?:[^']|'[^']*')*$/.exec(pattern) === null) {
    throw invalid(`Invalid format: [${pattern}]: unterminated quote`, "illegal_argument_exception");
  }
  for (const [piece, quoted, letter] of pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']/g)) {
    if (letter === undefined) {
      literal(quoted === undefined ? piece : quoted === "" ? "'" : quoted.replaceAll("''", "'"));
      continue;
    }
    const part = LETTERS[letter]?.(piece.length);
    if (part === undefined) throw unsupported(`[${piece}] in the date format [${pattern}]`);
    regexp += `(${part.regexp})`;
    parts.push(part);
  }
  const whole = new RegExp(`^${regexp}$`);
  const reading = parts.filter((part) => part.regexp !== "");
  return {
    parse(text, { zone, roundUp }) {
      const found = whole.exec(text);
      if (found === null) return undefined;
      const fields: Fields = {};
      for (const [i, part] of reading.entries()) part.read(found[i + 1] ?? "", fields);
      return usOfFields(fields, zone, roundUp);
    },
    print(us, zone) {
      const moment = momentOf(us, zone);
      return parts.map((part) => part.write(moment)).join("");
    },
  };
}

function usOfFields(fields: Fields, zone: TimeZone, roundUp: boolean): bigint | undefined {
  const { year = 1970, month = 1, day = 1, offsetMs, afternoon } = fields;
  const last = (value: number | undefined, highest: number) => value ?? (roundUp ? highest : 0);
  const hour = last(afternoon === undefined ? fields.hour : ((fields.hour ?? 0) % 12) + (afternoon ? 12 : 0), 23);
  const [minute, second, micros] = [last(fields.minute, 59), last(fields.second, 59), last(fields.micros, 999_999)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  const localMs = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
  const utcMs = offsetMs === undefined ? utcOfLocalMs(zone, localMs) : localMs - offsetMs;
  return BigInt(utcMs) * 1000n + BigInt(micros);
}

function momentOf(us: bigint, zone: TimeZone): Moment {
  const micros = Number(((us % 1_000_000n) + 1_000_000n) % 1_000_000n);
  const utcMs = Number((us - BigInt(micros)) / 1000n);
  const offsetMs = zone.offsetMs(utcMs);
  const local = new Date(utcMs + offsetMs);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    micros,
    weekday: local.getUTCDay(),
    offsetMs,
  };
}
