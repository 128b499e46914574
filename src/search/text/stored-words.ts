import { atLeast } from "../sql-conditions.ts";
import type { SqlValues } from "../sql-values.ts";
import { analyze } from "./standard-analyzer.ts";

/** Stands before, between and behind the words of a text where they are joined: no word holds it. */
export const WORD_MARK = "\u0001";
export const WORD_MARK_SQL = "chr(1)";

/**
 * The words of one document's texts as a table of documents holds them: `|a|b|` for "A b", where `|` is the mark, and a
 * mark alone for a text without words. Of several texts each has its own marks, `|a|b||c|`, so that no phrase spans two.
 */
export function storedWords(texts: readonly string[]): string {
  return texts.map(markedWords).join("");
}

function markedWords(text: string): string {
  const words = analyze(text);
  return words.length === 0 ? WORD_MARK : `${WORD_MARK}${words.join(WORD_MARK)}${WORD_MARK}`;
}

/** What is looked for among stored words; `stored` is their SQL. */
type Stored = { stored: string; values: SqlValues };

/** At least `needed` of the words are there. NULL where there is no text. */
export function storedWordsHold(options: Stored & { words: readonly string[]; needed: number }): string {
  const { stored, values, words, needed } = options;
  const held = words.map((word) => storedWordsHoldPhrase({ stored, values, words: [word], prefix: false }));
  return atLeast(needed, held);
}

/** The words stand side by side, in this order; with `prefix` the last one may go on. NULL where there is no text. */
export function storedWordsHoldPhrase(options: Stored & { words: readonly string[]; prefix: boolean }): string {
  const { stored, values, words, prefix } = options;
  if (!words.every(canBeWord)) return "FALSE";
  const phrase = values.bind(`${WORD_MARK}${words.join(WORD_MARK)}${prefix ? "" : WORD_MARK}`);
  return `contains(${stored}, ${phrase})`;
}

/** The list of the words. */
export function wordListSql(stored: string): string {
  return `list_filter(string_split(${stored}, ${WORD_MARK_SQL}), lambda word: word <> '')`;
}

/** What holds a mark would be found across words, and nothing between two texts. */
function canBeWord(word: string): boolean {
  return word !== "" && !word.includes(WORD_MARK);
}
