import type { Json } from "../events/document.ts";

/** A query of the Query DSL subset, as it arrives; docs/search.md says what is supported. */
export type QueryBody = { readonly [clause: string]: unknown };

type SortOrder = "asc" | "desc";
export type SortBody = string | { readonly [field: string]: SortOrder | { readonly [option: string]: Json } };
export type FieldRequest = string | { field: string; format?: string };
export type AggregationsBody = { readonly [name: string]: { readonly [part: string]: unknown } };

/** The body of a `_search`, as far as it is supported; anything else is refused by name. */
export type SearchRequest = {
  query?: QueryBody;
  post_filter?: QueryBody;
  aggs?: AggregationsBody;
  aggregations?: AggregationsBody;
  size?: number;
  from?: number;
  sort?: SortBody | readonly SortBody[];
  search_after?: readonly Json[];
  track_total_hits?: boolean | number;
  track_scores?: boolean;
  _source?:
    | boolean
    | string
    | readonly string[]
    | { includes?: string | readonly string[]; excludes?: string | readonly string[] };
  fields?: readonly FieldRequest[];
  docvalue_fields?: readonly FieldRequest[];
  stored_fields?: string | readonly string[];
  min_score?: number;
  timeout?: string;
  terminate_after?: number;
};

/** What a request asks for beside its body. */
export type SearchParams = {
  /** Names of aggregations are written `type#name`. */
  typedKeys?: boolean;
  /** Only documents that arrived up to this position: a point in time. */
  maxSeq?: number;
  /** Names that the store does not know hold nothing, instead of being refused: who asks has resolved them. */
  ignoreMissing?: boolean;
};

export type SearchHit = {
  _index: string;
  _id: string;
  _score: number | null;
  /** Left out where the request says so. */
  _source: { readonly [key: string]: Json };
  fields?: { readonly [field: string]: readonly Json[] };
  sort?: readonly Json[];
};

/** Elasticsearch's answer to a search. */
export type SearchResponse = {
  took: number;
  timed_out: boolean;
  terminated_early?: boolean;
  _shards: { total: number; successful: number; skipped: number; failed: number };
  hits: {
    total?: { value: number; relation: "eq" | "gte" };
    max_score: number | null;
    hits: readonly SearchHit[];
  };
  aggregations?: { readonly [name: string]: Json };
};
