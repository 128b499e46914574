import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";

/** The fields of two mappings of one index: where both have one, that of `known`, which documents have been stored by. */
export function mergedMapping(known: JsonObject, other: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...other, ...known };
  for (const key of ["properties", "fields"]) {
    const [ours, theirs] = [known[key], other[key]] as (JsonObject | undefined)[];
    if (ours === undefined || theirs === undefined) continue;
    const fields: Record<string, Json> = { ...theirs, ...ours };
    for (const [name, field] of Object.entries(ours)) {
      const there = theirs[name];
      if (there !== undefined) fields[name] = mergedMapping(field as JsonObject, there as JsonObject);
    }
    result[key] = fields;
  }
  return result;
}
