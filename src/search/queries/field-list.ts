import { fitsPattern } from "../fields/field-pattern.ts";
import { fieldNames, findField } from "../fields/find-field.ts";
import { MAX_CLAUSES } from "../limits.ts";
import { invalid } from "../search-fault.ts";
import type { QueryContext } from "./query.ts";

/**
 * The fields that a list such as `["message^2", "error.*"]` stands for in one target. Of those that a pattern stands for
 * the values that do not fit a field's type are passed over (`lenient`), as Elasticsearch does.
 */
export function fieldNamesOf(
  fields: readonly unknown[] | undefined,
  context: QueryContext,
): { names: string[]; lenient: boolean } {
  const asked = (fields ?? ["*"]).map((field) => {
    if (typeof field === "string") return field.replace(/\^[\d.]+$/, "");
    throw invalid("[fields] holds names of fields", "illegal_argument_exception");
  });
  const names = asked.flatMap((field) => {
    if (!field.includes("*")) return [field];
    return fieldNames(context.target).filter((name) => fitsPattern(field, name) && isSearchedByPattern(context, name));
  });
  if (names.length > MAX_CLAUSES) {
    throw invalid(
      `field expansion matches too many fields, limit: ${MAX_CLAUSES}, got: ${names.length}`,
      "illegal_argument_exception",
    );
  }
  return { names: [...new Set(names)], lenient: asked.includes("*") };
}

function isSearchedByPattern(context: QueryContext, name: string): boolean {
  const valueClass = findField(context, name)?.valueClass;
  return valueClass !== undefined && valueClass !== "object" && valueClass !== "flattened";
}
