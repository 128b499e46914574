import type { Json } from "./document.ts";
import type { JsonObject } from "./foreign.ts";

/** Settings as Elasticsearch answers them: below `index`, nested, every value a string. */
export function normalSettings(settings: JsonObject): JsonObject {
  return nested(flatSettings(settings));
}

/** `{"index.number_of_shards": "1"}`. */
export function flatSettings(settings: JsonObject): Readonly<Record<string, Json>> {
  const flat: Record<string, Json> = {};
  const walk = (value: Json, path: string): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) walk(inner as Json, path === "" ? name : `${path}.${name}`);
    } else flat[path.startsWith("index.") ? path : `index.${path}`] = text(value);
  };
  walk(settings, "");
  return flat;
}

function text(value: Json): Json {
  if (value === null || typeof value === "string") return value;
  return Array.isArray(value) ? value.map(text) : String(value);
}

function nested(flat: Readonly<Record<string, Json>>): JsonObject {
  // Without prototypes, a setting's name can be any.
  const root: Record<string, Json> = Object.create(null);
  for (const [path, value] of Object.entries(flat)) {
    const names = path.split(".");
    const last = names.pop() ?? path;
    let at = root;
    for (const name of names) {
      const inner = at[name];
      const next = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : Object.create(null);
      at[name] = next;
      at = next as Record<string, Json>;
    }
    at[last] = value;
  }
  return root;
}
