import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { isJsonObject } from "../../../events/json-object.ts";

/**
 * One mapping of many, as Elasticsearch composes those of templates: what comes later replaces fields and settings,
 * objects are joined, dynamic templates of the same name replaced in their place.
 */
export function composedMappings(mappings: readonly JsonObject[]): JsonObject {
  return mappings.map(unwrapped).reduce<JsonObject>(joined, {});
}

function unwrapped(mapping: JsonObject): JsonObject {
  const inner = mapping["_doc"];
  return Object.keys(mapping).length === 1 && isJsonObject(inner) ? inner : mapping;
}

function joined(base: JsonObject, over: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over) as [string, Json][]) {
    const before = result[key];
    if (key === "properties" && isJsonObject(value)) {
      result[key] = joinedProperties(isJsonObject(before) ? before : {}, value);
    } else if (key === "dynamic_templates" && Array.isArray(before) && Array.isArray(value)) {
      result[key] = joinedTemplates(before, value);
    } else if (key === "_meta" && isJsonObject(before) && isJsonObject(value)) result[key] = { ...before, ...value };
    else result[key] = value;
  }
  return result;
}

function joinedProperties(base: JsonObject, over: JsonObject): JsonObject {
  const result = nested(base);
  for (const [name, field] of Object.entries(nested(over))) {
    const before = result[name];
    result[name] =
      isJsonObject(before) && isJsonObject(field) && isObjectField(before) && isObjectField(field)
        ? joined(before, field)
        : field;
  }
  return result;
}

/** `{"a.b": …}` as `{a: {properties: {b: …}}}`. */
function nested(properties: JsonObject): Record<string, Json> {
  const result: Record<string, Json> = Object.create(null) as Record<string, Json>;
  for (const [name, field] of Object.entries(properties) as [string, Json][]) {
    const dot = name.indexOf(".");
    const [first, rest] = dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
    const own: Json = rest === undefined ? field : { properties: { [rest]: field } };
    const before = result[first];
    const joins = isJsonObject(before) && isJsonObject(own) && isObjectField(before) && isObjectField(own);
    result[first] = joins ? joined(before, own) : own;
  }
  return result;
}

function isObjectField(field: JsonObject): boolean {
  const { type } = field;
  return field["properties"] !== undefined || type === "object" || type === "nested";
}

function joinedTemplates(base: readonly Json[], over: readonly Json[]): readonly Json[] {
  const byName = new Map<string, Json>();
  for (const entry of [...base, ...over]) {
    const name = isJsonObject(entry) ? (Object.keys(entry)[0] ?? "") : "";
    byName.set(name, entry);
  }
  return [...byName.values()];
}
