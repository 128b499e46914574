import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";

/** The parts of an answer that `extract` names: dotted paths, which go into the elements of lists. */
export function extracted(object: JsonObject, paths: readonly string[]): JsonObject {
  return below(object, "", paths);
}

function below(object: JsonObject, path: string, paths: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      const here = path === "" ? key : `${path}.${key}`;
      if (paths.includes(here)) return [[key, value]];
      if (!paths.some((asked) => asked.startsWith(`${here}.`))) return [];
      const kept = within(value, here, paths);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

function within(value: Json, path: string, paths: readonly string[]): Json | undefined {
  if (Array.isArray(value)) return value.flatMap((item: Json) => within(item, path, paths) ?? []);
  return isJsonObject(value) ? below(value, path, paths) : undefined;
}
