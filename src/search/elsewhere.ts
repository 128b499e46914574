import { invalid, unsupported } from "./search-fault.ts";

/**
 * Names of Elasticsearch's language that the embedded store knows of and does not have. They are refused as not
 * supported; a name that stands neither here nor in the tables of what is supported is refused as Elasticsearch does.
 */
const ELSEWHERE = {
  body: [
    "collapse",
    "highlight",
    "suggest",
    "rescore",
    "script_fields",
    "runtime_mappings",
    "indices_boost",
    "knn",
    "rank",
    "retriever",
    "pit",
    "slice",
    "ext",
    "stats",
  ],
  query: [
    "boosting",
    "combined_fields",
    "dis_max",
    "distance_feature",
    "function_score",
    "fuzzy",
    "geo_bounding_box",
    "geo_distance",
    "geo_polygon",
    "geo_shape",
    "has_child",
    "has_parent",
    "intervals",
    "knn",
    "match_bool_prefix",
    "more_like_this",
    "parent_id",
    "percolate",
    "pinned",
    "rank_feature",
    "rule",
    "script",
    "script_score",
    "semantic",
    "shape",
    "span_containing",
    "span_field_masking",
    "span_first",
    "span_multi",
    "span_near",
    "span_not",
    "span_or",
    "span_term",
    "span_within",
    "sparse_vector",
    "terms_set",
    "text_expansion",
    "weighted_tokens",
    "wrapper",
  ],
  aggregation: [
    "adjacency_matrix",
    "bucket_correlation",
    "bucket_count_ks_test",
    "categorize_text",
    "change_point",
    "children",
    "cumulative_cardinality",
    "diversified_sampler",
    "frequent_item_sets",
    "geo_bounds",
    "geo_centroid",
    "geo_distance",
    "geo_line",
    "geohash_grid",
    "geohex_grid",
    "geotile_grid",
    "inference",
    "ip_prefix",
    "ip_range",
    "matrix_stats",
    "moving_percentiles",
    "nested",
    "normalize",
    "parent",
    "random_sampler",
    "rare_terms",
    "rate",
    "reverse_nested",
    "sampler",
    "scripted_metric",
    "serial_diff",
    "significant_terms",
    "significant_text",
    "string_stats",
    "t_test",
    "time_series",
    "variable_width_histogram",
  ],
  option: [
    "_name",
    "inner_hits",
    "quote_field_suffix",
    "script",
    "fuzziness",
    "interval",
    "nested",
    "numeric_type",
    "highlight",
    "stored_fields",
    "script_fields",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export function unknownPart(key: string, value: unknown): Error {
  if (isElsewhere("body", key)) return unsupported(`[${key}]`);
  const token = Array.isArray(value)
    ? "START_ARRAY"
    : `VALUE_${(value === null ? "null" : typeof value).toUpperCase()}`;
  const kind = typeof value === "object" && value !== null && !Array.isArray(value) ? "START_OBJECT" : token;
  return invalid(`Unknown key for a ${kind} in [${key}].`);
}

export function unknownQuery(name: string): Error {
  return isElsewhere("query", name) ? unsupported(`query [${name}]`) : invalid(`unknown query [${name}]`);
}

export function unknownAggregation(type: string): Error {
  return isElsewhere("aggregation", type)
    ? unsupported(`aggregation [${type}]`)
    : invalid(`Unknown aggregation type [${type}]`);
}

/** An option that a clause, an aggregation or a sort does not take. */
export function unknownOption(where: string, option: string, of: "query" | "object"): Error {
  if (isElsewhere("option", option)) return unsupported(`[${option}] in [${where}]`);
  return of === "query"
    ? invalid(`[${where}] query does not support [${option}]`)
    : invalid(`[${where}] unknown field [${option}]`, "x_content_parse_exception");
}

function isElsewhere(list: keyof typeof ELSEWHERE, name: string): boolean {
  return (ELSEWHERE[list] as readonly string[]).includes(name);
}
