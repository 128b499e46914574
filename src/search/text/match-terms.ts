import type { SearchField } from "../fields/find-field.ts";
import { all, any } from "../sql-conditions.ts";
import type { SqlValues } from "../sql-values.ts";
import { tokensSql } from "./standard-analyzer.ts";

/** Stands between words when they are joined for a phrase: no word holds it. */
const BETWEEN = "\u0001";
const BETWEEN_SQL = "chr(1)";

type Text = { field: SearchField; values: SqlValues };

/**
 * At least `needed` of the words stand in a text. Texts are only taken to words where they hold them as mere characters,
 * which is much cheaper to see and true of every match.
 */
export function holdsWords(options: Text & { words: readonly string[]; needed: number }): string {
  const { field, values, needed } = options;
  const words = options.words.map((word) => values.bind(word));
  const [text, tokens] = [joinedText(field), wordsSql(field)];
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
  const text = joinedText(field);
  const contained = all(words.map((word) => `contains(${text}, ${values.bind(word)})`));
  const joined = `${BETWEEN_SQL} || array_to_string(${wordsSql(field, true)}, ${BETWEEN_SQL}) || ${BETWEEN_SQL}`;
  return guarded(contained, `contains(${joined}, ${phrase})`);
}

/** CASE, unlike AND, never evaluates what is behind a condition that does not hold. */
function guarded(cheap: string, exact: string): string {
  return `CASE WHEN ${cheap} THEN ${exact} ELSE FALSE END`;
}

function joinedText(field: SearchField): string {
  return `lower(${field.list ? `array_to_string(${field.sql}, ' ')` : field.sql})`;
}

/** The words of all values; for phrases with a gap between two values, which no phrase spans. */
function wordsSql(field: SearchField, gaps = false): string {
  if (!field.list) return tokensSql(field.sql);
  const words = tokensSql("words");
  return `flatten(list_transform(${field.sql}, lambda words: ${gaps ? `list_append(${words}, '')` : words}))`;
}
