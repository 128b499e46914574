import { type Aggregation, parseAggregations } from "./aggregations/parse.ts";
import { unknownPart } from "./elsewhere.ts";
import type { Scalar } from "./fields/literals.ts";
import { type FieldAsked, parseFields } from "./hits/asked-fields.ts";
import { parseSort, type SortKey } from "./hits/sort-keys.ts";
import { parseSourceFilter, type SourceFilter } from "./hits/source-filter.ts";
import { isObject, isScalar } from "./json-shape.ts";
import { DEFAULT_SIZE, MAX_RESULT_WINDOW } from "./limits.ts";
import { parseQuery } from "./queries/clauses.ts";
import { matchAll, matchNone, type Query } from "./queries/query.ts";
import { searchBody } from "./search-body.ts";
import { invalid, invalidAtShards, unsupported } from "./search-fault.ts";

/** A search after parsing: every part is known to be supported; fields and values are checked against targets later. */
export type ParsedSearch = {
  query: Query;
  /** Of the hits and their number, not of the aggregations. */
  postFilter?: Query;
  aggregations: readonly Aggregation[];
  size: number;
  from: number;
  sort: readonly SortKey[];
  trackScores: boolean;
  searchAfter?: readonly (Scalar | null)[];
  /** How many hits to count at most; 0 for no total. */
  countLimit: number;
  source: SourceFilter;
  fields: readonly FieldAsked[];
  docvalueFields: readonly FieldAsked[];
  terminateAfter: boolean;
  /** Hits have neither `_id` nor `_source`. */
  bare: boolean;
};

/** Reads the body of a `_search`. Throws `search_unsupported` and `search_invalid`, each naming the part. */
export function parseSearch(body: unknown): ParsedSearch {
  if (!isObject(body)) throw invalid("The body of a search is an object");
  for (const [key, value] of Object.entries(body)) checkPart(key, value);
  const size = parseCount(body["size"], "size", DEFAULT_SIZE);
  const from = parseCount(body["from"], "from", 0);
  if (from + size > MAX_RESULT_WINDOW) {
    throw invalidAtShards(
      `Result window is too large, from + size must be less than or equal to: [${MAX_RESULT_WINDOW}] but was [${from + size}]. See the scroll api for a more efficient way to request large data sets.`,
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
  if (body["aggs"] !== undefined && body["aggregations"] !== undefined) {
    throw invalid("Found two aggregation sections: [aggs] and [aggregations]");
  }
  const noDocument = body["stored_fields"] !== undefined;
  return {
    query: ((body["min_score"] as number | undefined) ?? 0) > 1 ? matchNone : parseQueryPart(body["query"]),
    ...(body["post_filter"] === undefined ? {} : { postFilter: parseQuery(body["post_filter"]) }),
    aggregations: parseAggregations(body["aggs"] ?? body["aggregations"]),
    size,
    from,
    sort,
    trackScores: body["track_scores"] === true,
    ...(searchAfter === undefined ? {} : { searchAfter }),
    countLimit: parseTrackTotalHits(body["track_total_hits"]),
    source: parseSourceFilter(body["_source"] ?? !noDocument),
    fields: parseFields("fields", body["fields"]),
    docvalueFields: parseFields("docvalue_fields", body["docvalue_fields"]),
    bare: body["stored_fields"] === "_none_",
    terminateAfter: parseCount(body["terminate_after"], "terminate_after", 0) > 0,
  };
}

function parseQueryPart(value: unknown): Query {
  return value === undefined || value === null ? matchAll : parseQuery(value);
}

function checkPart(key: string, value: unknown): void {
  const part = Object.hasOwn(searchBody, key) ? searchBody[key as keyof typeof searchBody] : undefined;
  if (part === undefined) throw unknownPart(key, value);
  if ("only" in part && !part.only.some((allowed) => allowed === value))
    throw unsupported(`[${key}] [${JSON.stringify(value)}]`);
  if (key === "min_score" && typeof value !== "number") {
    throw invalid(`For input string: "${String(value)}"`, "number_format_exception");
  }
  if (
    key === "timeout" &&
    !(typeof value === "string" && /^(?:-1|\d+(?:\.\d+)?(?:nanos|micros|ms|s|m|h|d))$/.test(value))
  ) {
    throw invalid(
      `failed to parse setting [timeout] with value [${String(value)}] as a time value: unit is missing or unrecognized`,
      "illegal_argument_exception",
    );
  }
  if (key === "stored_fields" && value !== "_none_" && !(Array.isArray(value) && value.length === 0)) {
    throw unsupported("[stored_fields] other than [_none_] or an empty list");
  }
}

function parseCount(value: unknown, name: string, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  if (typeof number === "string") throw invalid(`For input string: "${number}"`, "number_format_exception");
  throw invalid(
    typeof number === "number" && number < 0 && Number.isInteger(number)
      ? `[${name}] parameter cannot be negative but was [${number}]`
      : `[${name}] must be a whole number of 0 or more`,
    "illegal_argument_exception",
  );
}

function parseTrackTotalHits(value: unknown): number {
  if (value === undefined || value === null) return MAX_RESULT_WINDOW;
  if (value === true || value === "true") return Number.MAX_SAFE_INTEGER;
  if (value === false || value === "false" || value === -1) return 0;
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  if (typeof value === "string") throw invalid(`For input string: "${value}"`, "number_format_exception");
  throw invalid(
    `[track_total_hits] parameter must be positive or equals to -1, got ${String(value)}`,
    "illegal_argument_exception",
  );
}

function parseSearchAfter(value: unknown, sort: readonly SortKey[]): (Scalar | null)[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalid("[search_after] must be an array");
  if (sort.length === 0) throw invalidAtShards("Sort must contain at least one field.");
  if (value.length !== sort.length) {
    throw invalidAtShards(`search_after has ${value.length} value(s) but sort has ${sort.length}.`);
  }
  return value.map((item: unknown) => {
    if (item === null || isScalar(item)) return item;
    throw invalid("[search_after] holds strings, numbers, booleans and null");
  });
}
