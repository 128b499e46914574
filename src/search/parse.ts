import { isObject, isScalar } from "./json-shape.ts";
import { parseQuery } from "./parse-query.ts";
import type { ParsedSearch, Scalar, SortKey } from "./query.ts";
import { invalid, unsupported } from "./search-fault.ts";
import { DEFAULT_SIZE, MAX_RESULT_WINDOW, MAX_SORT_FIELDS, supportedBody } from "./supported.ts";

/** Reads the body of a `_search`. Throws `search_unsupported` and `search_invalid`, each naming the part. */
export function parseSearch(body: unknown): ParsedSearch {
  if (!isObject(body)) throw invalid("The body of a search is an object");
  for (const key of Object.keys(body)) {
    if (!Object.hasOwn(supportedBody, key)) throw unsupported(`[${key}]`);
  }
  const size = parseCount(body["size"], "size", DEFAULT_SIZE);
  const from = parseCount(body["from"], "from", 0);
  if (from + size > MAX_RESULT_WINDOW) {
    throw invalid(
      `Result window is too large, from + size must be less than or equal to: [${MAX_RESULT_WINDOW}] but was [${from + size}]`,
      "illegal_argument_exception",
    );
  }
  const sort = parseSort(body["sort"]);
  const searchAfter = parseSearchAfter(body["search_after"], sort);
  if (searchAfter !== undefined && from > 0) {
    throw invalid(
      "`from` parameter must be set to 0 when `search_after` is used",
      "action_request_validation_exception",
    );
  }
  return {
    query: body["query"] === undefined ? { kind: "match_all" } : parseQuery(body["query"]),
    size,
    from,
    sort,
    ...(searchAfter === undefined ? {} : { searchAfter }),
    countLimit: parseTrackTotalHits(body["track_total_hits"]),
  };
}

function parseCount(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalid(`[${name}] must be a whole number of 0 or more`, "illegal_argument_exception");
}

function parseTrackTotalHits(value: unknown): number {
  if (value === undefined) return MAX_RESULT_WINDOW;
  if (value === true) return Number.MAX_SAFE_INTEGER;
  if (value === false) return 0;
  throw unsupported("[track_total_hits] other than true or false");
}

function parseSort(value: unknown): SortKey[] {
  if (value === undefined) return [];
  const entries = Array.isArray(value) ? (value as unknown[]) : [value];
  if (entries.length > MAX_SORT_FIELDS) throw invalid(`[sort] has more than ${MAX_SORT_FIELDS} fields`);
  return entries.flatMap((entry) => {
    if (typeof entry === "string") return [sortKey(entry, "asc")];
    if (!isObject(entry)) throw invalid("[sort] malformed: fields or objects are expected");
    return Object.entries(entry).map(([field, options]) => sortKey(field, sortOrder(field, options)));
  });
}

function sortKey(field: string, order: "asc" | "desc"): SortKey {
  if (field === "_score" || field === "_doc") throw unsupported(`sort by [${field}]`);
  return { field, order };
}

function sortOrder(field: string, options: unknown): "asc" | "desc" {
  if (options === "asc" || options === "desc") return options;
  if (!isObject(options)) throw invalid(`[sort] of [${field}] must be asc or desc`);
  for (const key of Object.keys(options)) if (key !== "order") throw unsupported(`[${key}] in [sort]`);
  return sortOrder(field, options["order"] ?? "asc");
}

function parseSearchAfter(value: unknown, sort: readonly SortKey[]): (Scalar | null)[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw invalid("[search_after] must be an array");
  if (sort.length === 0) throw invalid("Sort must contain at least one field.", "illegal_argument_exception");
  if (value.length !== sort.length) {
    throw invalid(
      `search_after has ${value.length} value(s) but sort has ${sort.length}.`,
      "illegal_argument_exception",
    );
  }
  return value.map((item: unknown) => {
    if (item === null || isScalar(item)) return item;
    throw invalid("[search_after] holds strings, numbers, booleans and null");
  });
}
