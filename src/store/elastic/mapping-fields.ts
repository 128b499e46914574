import type { JsonObject } from "../../events/foreign.ts";

/** The type of every field of a mapping by its full path, multi-fields too; an object without a type has none. */
function fieldTypes(mapping: JsonObject): Map<string, string> {
  const types = new Map<string, string>();
  const visit = (fields: JsonObject | undefined, above: string): void => {
    for (const [name, value] of Object.entries(fields ?? {})) {
      const field = value as JsonObject;
      const path = above === "" ? name : `${above}.${name}`;
      const properties = field["properties"] as JsonObject | undefined;
      const type = field["type"];
      if (typeof type === "string") types.set(path, type);
      visit(properties, path);
      visit(field["fields"] as JsonObject | undefined, path);
    }
  };
  visit(mapping["properties"] as JsonObject | undefined, "");
  return types;
}

/** What a mapping lacks of another one, and what it has as another type. */
export function fieldDifferences(
  wanted: JsonObject,
  found: JsonObject,
): { missing: string[]; other: { field: string; type: string; wanted: string }[] } {
  const has = fieldTypes(found);
  const missing: string[] = [];
  const other: { field: string; type: string; wanted: string }[] = [];
  for (const [field, type] of fieldTypes(wanted)) {
    const there = has.get(field);
    if (there === type) continue;
    // An engine tells an object that holds fields without its type.
    if (there === undefined && type === "object" && [...has.keys()].some((path) => path.startsWith(`${field}.`)))
      continue;
    if (there === undefined) missing.push(field);
    else other.push({ field, type: there, wanted: type });
  }
  return { missing, other };
}
