import type { SearchField } from "../fields/find-field.ts";
import { tokensSql } from "./standard-analyzer.ts";

/** What queries by term look at: the words of a text field, the values of any other. */
export function termsOf(field: SearchField): { sql: string; list: boolean } {
  if (field.valueClass !== "text") return field;
  return { sql: tokensSql(textSql(field)), list: true };
}

/** The text of a field; several values are lines, since no word spans two of them. */
export function textSql(field: SearchField): string {
  return field.list ? `array_to_string(${field.sql}, chr(10))` : field.sql;
}
