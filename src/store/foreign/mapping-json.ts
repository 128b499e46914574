import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { FieldType } from "../../search/fields/field-type.ts";
import type { MappedField, Mapping } from "../../search/target.ts";

/** A search's view of a mapping as Elasticsearch writes it: every field by its path, multi-fields too. */
export function readMapping(mapping: JsonObject): Mapping {
  const fields = new Map<string, MappedField>();
  const walk = (properties: Json | undefined, path: string): void => {
    if (!isObject(properties)) return;
    for (const [name, body] of Object.entries(properties)) {
      if (!isObject(body)) continue;
      const full = path === "" ? name : `${path}.${name}`;
      const inner = body["properties"];
      const type = (body["type"] ?? "object") as FieldType;
      fields.set(full, fieldOf(type, body));
      if (isObject(body["fields"])) {
        for (const [part, own] of Object.entries(body["fields"])) {
          if (isObject(own)) fields.set(`${full}.${part}`, { ...fieldOf(own["type"] as FieldType, own), of: full });
        }
      }
      walk(inner, full);
    }
  };
  walk(mapping["properties"], "");
  return fields;
}

function fieldOf(type: FieldType, body: JsonObject): MappedField {
  const { ignore_above: ignoreAbove, value, scaling_factor: scalingFactor } = body;
  return {
    type,
    ...(typeof ignoreAbove === "number" ? { ignoreAbove } : {}),
    ...(typeof value === "string" ? { value } : {}),
    ...(typeof scalingFactor === "number" ? { scalingFactor } : {}),
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
