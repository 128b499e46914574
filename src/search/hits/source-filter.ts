import type { Json } from "../../events/document.ts";
import { fitsPattern } from "../fields/field-pattern.ts";
import { isObject } from "../json-shape.ts";
import { invalid } from "../search-fault.ts";

/** What of `_source` is given: nothing, or what the patterns leave. */
export type SourceFilter = false | { includes: readonly string[]; excludes: readonly string[] };

const WHOLE_SOURCE: SourceFilter = { includes: [], excludes: [] };

export function parseSourceFilter(value: unknown): SourceFilter {
  if (value === true || value === undefined || value === "true") return WHOLE_SOURCE;
  if (value === false || value === "false") return false;
  if (!isObject(value)) return { includes: patterns(value), excludes: [] };
  for (const key of Object.keys(value)) {
    if (!["includes", "include", "excludes", "exclude"].includes(key)) {
      throw invalid(`Unknown key for a START_ARRAY in [${key}].`);
    }
  }
  return {
    includes: patterns(value["includes"] ?? value["include"] ?? []),
    excludes: patterns(value["excludes"] ?? value["exclude"] ?? []),
  };
}

function patterns(value: unknown): string[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  return list.map((pattern) => {
    if (typeof pattern === "string") return pattern;
    throw invalid("Expected one of [VALUE_BOOLEAN, START_OBJECT, VALUE_STRING, START_ARRAY] in [_source]");
  });
}

/** Whether a leaf of a document can be among what the patterns include. */
export function includesLeaf({ includes }: Exclude<SourceFilter, false>, path: string): boolean {
  return includes.length === 0 || includes.some((pattern) => fitsWithin(pattern, path));
}

/** A pattern stands also for all that is below what it fits. */
function fitsWithin(pattern: string, name: string): boolean {
  return fitsPattern(pattern, name) || fitsPattern(`${pattern}.*`, name);
}

type Source = { readonly [key: string]: Json };

/** The part of a document that the patterns leave; a pattern that fits an object stands for all that is in it. */
export function filterSource(source: Source, filter: Exclude<SourceFilter, false>): Source {
  const { includes, excludes } = filter;
  if (includes.length === 0 && excludes.length === 0) return source;
  return filterObject(source, "", includes.length === 0, filter);
}

function filterObject(
  source: Source,
  path: string,
  included: boolean,
  filter: Exclude<SourceFilter, false>,
): { [key: string]: Json } {
  const kept: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(source)) {
    const name = `${path}${key}`;
    if (filter.excludes.some((pattern) => fitsWithin(pattern, name))) continue;
    // A name with dots stands below the object that it begins with.
    const whole = included || filter.includes.some((pattern) => fitsWithin(pattern, name));
    const left = filterValue(value, name, whole, filter);
    if (left !== undefined) kept[key] = left;
  }
  return kept;
}

/** Undefined for what is not given. An object is given empty only where it was asked for. */
function filterValue(
  value: Json,
  name: string,
  whole: boolean,
  filter: Exclude<SourceFilter, false>,
): Json | undefined {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => filterValue(item, name, whole, filter));
    const left = items.filter((item) => item !== undefined);
    return left.length > 0 || whole ? left : undefined;
  }
  if (!isObject(value)) return whole ? value : undefined;
  const left = filterObject(value as Source, `${name}.`, whole, filter);
  return Object.keys(left).length > 0 || whole ? left : undefined;
}
