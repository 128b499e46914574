import { Fault } from "../../lib/fault.ts";

/** A part of a pattern of Java's `DateTimeFormatter`. */
export type Token =
  | { kind: "literal"; text: string }
  | { kind: "field"; letter: string; count: number }
  | { kind: "optional"; tokens: readonly Token[] };

/** What each letter stands for, and how often it may stand in a row. */
export const fieldLetters: Readonly<Record<string, { words: string; max: number }>> = {
  y: { words: "year", max: 9 },
  u: { words: "year", max: 9 },
  M: { words: "month, by number (M, MM) or English name (MMM, MMMM)", max: 4 },
  L: { words: "month, as M", max: 4 },
  d: { words: "day of the month", max: 2 },
  E: { words: "English day of the week; read, not judged", max: 4 },
  a: { words: "AM or PM", max: 1 },
  H: { words: "hour, 0 to 23", max: 2 },
  k: { words: "hour, 1 to 24", max: 2 },
  h: { words: "hour of AM or PM, 1 to 12", max: 2 },
  K: { words: "hour of AM or PM, 0 to 11", max: 2 },
  m: { words: "minute", max: 2 },
  s: { words: "second", max: 2 },
  S: { words: "fraction of the second, that many digits", max: 9 },
  n: { words: "nanosecond of the second", max: 9 },
  X: { words: "offset, Z for none", max: 3 },
  x: { words: "offset", max: 3 },
  Z: { words: "offset, +0000", max: 5 },
  z: { words: "name of the zone", max: 4 },
  V: { words: "identifier of the zone (VV)", max: 2 },
};

/** Throws `date_invalid` for letters that are not known. */
export function javaTokens(pattern: string): Token[] {
  const stack: Token[][] = [[]];
  const here = (): Token[] => stack.at(-1) ?? [];
  for (const [text] of pattern.matchAll(/'(?:[^']|'')*'?|([A-Za-z])\1*|[\s\S]/gu)) {
    if (text.startsWith("'")) {
      if (text.length > 1 && !text.endsWith("'")) throw invalid(pattern, "has an unclosed quote");
      here().push({ kind: "literal", text: text === "''" ? "'" : text.slice(1, -1).replaceAll("''", "'") });
    } else if (text === "[") stack.push([]);
    else if (text === "]") {
      const tokens = stack.pop() ?? [];
      if (stack.length === 0) throw invalid(pattern, "has ] without [");
      here().push({ kind: "optional", tokens });
    } else if (/[A-Za-z]/.test(text)) {
      const letter = text.charAt(0);
      const known = Object.hasOwn(fieldLetters, letter) ? fieldLetters[letter] : undefined;
      if (known === undefined) throw invalid(pattern, `Unknown pattern letter: ${letter}`);
      if (text.length > known.max) throw invalid(pattern, `Too many pattern letters: ${letter}`);
      here().push({ kind: "field", letter, count: text.length });
    } else here().push({ kind: "literal", text });
  }
  if (stack.length > 1) throw invalid(pattern, "has [ without ]");
  return here();
}

function invalid(pattern: string, why: string): Fault {
  return new Fault("date_invalid", `Invalid format: [${pattern.slice(0, 100)}]: ${why}`);
}
