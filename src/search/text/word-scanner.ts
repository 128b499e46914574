import { rangesOf, type WordClass, wordClasses } from "./word-classes.ts";

/**
 * The tokens of Lucene's StandardTokenizer in a text, as it stands: the leftmost matches of `wordPattern`. In one pass
 * that neither recurses nor goes back, since texts of others may be of any length and repeat anything: a backtracking
 * regular expression runs out of stack where letters and digits take turns, and takes hours over a line of underscores.
 */
export function scanWords(text: string): string[] {
  if (classes.length === 0) classes = classTable();
  const words: string[] = [];
  let at = 0;
  /** Up to here stands what would join words, and no word behind it. */
  let nothingToJoin = 0;
  while (at < text.length) {
    let end = wordEnd(text, at);
    if (end === at && at >= nothingToJoin && is(text, at, JOINER)) {
      const joined = skip(text, at, JOINER | EXTEND);
      end = wordEnd(text, joined);
      if (end === joined) {
        nothingToJoin = joined;
        end = at;
      }
    }
    if (end === at) end = signEnd(text, at);
    if (end > at) words.push(text.slice(at, end));
    at = end > at ? end : next(text, at);
  }
  return words;
}

/** Words and numbers, or runs of Katakana, with the underscores between and behind them; `at` itself where none begins. */
function wordEnd(text: string, at: number): number {
  const one = is(text, at, LETTER | NUMBER) ? letterOrNumberEnd : is(text, at, KATAKANA) ? katakanaEnd : undefined;
  if (one === undefined) return at;
  let end = one(text, at);
  while (true) {
    const joined = is(text, end, JOINER) ? skip(text, end, JOINER | EXTEND) : end;
    const further = one(text, joined);
    if (further === joined) return joined;
    end = further;
  }
}

function letterOrNumberEnd(text: string, at: number): number {
  if (is(text, at, LETTER)) {
    let end = skip(text, at, LETTER | EXTEND);
    while (isWithinWord(text, end)) end = skip(text, end + 1, LETTER | EXTEND);
    return end;
  }
  if (!is(text, at, NUMBER)) return at;
  let end = skip(text, at, NUMBER | EXTEND);
  while (is(text, end, MID_NUMBER) && is(text, end + 1, NUMBER)) end = skip(text, end + 1, NUMBER | EXTEND);
  return end;
}

/** Characters within words are of one UTF-16 unit. WB7b: a quotation mark before a Hebrew letter is one. */
function isWithinWord(text: string, at: number): boolean {
  if (is(text, at, MID_LETTER)) return is(text, at + 1, LETTER);
  return text.charCodeAt(at) === QUOTATION_MARK && is(text, at + 1, HEBREW);
}

function katakanaEnd(text: string, at: number): number {
  return is(text, at, KATAKANA) ? skip(text, at, KATAKANA | EXTEND) : at;
}

/** Tokens of one sign, and runs of scripts without spaces; `at` itself where none begins. */
function signEnd(text: string, at: number): number {
  const codePoint = text.codePointAt(at) ?? 0;
  if (codePoint === NUMBER_SIGN || codePoint === ASTERISK) {
    const keycap = text.charCodeAt(at + 1) === PRESENTATION ? at + 2 : at + 1;
    return text.charCodeAt(keycap) === KEYCAP ? keycap + 1 : at;
  }
  const second = at + 2;
  if (isRegionalIndicator(codePoint)) return isRegionalIndicator(text.codePointAt(second)) ? second + 2 : at;
  if (is(text, at, EMOJI)) return emojiEnd(text, at);
  if (is(text, at, IDEOGRAPH)) return skip(text, next(text, at), EXTEND);
  return skip(text, at, is(text, at, COMPLEX) ? COMPLEX | EXTEND : 0);
}

/** An emoji with its presentation or skin tone, and more of them behind zero-width joiners. */
function emojiEnd(text: string, at: number): number {
  let end = oneEmojiEnd(text, at);
  while (text.charCodeAt(end) === ZERO_WIDTH_JOINER && is(text, end + 1, EMOJI)) end = oneEmojiEnd(text, end + 1);
  return skip(text, end, EXTEND);
}

function oneEmojiEnd(text: string, at: number): number {
  const end = next(text, at);
  return text.charCodeAt(end) === PRESENTATION ? end + 1 : skip(text, end, MODIFIER | FORMAT);
}

function isRegionalIndicator(codePoint: number | undefined): boolean {
  return codePoint !== undefined && codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
}

const QUOTATION_MARK = 0x22;
const NUMBER_SIGN = 0x23;
const ASTERISK = 0x2a;
const ZERO_WIDTH_JOINER = 0x200d;
const KEYCAP = 0x20e3;
const PRESENTATION = 0xfe0f;

/** Behind the first character of a text from `at` on. */
function next(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? at + 2 : at + 1;
}

/** Whether the character at a place is of one of the classes; what is behind the end is of none. */
function is(text: string, at: number, wanted: number): boolean {
  return at < text.length && ((classes[text.codePointAt(at) as number] as number) & wanted) !== 0;
}

/** Behind the characters of these classes that stand at a place. */
function skip(text: string, from: number, wanted: number): number {
  let at = from;
  while (at < text.length) {
    const codePoint = text.codePointAt(at) as number;
    if (((classes[codePoint] as number) & wanted) === 0) break;
    at += codePoint > 0xffff ? 2 : 1;
  }
  return at;
}

const BITS = Object.fromEntries(Object.keys(wordClasses).map((name, i) => [name, 1 << i])) as Record<WordClass, number>;
const {
  letter: LETTER,
  hebrewLetter: HEBREW,
  numeric: NUMBER,
  katakana: KATAKANA,
  extendNumLet: JOINER,
  midLetter: MID_LETTER,
  midNumber: MID_NUMBER,
  extend: EXTEND,
  format: FORMAT,
  emojiModifier: MODIFIER,
  ideograph: IDEOGRAPH,
  complex: COMPLEX,
  emoji: EMOJI,
} = BITS;

/** The classes of each code point as bits, made when the first text comes. */
let classes: Uint16Array = new Uint16Array(0);

function classTable(): Uint16Array {
  const table = new Uint16Array(0x110000);
  for (const name of Object.keys(BITS) as WordClass[]) {
    for (const [from, to] of rangesOf(name)) {
      for (let codePoint = from; codePoint <= to; codePoint += 1)
        table[codePoint] = (table[codePoint] ?? 0) | BITS[name];
    }
  }
  return table;
}
