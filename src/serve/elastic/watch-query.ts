import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { refusal } from "../../events/refusal.ts";
import type { Fault } from "../../lib/fault.ts";

/** What a query over watches can look at. */
export type QueriedWatch = { id: string; metadata: Json; status: Json };

type Test = (watch: QueriedWatch) => boolean;

const BOOL_PARTS = ["must", "filter", "should", "must_not", "minimum_should_match"];

/**
 * A query over ids, `metadata.*` and `status.*`: match_all, match_none, ids, term, terms, exists, and bool of these. Values
 * count as keywords. Throws Elasticsearch's `parsing_exception` for anything else.
 */
export function watchQuery(query: Json | undefined): Test {
  if (query === undefined) return () => true;
  const [kind, told] = only(query, "query");
  switch (kind) {
    case "match_all":
      return () => true;
    case "match_none":
      return () => false;
    case "ids":
      return idsQuery(told);
    case "term": {
      const [field, value] = only(told, kind);
      return anyOf(field, [isObject(value) && value["value"] !== undefined ? value["value"] : value]);
    }
    case "terms": {
      const [field, values] = only(told, kind);
      if (!isList(values)) throw refused("[terms] query requires an array of values");
      return anyOf(field, values);
    }
    case "exists": {
      const [option, field] = only(told, kind);
      if (option !== "field" || typeof field !== "string") throw refused("[exists] takes [field] alone");
      const read = reader(field);
      return (watch) => read(watch).length > 0;
    }
    case "bool":
      return boolQuery(told);
    default:
      throw refused(`the query [${kind}] is not supported over watches`);
  }
}

function idsQuery(told: Json): Test {
  const [option, values] = only(told, "ids");
  if (option !== "values" || !isList(values)) throw refused("[ids] takes an array of [values] alone");
  const ids = new Set(values.map(String));
  return ({ id }) => ids.has(id);
}

function boolQuery(told: Json): Test {
  if (!isObject(told)) throw refused("[bool] query malformed, no start_object");
  const strange = Object.keys(told).find((part) => !BOOL_PARTS.includes(part));
  if (strange !== undefined) throw refused(`[bool] query does not support [${strange}]`);
  const tests = (part: string): Test[] => {
    const clauses = told[part] ?? [];
    return (isList(clauses) ? clauses : [clauses]).map(watchQuery);
  };
  const all = [...tests("must"), ...tests("filter")];
  const none = tests("must_not");
  const some = tests("should");
  const { minimum_should_match: told_least = all.length === 0 && some.length > 0 ? 1 : 0 } = told;
  const least = Number(told_least);
  if (!Number.isInteger(least) || least < 0) throw refused("[minimum_should_match] must be a number of clauses here");
  return (watch) =>
    all.every((test) => test(watch)) &&
    !none.some((test) => test(watch)) &&
    some.filter((test) => test(watch)).length >= least;
}

function anyOf(field: string, values: readonly Json[]): Test {
  const read = reader(field);
  const wanted = new Set(
    values.map((value) => {
      if (typeof value === "object") throw refused(`a value of [${field}] must be a text, a number or a boolean`);
      return String(value);
    }),
  );
  return (watch) => read(watch).some((value) => wanted.has(value));
}

/** The values of a field as keywords. */
function reader(field: string): (watch: QueriedWatch) => readonly string[] {
  if (field === "_id") return ({ id }) => [id];
  const [root = "", ...path] = field.replace(/\.keyword$/, "").split(".");
  if ((root !== "metadata" && root !== "status") || path.length === 0) {
    throw refused(`the field [${field}] is not looked at: [_id], [metadata.*] and [status.*] are`);
  }
  return (watch) => valuesAt(watch[root], path);
}

/** Through lists, as fields of documents have their values; names may hold dots. */
function valuesAt(value: Json | undefined, path: readonly string[]): string[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.flatMap((element) => valuesAt(element, path));
  if (!isObject(value)) return path.length === 0 ? [String(value)] : [];
  return path.flatMap((_, at) => {
    const name = path.slice(0, at + 1).join(".");
    return Object.hasOwn(value, name) ? valuesAt(value[name], path.slice(at + 1)) : [];
  });
}

function only(told: Json, what: string): [string, Json] {
  const entries = isObject(told) ? Object.entries(told) : [];
  const [first] = entries;
  if (first !== undefined && entries.length === 1) return first;
  throw refused(`[${what}] must hold one name and what belongs to it`);
}

function refused(reason: string): Fault {
  return refusal({ type: "parsing_exception", reason: `${reason}; docs/watch-api.md`, status: 400 });
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
