import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { illegalArgument } from "../../events/refusal.ts";
import { wildcard } from "../../lib/wildcard.ts";
import type { Parameters } from "./parameters.ts";

/** Which part of a document is answered: none, or the fields that are included and not excluded. */
export type SourceFilter = { none: boolean; includes: readonly string[]; excludes: readonly string[] };

export const SOURCE_PARAMETERS: readonly string[] = ["_source", "_source_includes", "_source_excludes"];

/** `_source`, `_source_includes` and `_source_excludes` of a URL; undefined when it says nothing of them. */
export function sourceFilterOf(parameters: Parameters): SourceFilter | undefined {
  const includes = parameters.list("_source_includes");
  const excludes = parameters.list("_source_excludes");
  const source = parameters.text("_source");
  if (source === undefined && includes === undefined && excludes === undefined) return undefined;
  if (source === "false") return { none: true, includes: [], excludes: [] };
  const named = source === undefined || source === "true" || source === "" ? [] : (parameters.list("_source") ?? []);
  return { none: false, includes: [...named, ...(includes ?? [])], excludes: excludes ?? [] };
}

/** `_source` of a body: true, false, a field, a list of them, or `{includes, excludes}`. */
export function readSourceFilter(value: Json): SourceFilter {
  if (typeof value === "boolean") return { none: !value, includes: [], excludes: [] };
  if (value === "true" || value === "false") return { none: value === "false", includes: [], excludes: [] };
  if (typeof value === "string" || Array.isArray(value)) return { none: false, includes: names(value), excludes: [] };
  if (typeof value === "object" && value !== null) {
    const { includes, include, excludes, exclude } = value as JsonObject;
    return { none: false, includes: names(includes ?? include ?? []), excludes: names(excludes ?? exclude ?? []) };
  }
  throw illegalArgument("[_source] must be a boolean, a field, a list of fields or an object");
}

function names(value: Json): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((name: Json) => {
    if (typeof name === "string") return name;
    throw illegalArgument("[_source] names fields by strings");
  });
}

/** The part of a document that a filter leaves; a name includes all that is below it, stars cross dots. */
export function filterSource(source: JsonObject, filter: SourceFilter): JsonObject {
  const included = filter.includes.map(wildcard);
  const excluded = filter.excludes.map(wildcard);
  const walk = (value: Json, path: string, isIncluded: boolean): Json | undefined => {
    if (Array.isArray(value)) {
      const kept = value
        .map((element: Json) => walk(element, path, isIncluded))
        .filter((element) => element !== undefined);
      return kept.length === 0 && !isIncluded ? undefined : kept;
    }
    if (typeof value !== "object" || value === null) return isIncluded ? value : undefined;
    const kept = Object.entries(value).flatMap(([name, field]: [string, Json]): [string, Json][] => {
      const below = path === "" ? name : `${path}.${name}`;
      if (excluded.some((matches) => matches(below))) return [];
      const inner = walk(field, below, isIncluded || included.some((matches) => matches(below)));
      return inner === undefined ? [] : [[name, inner]];
    });
    return kept.length === 0 && !isIncluded ? undefined : Object.fromEntries(kept);
  };
  return (walk(source, "", included.length === 0) as JsonObject | undefined) ?? {};
}
