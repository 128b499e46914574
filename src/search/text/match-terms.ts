import type { SearchField } from "../fields/find-field.ts";
import type { SqlValues } from "../sql-values.ts";
import { madeWordsHold, madeWordsHoldPhrase } from "./made-words.ts";
import { storedWordsHold, storedWordsHoldPhrase } from "./stored-words.ts";

type Text = { field: SearchField; values: SqlValues };

/** At least `needed` of the words stand in a text. The condition may be NULL where a document has none. */
export function holdsWords(options: Text & { words: readonly string[]; needed: number }): string {
  const { words: stored } = options.field;
  return stored === undefined ? madeWordsHold(options) : storedWordsHold({ ...options, stored });
}

/** The words stand in a text side by side, in this order; with `prefix` the last one may go on. NULL as above. */
export function holdsPhrase(options: Text & { words: readonly string[]; prefix: boolean }): string {
  const { words: stored } = options.field;
  return stored === undefined ? madeWordsHoldPhrase(options) : storedWordsHoldPhrase({ ...options, stored });
}
