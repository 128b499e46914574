import type { Token } from "./java-tokens.ts";
import { dayNames, monthNames, zoneAbbreviations } from "./names.ts";
import { offsetOf } from "./zone.ts";

/** What a text says of a moment; what it does not say is undefined. */
export type DateParts = {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  /** Hour of AM or PM, 0 to 11. */
  halfHour?: number;
  afternoon?: boolean;
  minute?: number;
  second?: number;
  nano?: number;
  /** An offset or the identifier of a zone. */
  zone?: string;
};

/** Reads a whole text by a pattern's tokens; undefined when it does not fit. */
export function readDate(tokens: readonly Token[], text: string): DateParts | undefined {
  const parts: DateParts = {};
  const end = readTokens({ tokens, text, at: 0, parts });
  return end === text.length ? parts : undefined;
}

type Reading = { tokens: readonly Token[]; text: string; at: number; parts: DateParts };

function readTokens({ tokens, text, at, parts }: Reading): number | undefined {
  let position: number | undefined = at;
  for (const [index, token] of tokens.entries()) {
    if (position === undefined) return undefined;
    if (token.kind === "literal")
      position = text.startsWith(token.text, position) ? position + token.text.length : undefined;
    else if (token.kind === "optional") {
      const inner: DateParts = {};
      const end = readTokens({ tokens: token.tokens, text, at: position, parts: inner });
      if (end !== undefined) {
        Object.assign(parts, inner);
        position = end;
      }
    } else {
      const next = tokens[index + 1];
      position = readField({ token, text, at: position, parts, adjacent: next?.kind === "field" && isNumber(next) });
    }
  }
  return position;
}

type FieldToken = Token & { kind: "field" };
type FieldReading = { token: FieldToken; text: string; at: number; parts: DateParts; adjacent: boolean };

function isNumber({ letter, count }: FieldToken): boolean {
  return "yudHkhKmsSn".includes(letter) || ("ML".includes(letter) && count < 3);
}

function readField(reading: FieldReading): number | undefined {
  const { token, text, at, parts } = reading;
  const { letter, count } = token;
  switch (letter) {
    case "E":
      return readName(text, at, dayNames)?.end;
    case "a": {
      const half = /[AaPp]\.?[Mm]\.?/y;
      half.lastIndex = at;
      const match = half.exec(text);
      if (match === null) return undefined;
      parts.afternoon = /^p/i.test(match[0]);
      return half.lastIndex;
    }
    case "X":
    case "x":
    case "Z":
    case "z":
    case "V":
      return readZone(reading);
    case "M":
    case "L":
      if (count >= 3) {
        const name = readName(text, at, monthNames);
        if (name !== undefined) parts.month = name.index + 1;
        return name?.end;
      }
      return readNumber(reading);
    default:
      return readNumber(reading);
  }
}

function readNumber({ token, text, at, parts, adjacent }: FieldReading): number | undefined {
  const { letter, count } = token;
  const isYear = letter === "y" || letter === "u";
  const fixed = letter === "S" || adjacent || (count > 1 && !(isYear && count > 2));
  const least = count;
  const most = fixed ? count : isYear || letter === "n" ? 9 : 2;
  let end = at;
  while (end < text.length && end - at < Math.max(most, least) && isDigit(text.charCodeAt(end))) end += 1;
  if (end - at < least) return undefined;
  const digits = text.slice(at, end);
  const value = Number(digits);
  switch (letter) {
    case "y":
    case "u":
      parts.year = count === 2 ? 2000 + value : value;
      break;
    case "M":
    case "L":
      parts.month = value;
      break;
    case "d":
      parts.day = value;
      break;
    case "H":
      parts.hour = value;
      break;
    case "k":
      parts.hour = value % 24;
      break;
    case "h":
      parts.halfHour = value % 12;
      break;
    case "K":
      parts.halfHour = value;
      break;
    case "m":
      parts.minute = value;
      break;
    case "s":
      parts.second = value;
      break;
    case "n":
      parts.nano = value;
      break;
    default:
      parts.nano = Number(digits.padEnd(9, "0"));
  }
  return end;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** Full names and their first three letters. */
function readName(text: string, at: number, names: readonly string[]): { index: number; end: number } | undefined {
  const rest = text.slice(at, at + 9).toLowerCase();
  for (const [index, name] of names.entries()) {
    const lower = name.toLowerCase();
    if (rest.startsWith(lower)) return { index, end: at + name.length };
    if (rest.startsWith(lower.slice(0, 3))) return { index, end: at + 3 };
  }
  return undefined;
}

function readZone({ token, text, at, parts }: FieldReading): number | undefined {
  const named = token.letter === "z" || token.letter === "V";
  const shape = named ? /[A-Za-z][A-Za-z0-9_+/-]*|[+-]\d{2}:?\d{2}/y : /Z|[+-]\d{2}(?::?\d{2})?/y;
  shape.lastIndex = at;
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [zone] = match;
  if (!named && zone !== "Z" && offsetOf(zone) === undefined) return undefined;
  parts.zone = zoneAbbreviations[zone] ?? zone;
  return shape.lastIndex;
}
