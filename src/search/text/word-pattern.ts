import { type WordClass, wordClasses } from "./word-classes.ts";

/** A span of code points, both ends included. */
export type CodePoints = readonly [from: number, to: number];

/** How a dialect of regular expressions writes a code point within a class. */
export type WriteCodePoint = (codePoint: number) => string;

/**
 * The regular expression whose leftmost matches are the tokens of Lucene's StandardTokenizer (its grammar
 * `StandardTokenizerImpl.jflex`, rules WB4 to WB13 of UAX #29), for texts that hold nothing but characters of `alphabet`:
 * a small alphabet makes a small and fast automaton. Only syntax that JavaScript and RE2 share is used.
 */
export function wordPattern(alphabet: readonly CodePoints[], write: WriteCodePoint): string {
  const characters = (...names: WordClass[]): string => {
    const spans = names.flatMap((name) => withinAlphabet(rangesOf(name), alphabet));
    const written = spans.map(([from, to]) => (from === to ? write(from) : `${write(from)}-${write(to)}`));
    return written.length === 0 ? "" : `[${written.join("")}]`;
  };
  /** One character of a class, then any of it and of what extends it. */
  const run = (name: WordClass): string => {
    const first = characters(name);
    return first === "" ? "" : `${first}${characters(name, "extend")}*`;
  };
  const letters = run("letter");
  const numbers = run("numeric");
  const joins = `(?:${run("extendNumLet")})?`;
  const hebrew = characters("hebrewLetter");
  // WB7b: a quotation mark before a Hebrew letter.
  const inner = either([`${characters("midLetter")}${characters("letter")}`, hebrew === "" ? "" : `"${hebrew}`]);
  const word = either([
    `${letters}(?:${inner}${characters("letter", "extend")}*)*`,
    `${numbers}(?:${characters("midNumber")}${numbers})*`,
  ]);
  const katakana = run("katakana");

  const emoji = emojiSequence(characters, write);
  const flags = alphabet.some(([, to]) => to >= LAST_REGIONAL_INDICATOR)
    ? [
        `[#*][${write(PRESENTATION)}]?[${write(KEYCAP)}]`,
        `[${write(FIRST_REGIONAL_INDICATOR)}-${write(LAST_REGIONAL_INDICATOR)}]{2}`,
      ]
    : [];
  const ideograph = characters("ideograph");
  return either([
    `(?:${joins}${word})+${joins}`,
    katakana === "" ? "" : `(?:${joins}${katakana})+${joins}`,
    ...flags,
    emoji,
    ideograph === "" ? "" : `${ideograph}${characters("extend")}*`,
    run("complex"),
  ]);
}

/** An emoji with its presentation or skin tone, and more of them behind zero-width joiners. */
function emojiSequence(characters: (name: WordClass) => string, write: WriteCodePoint): string {
  const [emoji, modifier, extend] = [characters("emoji"), characters("emojiModifier"), characters("extend")];
  if (emoji === "" || extend === "") return emoji;
  const one = `${emoji}(?:[${write(PRESENTATION)}]|(?:${modifier}|${characters("format")})*)`;
  return `${one}(?:[${write(ZERO_WIDTH_JOINER)}]${one})*${many(extend)}`;
}

const FIRST_REGIONAL_INDICATOR = 0x1f1e6;
const LAST_REGIONAL_INDICATOR = 0x1f1ff;
const ZERO_WIDTH_JOINER = 0x200d;
const PRESENTATION = 0xfe0f;
const KEYCAP = 0x20e3;

function rangesOf(name: WordClass): CodePoints[] {
  return wordClasses[name]
    .trim()
    .split(/\s+/)
    .map((range) => {
      const [from = "", to = from] = range.split("-");
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    });
}

function withinAlphabet(ranges: readonly CodePoints[], alphabet: readonly CodePoints[]): CodePoints[] {
  return ranges.flatMap(([from, to]) =>
    alphabet.flatMap(([first, last]): CodePoints[] => {
      const [low, high] = [Math.max(from, first), Math.min(to, last)];
      return low <= high ? [[low, high]] : [];
    }),
  );
}

function either(alternatives: readonly string[]): string {
  return `(?:${alternatives.filter((alternative) => alternative !== "").join("|")})`;
}

function many(pattern: string): string {
  return pattern === "" ? "" : `(?:${pattern})*`;
}
