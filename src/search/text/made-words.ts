import type { SearchField } from "../fields/find-field.ts";
import { all, any, atLeast } from "../sql-conditions.ts";
import type { SqlValues } from "../sql-values.ts";
import { quotedText } from "../target.ts";
import { tokensSql } from "./standard-analyzer.ts";
import { WORD_MARK, WORD_MARK_SQL } from "./stored-words.ts";

/** One word to the tokenizer. */
const GAP_SQL = "' _value_ends_here_and_the_next_begins_ '";

type Text = { field: SearchField; values: SqlValues };

/** The list of the words of a text, where they are not stored. */
export function madeWordsSql(field: SearchField): string {
  return tokensSql(textSql(field));
}

/** The text of a field; several values are lines, since no word spans two of them. */
function textSql(field: SearchField): string {
  return field.list ? `array_to_string(${field.sql}, chr(10))` : field.sql;
}

/**
 * At least `needed` of the words stand in a text. Texts are only taken to words where they hold them as mere characters,
 * which is much cheaper to see and true of every match.
 */
export function madeWordsHold(options: Text & { words: readonly string[]; needed: number }): string {
  const { field, values, needed } = options;
  const words = options.words.map((word) => values.bind(word));
  const [text, tokens] = [`lower(${textSql(field)})`, madeWordsSql(field)];
  const contained = words.map((word) => `contains(${text}, ${word})`);
  const held = words.map((word) => `list_contains(${tokens}, ${word})`);
  // A term with a space in it is no word of any text.
  const apart = options.words.map((word) => (word.includes(" ") ? undefined : standsApart(text, word)));
  if (needed >= words.length)
    return guarded({ contained: all(contained), apart: bothOf(all, apart), exact: all(held) });
  if (needed <= 1) {
    const exact = `list_has_any(${tokens}, [${words.join(", ")}])`;
    return guarded({ contained: any(contained), apart: bothOf(any, apart), exact });
  }
  return guarded({ contained: atLeast(needed, contained), exact: atLeast(needed, held) });
}

/** The words stand in a text side by side, in this order; with `prefix` the last one may go on. */
export function madeWordsHoldPhrase(options: Text & { words: readonly string[]; prefix: boolean }): string {
  const { field, values, words, prefix } = options;
  const phrase = values.bind(`${WORD_MARK}${words.join(WORD_MARK)}${prefix ? "" : WORD_MARK}`);
  const text = `lower(${textSql(field)})`;
  const contained = all(words.map((word) => `contains(${text}, ${values.bind(word)})`));
  const joined = `${WORD_MARK_SQL} || array_to_string(${tokensSql(phrasesSql(field))}, ${WORD_MARK_SQL}) || ${WORD_MARK_SQL}`;
  const apart = prefix ? undefined : standsApart(text, words.join(" "));
  return guarded({ contained: inOrder(text, words, contained), apart, exact: `contains(${joined}, ${phrase})` });
}

/**
 * From cheap to dear: a text without the words does not match, one in which they stand apart does, and only of the rest
 * the words are made. CASE, unlike AND, never evaluates what is behind the condition that decides.
 */
function guarded({ contained, apart, exact }: { contained: string; apart?: Apart | undefined; exact: string }): string {
  const matching = apart === undefined ? "" : ` WHEN ${apart.spaced} THEN TRUE WHEN ${apart.separated} THEN TRUE`;
  return `CASE WHEN NOT coalesce(${contained}, FALSE) THEN FALSE${matching} ELSE ${exact} END`;
}

/** Side by side are words with no letter or digit between them. */
function inOrder(text: string, words: readonly string[], contained: string): string {
  if (!words.every((word) => PLAIN_WORDS.test(word))) return contained;
  const pattern = quotedText(words.join("[^a-z0-9]+"));
  return `CASE WHEN ${contained} THEN regexp_matches(${text}, ${pattern}) ELSE FALSE END`;
}

/** Conditions that words surely stand in a text: between spaces, or between any signs that always part words. */
type Apart = { spaced: string; separated: string };

/** What never belongs to a word beside it, by UAX #29, within a class of a regular expression. */
const SEPARATORS = "\\s()\\[\\]{}=/|<>!?@$%&+\\-~";
/** Words that are one token whatever stands around, as long as that parts words. */
const PLAIN_WORDS = /^[a-z0-9]{1,64}(?: [a-z0-9]{1,64})*$/;

/** Undefined for words of which only their tokens can tell. */
function standsApart(text: string, words: string): Apart | undefined {
  if (!PLAIN_WORDS.test(words)) return undefined;
  const separated = quotedText(`(?:^|[${SEPARATORS}])${words}(?:$|[${SEPARATORS}])`);
  return {
    spaced: `contains(${text}, ${quotedText(` ${words} `)})`,
    separated: `regexp_matches(${text}, ${separated})`,
  };
}

function bothOf(
  combined: (conditions: readonly string[]) => string,
  apart: readonly (Apart | undefined)[],
): Apart | undefined {
  const known = apart.filter((one) => one !== undefined);
  if (known.length < apart.length) return undefined;
  return {
    spaced: combined(known.map(({ spaced }) => spaced)),
    separated: combined(known.map((one) => one.separated)),
  };
}

/** Between two values stands a word that nobody looks for, so that no phrase spans them. */
function phrasesSql(field: SearchField): string {
  return field.list ? `array_to_string(${field.sql}, ${GAP_SQL})` : field.sql;
}
