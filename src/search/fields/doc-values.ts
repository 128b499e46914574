import { invalid, unsupported } from "../search-fault.ts";
import type { SearchField } from "./find-field.ts";

/** Gives the field back where its values can be sorted and counted; texts and objects are refused as Elasticsearch does. */
export function docValuesField(field: SearchField, clause: string): SearchField {
  const { name, type, valueClass } = field;
  if (valueClass === "text") {
    throw invalid(
      `Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on [${name}] in order to load field data by uninverting the inverted index. Note that this can use significant memory.`,
      "illegal_argument_exception",
    );
  }
  if (valueClass === "flattened" || valueClass === "object")
    throw unsupported(`[${clause}] on [${name}] of type [${type}]`);
  return field;
}
