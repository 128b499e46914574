import type { FieldType } from "../../../search/fields/field-type.ts";

const COMMON = ["meta", "store", "index", "doc_values"];
const NUMBER = [...COMMON, "coerce", "ignore_malformed", "null_value", "time_series_metric", "time_series_dimension"];
const TEXT = [
  ...COMMON,
  "analyzer",
  "search_analyzer",
  "search_quote_analyzer",
  "norms",
  "index_options",
  "index_prefixes",
  "index_phrases",
  "position_increment_gap",
  "similarity",
  "term_vector",
  "fielddata",
  "fielddata_frequency_filter",
  "eager_global_ordinals",
];
const KEYWORD = [
  ...COMMON,
  "ignore_above",
  "null_value",
  "normalizer",
  "norms",
  "index_options",
  "similarity",
  "eager_global_ordinals",
  "split_queries_on_whitespace",
  "time_series_dimension",
];

/** Parameters that each type takes, as Elasticsearch's documentation lists them; `fields` and `copy_to` may all have. */
const SEARCHED: Readonly<Partial<Record<FieldType, readonly string[]>>> = {
  keyword: KEYWORD,
  constant_keyword: ["meta", "value"],
  wildcard: ["meta", "ignore_above", "null_value"],
  text: TEXT,
  match_only_text: ["meta", "analyzer", "search_analyzer", "search_quote_analyzer", "fielddata"],
  long: NUMBER,
  integer: NUMBER,
  short: NUMBER,
  byte: NUMBER,
  unsigned_long: NUMBER,
  double: NUMBER,
  float: NUMBER,
  half_float: NUMBER,
  scaled_float: [...NUMBER, "scaling_factor"],
  boolean: [...COMMON, "null_value", "ignore_malformed", "time_series_dimension"],
  date: [...COMMON, "format", "locale", "null_value", "ignore_malformed"],
  ip: [...COMMON, "null_value", "ignore_malformed", "time_series_dimension"],
  flattened: [
    ...COMMON,
    "depth_limit",
    "ignore_above",
    "null_value",
    "eager_global_ordinals",
    "index_options",
    "similarity",
    "split_queries_on_whitespace",
    "time_series_dimensions",
  ],
};

/** Types of Elasticsearch's whose values are kept with their document and not searched: a search of one is refused. */
const KEPT: ReadonlySet<string> = new Set([
  "aggregate_metric_double",
  "binary",
  "completion",
  "counted_keyword",
  "date_range",
  "dense_vector",
  "double_range",
  "float_range",
  "geo_point",
  "geo_shape",
  "histogram",
  "integer_range",
  "ip_range",
  "long_range",
  "murmur3",
  "point",
  "rank_feature",
  "rank_features",
  "search_as_you_type",
  "shape",
  "sparse_vector",
  "token_count",
  "version",
]);

export function isSearched(type: string): type is FieldType {
  return Object.hasOwn(SEARCHED, type);
}

export function isKept(type: string): boolean {
  return KEPT.has(type) || type === "date_nanos";
}

/** Undefined for a type that is kept alone: what it takes is not judged. */
export function parametersOf(type: string): readonly string[] | undefined {
  if (type === "date_nanos") return SEARCHED.date;
  return isSearched(type) ? SEARCHED[type] : undefined;
}

/** What may be changed of a field that there is: Elasticsearch's updatable parameters. */
export const UPDATABLE: ReadonlySet<string> = new Set([
  "meta",
  "ignore_above",
  "ignore_malformed",
  "coerce",
  "search_analyzer",
  "search_quote_analyzer",
  "eager_global_ordinals",
  "split_queries_on_whitespace",
  "fielddata",
  "fielddata_frequency_filter",
  "depth_limit",
  "time_series_metric",
]);
