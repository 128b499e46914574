import type { SearchField } from "../fields/find-field.ts";
import { all, any } from "../sql-conditions.ts";
import type { SqlValues } from "../sql-values.ts";
import { textSql } from "./indexed-terms.ts";
import { tokensSql } from "./standard-analyzer.ts";

/** Stands between words when they are joined for a phrase: no word holds it. */
const BETWEEN = "\u0001";
const BETWEEN_SQL = "chr(1)";
/** One word to the tokenizer. */
const GAP_SQL = "' _value_ends_here_and_the_next_begins_ '";

type Text = { field: SearchField; values: SqlValues };

/**
 * At least `needed` of the words stand in a text. Texts are only taken to words where they hold them as mere characters,
 * which is much cheaper to see and true of every match.
 */
export function holdsWords(options: Text & { words: readonly string[]; needed: number }): string {
  const { field, values, needed } = options;
  const words = options.words.map((word) => values.bind(word));
  const [text, tokens] = [`lower(${textSql(field)})`, tokensSql(textSql(field))];
  const contained = words.map((word) => `contains(${text}, ${word})`);
  const held = words.map((word) => `list_contains(${tokens}, ${word})`);
  if (needed >= words.length) return guarded(all(contained), all(held));
  if (needed <= 1) return guarded(any(contained), `list_has_any(${tokens}, [${words.join(", ")}])`);
  const counted = (conditions: string[]) =>
    `(${conditions.map((c) => `CAST(${c} AS INTEGER)`).join(" + ")}) >= ${needed}`;
  return guarded(counted(contained), counted(held));
}

/** The words stand in a text side by side, in this order; with `prefix` the last one may go on. */
export function holdsPhrase(options: Text & { words: readonly string[]; prefix: boolean }): string {
  const { field, values, words, prefix } = options;
  const phrase = values.bind(`${BETWEEN}${words.join(BETWEEN)}${prefix ? "" : BETWEEN}`);
  const text = `lower(${textSql(field)})`;
  const contained = all(words.map((word) => `contains(${text}, ${values.bind(word)})`));
  const joined = `${BETWEEN_SQL} || array_to_string(${tokensSql(phrasesSql(field))}, ${BETWEEN_SQL}) || ${BETWEEN_SQL}`;
  return guarded(contained, `contains(${joined}, ${phrase})`);
}

/** CASE, unlike AND, never evaluates what is behind a condition that does not hold. */
function guarded(cheap: string, exact: string): string {
  return `CASE WHEN ${cheap} THEN ${exact} ELSE FALSE END`;
}

/** Between two values stands a word that nobody looks for, so that no phrase spans them. */
function phrasesSql(field: SearchField): string {
  return field.list ? `array_to_string(${field.sql}, ${GAP_SQL})` : field.sql;
}
