import { type Instant, utcWallTime, type WallTime } from "./instant.ts";
import type { Token } from "./java-tokens.ts";
import { dayNames, monthNames } from "./names.ts";
import type { Zone } from "./zone.ts";

/** Writes a moment by a pattern's tokens, as the clocks of a zone show it. */
export function writeDate(options: {
  tokens: readonly Token[];
  instant: Instant;
  zone: Zone;
  zoneName: string;
}): string {
  const { tokens, instant, zone, zoneName } = options;
  const offsetMs = zone.offsetAt(instant.ms);
  const shown = { ms: instant.ms + offsetMs, nanos: instant.nanos };
  const wall = utcWallTime(shown);
  const weekday = new Date(shown.ms).getUTCDay();
  const write = (some: readonly Token[]): string =>
    some
      .map((token) => {
        if (token.kind === "literal") return token.text;
        return token.kind === "optional"
          ? write(token.tokens)
          : writeField({ token, wall, weekday, offsetMs, zoneName });
      })
      .join("");
  return write(tokens);
}

function writeField(options: {
  token: Token & { kind: "field" };
  wall: WallTime;
  weekday: number;
  offsetMs: number;
  zoneName: string;
}): string {
  const { token, wall, weekday, offsetMs, zoneName } = options;
  const { letter, count } = token;
  const number = (value: number) => String(value).padStart(count, "0");
  switch (letter) {
    case "y":
    case "u":
      return count === 2 ? String(wall.year % 100).padStart(2, "0") : number(wall.year);
    case "M":
    case "L": {
      const name = monthNames[wall.month - 1] ?? "";
      return count < 3 ? number(wall.month) : count === 3 ? name.slice(0, 3) : name;
    }
    case "d":
      return number(wall.day);
    case "E": {
      const name = dayNames[weekday] ?? "";
      return count === 4 ? name : name.slice(0, 3);
    }
    case "a":
      return wall.hour < 12 ? "AM" : "PM";
    case "H":
      return number(wall.hour);
    case "k":
      return number(wall.hour === 0 ? 24 : wall.hour);
    case "h":
      return number(wall.hour % 12 === 0 ? 12 : wall.hour % 12);
    case "K":
      return number(wall.hour % 12);
    case "m":
      return number(wall.minute);
    case "s":
      return number(wall.second);
    case "S":
      return String(wall.nano).padStart(9, "0").slice(0, count);
    case "n":
      return number(wall.nano);
    case "z":
    case "V":
      return zoneName;
    default:
      return writeOffset(letter, count, offsetMs);
  }
}

function writeOffset(letter: string, count: number, offsetMs: number): string {
  if (letter === "X" && offsetMs === 0) return "Z";
  const minutes = Math.abs(Math.trunc(offsetMs / 60_000));
  const hh = String(Math.floor(minutes / 60)).padStart(2, "0");
  const mm = String(minutes % 60).padStart(2, "0");
  const sign = offsetMs < 0 ? "-" : "+";
  if (letter === "Z") return count === 5 ? (offsetMs === 0 ? "Z" : `${sign}${hh}:${mm}`) : `${sign}${hh}${mm}`;
  if (count === 3) return `${sign}${hh}:${mm}`;
  return count === 1 && mm === "00" ? `${sign}${hh}` : `${sign}${hh}${mm}`;
}
