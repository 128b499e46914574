import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { illegalArgument } from "../../events/refusal.ts";
import type { Parameters } from "./parameters.ts";
import { SOURCE_PARAMETERS, sourceFilterOf } from "./source-filter.ts";

/** Parameters of a search's URL that are the same as a part of its body. */
export const QUERY_PARAMETERS: readonly string[] = [
  "q",
  "df",
  "default_operator",
  "analyze_wildcard",
  "analyzer",
  "lenient",
];

export const SEARCH_PARAMETERS: readonly string[] = [
  ...QUERY_PARAMETERS,
  ...SOURCE_PARAMETERS,
  "size",
  "from",
  "sort",
  "track_total_hits",
  "track_scores",
  "timeout",
  "terminate_after",
  "version",
  "seq_no_primary_term",
  "explain",
  "stored_fields",
  "docvalue_fields",
  "min_score",
];

/** Parameters that say how several machines share the work, and change no answer. */
export const TUNING_PARAMETERS: readonly string[] = [
  "allow_partial_search_results",
  "batched_reduce_size",
  "ccs_minimize_roundtrips",
  "max_concurrent_shard_requests",
  "pre_filter_shard_size",
  "preference",
  "request_cache",
  "routing",
  "search_type",
  "stats",
];

const SEARCH_TYPES = ["query_then_fetch", "dfs_query_then_fetch"];

/** A search's body with what its URL says, which wins. */
export function searchBody(body: JsonObject | undefined, parameters: Parameters): JsonObject {
  const type = parameters.text("search_type");
  if (type !== undefined && !SEARCH_TYPES.includes(type)) throw illegalArgument(`No search type for [${type}]`);
  const query = queryOf(parameters);
  const filter = sourceFilterOf(parameters);
  const told: Record<string, Json | undefined> = {
    query,
    size: parameters.integer("size"),
    from: parameters.integer("from"),
    terminate_after: parameters.integer("terminate_after"),
    timeout: parameters.text("timeout"),
    track_total_hits: trackTotalHits(parameters.text("track_total_hits")),
    track_scores: parameters.flag("track_scores"),
    version: parameters.flag("version"),
    seq_no_primary_term: parameters.flag("seq_no_primary_term"),
    explain: parameters.flag("explain"),
    stored_fields: parameters.list("stored_fields"),
    docvalue_fields: parameters.list("docvalue_fields"),
    min_score: parameters.text("min_score") === undefined ? undefined : Number(parameters.text("min_score")),
    sort: parameters.list("sort")?.map(sortOf),
    _source:
      filter === undefined ? undefined : filter.none ? false : { includes: filter.includes, excludes: filter.excludes },
  };
  const said = Object.entries(told).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return { ...body, ...Object.fromEntries(said) };
}

/** `q` and what belongs to it, as a query. */
export function queryOf(parameters: Parameters): JsonObject | undefined {
  const query = parameters.text("q");
  if (query === undefined) return undefined;
  const more: Record<string, Json | undefined> = {
    default_field: parameters.text("df"),
    default_operator: parameters.text("default_operator"),
    analyze_wildcard: parameters.flag("analyze_wildcard"),
    analyzer: parameters.text("analyzer"),
    lenient: parameters.flag("lenient"),
  };
  const said = Object.entries(more).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return { query_string: { query, ...Object.fromEntries(said) } };
}

/** `field`, `field:desc`; a field's own colons come before the last one. */
function sortOf(text: string): Json {
  const colon = text.lastIndexOf(":");
  const order = text.slice(colon + 1);
  return colon > 0 && (order === "asc" || order === "desc") ? { [text.slice(0, colon)]: { order } } : text;
}

function trackTotalHits(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  if (text === "" || text === "true") return true;
  if (text === "false") return false;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw illegalArgument(`Failed to parse value [${text}] of [track_total_hits] as a boolean or an integer`);
}
