import { illegalArgument } from "./refusal.ts";

const MAX_LENGTH = 1_024;
const DEFAULT_FORMAT = "uuuu.MM.dd";

/**
 * The name that `<logs-{now/d{yyyy.MM.dd|+12:00}}>` stands for now; a name without the brackets is itself. Takes
 * Elasticsearch's date math (`now`, `+1d`, `-2M`, `/w`) and the letters y, u, M, d, H, m, s, S of its formats; what is
 * beyond them is refused by name.
 */
export function resolveDateMath(expression: string, nowMs: number): string {
  if (!expression.startsWith("<") || !expression.endsWith(">")) return expression;
  if (expression.length > MAX_LENGTH) throw illegalArgument("invalid dynamic name expression: it is too long");
  const body = expression.slice(1, -1);
  const fail = (why: string) => illegalArgument(`invalid dynamic name expression [${body}]. ${why}`);
  let name = "";
  for (let at = 0; at < body.length; at += 1) {
    const letter = body.charAt(at);
    if (letter === "\\") {
      at += 1;
      name += body.charAt(at);
    } else if (letter === "}") {
      throw fail(
        `invalid character at position [${at}]. \`{\` and \`}\` are reserved characters and should be escaped when used as part of the index name using \`\\\` (e.g. \`\\{text\\}\`)`,
      );
    } else if (letter !== "{") name += letter;
    else {
      const end = closing(body, at);
      if (end === undefined) throw fail("date math placeholder is open ended");
      name += placeholder(body.slice(at + 1, end), nowMs);
      at = end;
    }
  }
  if (name === "") throw fail("nothing captured");
  return name;
}

function closing(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text.charAt(at) === "{") depth += 1;
    else if (text.charAt(at) === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** `now/d`, `now/d{yyyy.MM}`, `now/d{yyyy.MM|Europe/Berlin}`. */
function placeholder(text: string, nowMs: number): string {
  const parts = /^([^{]*)(?:\{([^|}]+)(?:\|([^}]+))?\})?$/.exec(text);
  if (parts === null) throw illegalArgument(`invalid dynamic name expression: [{${text}}] is missing its format`);
  const [, math = "", format = DEFAULT_FORMAT, zone = "UTC"] = parts;
  const offsetMs = zoneOffsetMs(zone, nowMs);
  // What follows is done on the local date as if it were UTC.
  return formatted(new Date(calculated(math, nowMs + offsetMs)), format);
}

function calculated(math: string, localMs: number): number {
  const [, operations] = /^now((?:[+-]\d{1,6}[yMwdhHms]|\/[yMwdhHms])*)$/.exec(math.trim()) ?? [];
  if (operations === undefined) throw illegalArgument(`operator not supported for date math [${math}]`);
  let ms = localMs;
  for (const [, sign, count, unit = "", rounded] of operations.matchAll(
    /(?:([+-])(\d+)([yMwdhHms])|\/([yMwdhHms]))/g,
  )) {
    ms = rounded === undefined ? added(ms, (sign === "-" ? -1 : 1) * Number(count), unit) : roundedDown(ms, rounded);
  }
  if (Number.isNaN(new Date(ms).getTime())) throw illegalArgument(`date math [${math}] leaves the calendar`);
  return ms;
}

const SPAN_MS: Readonly<Record<string, number>> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  H: 3_600_000,
  m: 60_000,
  s: 1000,
};

function added(ms: number, count: number, unit: string): number {
  const span = SPAN_MS[unit];
  if (span !== undefined) return ms + count * span;
  const date = new Date(ms);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * (unit === "y" ? 12 : 1);
  const [year, month] = [Math.floor(months / 12), ((months % 12) + 12) % 12];
  // The 31st of January and a month is the last of February.
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(ms).setUTCFullYear(year, month, Math.min(date.getUTCDate(), lastDay));
}

function roundedDown(ms: number, unit: string): number {
  const date = new Date(ms);
  if (unit === "y") return Date.UTC(date.getUTCFullYear(), 0);
  if (unit === "M") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  // Weeks begin on Monday; the epoch was a Thursday.
  const shift = unit === "w" ? 4 * 86_400_000 : 0;
  const span = SPAN_MS[unit] ?? 1;
  return Math.floor((ms - shift) / span) * span + shift;
}

function formatted(date: Date, format: string): string {
  return format.replaceAll(/'([^']*)'|([A-Za-z])\2*/g, (letters: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted;
    const pad = (value: number) => String(value).padStart(letters.length, "0");
    switch (letters.charAt(0)) {
      case "y":
      case "u":
        return letters.length === 2 ? String(date.getUTCFullYear() % 100).padStart(2, "0") : pad(date.getUTCFullYear());
      case "M":
        if (letters.length <= 2) return pad(date.getUTCMonth() + 1);
        break;
      case "d":
        return pad(date.getUTCDate());
      case "H":
        return pad(date.getUTCHours());
      case "m":
        return pad(date.getUTCMinutes());
      case "s":
        return pad(date.getUTCSeconds());
      case "S":
        return String(date.getUTCMilliseconds()).padStart(3, "0").padEnd(letters.length, "0").slice(0, letters.length);
    }
    throw illegalArgument(`the letters [${letters}] of the date format [${format}] are not supported`);
  });
}

function zoneOffsetMs(zone: string, atMs: number): number {
  try {
    const name = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
      .formatToParts(atMs)
      .find(({ type }) => type === "timeZoneName")?.value;
    const [, sign = "+", hours = "0", minutes = "0"] = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name ?? "") ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  } catch {
    throw illegalArgument(`the time zone [${zone}] is not known`);
  }
}
