import type { Json } from "../events/document.ts";

/** A query of the Query DSL subset, as it arrives; `search/parse.ts` says what is supported. */
export type QueryBody = { readonly [clause: string]: unknown };

/** The body of a `_search`, as far as it is supported; anything else is refused by name. */
export type SearchRequest = {
  query?: QueryBody;
  size?: number;
  from?: number;
  sort?: readonly (string | { readonly [field: string]: "asc" | "desc" | { order: "asc" | "desc" } })[];
  search_after?: readonly Json[];
  track_total_hits?: boolean;
};

export type SearchHit = {
  _index: string;
  _id: string;
  _source: { readonly [key: string]: Json };
  sort?: readonly Json[];
};

/** Elasticsearch's answer to a search. */
export type SearchResponse = {
  took: number;
  timed_out: boolean;
  hits: { total?: { value: number; relation: "eq" | "gte" }; hits: readonly SearchHit[] };
};
