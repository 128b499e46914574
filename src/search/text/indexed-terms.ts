import type { SearchField } from "../fields/find-field.ts";
import { tokensSql } from "./standard-analyzer.ts";

/** What queries by term look at: the words of a text field, the values of any other. */
export function termsOf(field: SearchField): { sql: string; list: boolean } {
  if (field.valueClass !== "text") return field;
  if (!field.list) return { sql: tokensSql(field.sql), list: true };
  return { sql: `flatten(list_transform(${field.sql}, lambda words: ${tokensSql("words")}))`, list: true };
}
