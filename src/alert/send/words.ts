import { utcWords } from "../../lib/moment-words.ts";

/** A moment in words (`2026-11-28 03:12:11 UTC`), without the day, where that is `dayOfMs`'s. */
export function utcTimeWords(ms: number, dayOfMs: number): string {
  const words = utcWords(ms);
  return words.slice(0, 10) === utcWords(dayOfMs).slice(0, 10) ? words.slice(11) : words;
}

/** How long, by the two greatest units that say something: `45 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return two([minutes, "min"], [minutes < 10 ? seconds % 60 : 0, "s"]);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return two([hours, "h"], [minutes % 60, "min"]);
  return two([Math.floor(hours / 24), "d"], [hours % 24, "h"]);
}

type Part = readonly [count: number, unit: string];

function two([count, unit]: Part, [rest, smaller]: Part): string {
  return rest === 0 ? `${count} ${unit}` : `${count} ${unit} ${rest} ${smaller}`;
}

/** `1 alert`, `2 alerts`. */
export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What stands in one line: breaks, control and invisible direction characters become spaces, too much is cut off. */
export function oneLine(text: string, limit: number): string {
  const line = text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu, " ").trim();
  return cut(line, limit);
}

/** A sentence for logs, metrics and health, in which a server repeated whom a mail was to. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>@,;:"'()]+@[^\s<>@,;:"'()]+/g, "…");
}

/** A text of several lines without control characters but its line ends. */
export function plainText(text: string, limit: number): string {
  return cut(text.replace(/\r\n?/g, "\n").replace(/[^\P{Cc}\n\t]|[\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, " "), limit);
}

/** At most so many UTF-16 units, never half a character, with an ellipsis where something was cut off. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = limit - 1;
  const splits = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return `${text.slice(0, splits ? end - 1 : end)}…`;
}
