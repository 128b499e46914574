import type { SearchField } from "../fields/find-field.ts";
import { madeWordsSql } from "./made-words.ts";
import { wordListSql } from "./stored-words.ts";

/** What queries by term look at: the words of a text field, the values of any other. */
export function termsOf(field: SearchField): { sql: string; list: boolean } {
  if (field.valueClass !== "text") return field;
  return { sql: field.words === undefined ? madeWordsSql(field) : wordListSql(field.words), list: true };
}
