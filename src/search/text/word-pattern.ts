import { type CodePoints, rangesOf, type WordClass } from "./word-classes.ts";

/**
 * The regular expression of RE2 whose leftmost matches are the tokens of Lucene's StandardTokenizer (its grammar
 * `StandardTokenizerImpl.jflex`, rules WB4 to WB13 of UAX #29), for texts that hold nothing but characters of `alphabet`:
 * a small alphabet makes a small and fast automaton. `scanWords` finds the same in JavaScript.
 */
export function wordPattern(alphabet: readonly CodePoints[]): string {
  const characters = (...names: WordClass[]): string => {
    const spans = names.flatMap((name) => withinAlphabet(rangesOf(name), alphabet));
    const written = spans.map(([from, to]) =>
      from === to ? re2CodePoint(from) : `${re2CodePoint(from)}-${re2CodePoint(to)}`,
    );
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

  const emoji = emojiSequence(characters);
  const flags = alphabet.some(([, to]) => to >= LAST_REGIONAL_INDICATOR)
    ? [
        `[#*][${re2CodePoint(PRESENTATION)}]?[${re2CodePoint(KEYCAP)}]`,
        `[${re2CodePoint(FIRST_REGIONAL_INDICATOR)}-${re2CodePoint(LAST_REGIONAL_INDICATOR)}]{2}`,
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
function emojiSequence(characters: (name: WordClass) => string): string {
  const [emoji, modifier, extend] = [characters("emoji"), characters("emojiModifier"), characters("extend")];
  if (emoji === "" || extend === "") return emoji;
  const one = `${emoji}(?:[${re2CodePoint(PRESENTATION)}]|(?:${modifier}|${characters("format")})*)`;
  return `${one}(?:[${re2CodePoint(ZERO_WIDTH_JOINER)}]${one})*${many(extend)}`;
}

const FIRST_REGIONAL_INDICATOR = 0x1f1e6;
const LAST_REGIONAL_INDICATOR = 0x1f1ff;
const ZERO_WIDTH_JOINER = 0x200d;
const PRESENTATION = 0xfe0f;
const KEYCAP = 0x20e3;

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

/** A code point within a class: the character itself where a statement can hold it, which is shorter. */
export function re2CodePoint(codePoint: number): string {
  const inText = codePoint >= 0x100 && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
  return inText ? String.fromCodePoint(codePoint) : `\\x{${codePoint.toString(16)}}`;
}
