/**
 * The subset of Elasticsearch's search that the embedded store answers: every clause with its options and words.
 * The parser refuses, by name, what does not stand here.
 */
export const supportedClauses = {
  match_all: { options: [], words: "Every document." },
  match_none: { options: [], words: "No document." },
  bool: {
    options: ["filter", "must", "must_not", "should", "minimum_should_match"],
    words: "Clauses that must, must not or may hold. There is no score, so `must` and `filter` are the same.",
  },
  term: { options: ["value"], words: "Documents whose field holds exactly this value." },
  terms: { options: [], words: "Documents whose field holds one of these values." },
  range: {
    options: ["gt", "gte", "lt", "lte"],
    words:
      "Values between bounds. Dates are ISO 8601 strings or Unix milliseconds; a date bound without a time of day is rounded as Elasticsearch does.",
  },
  exists: { options: ["field"], words: "Documents that have a value in the field." },
  ids: { options: ["values"], words: "Documents by `_id`." },
  prefix: { options: ["value"], words: "Keywords that begin so." },
} as const satisfies Readonly<Record<string, { options: readonly string[]; words: string }>>;

export type ClauseName = keyof typeof supportedClauses;

export const supportedBody = {
  query: "A clause; `match_all` without one.",
  size: "How many hits, 10 unless told, at most 10000.",
  from: "How many hits to skip; `from` + `size` at most 10000.",
  sort: "Fields with `asc` or `desc`, and `_seq`, the order of arrival; documents without the field come last.",
  search_after: "The `sort` values of the last hit of the page before.",
  track_total_hits: "true counts all hits, false none; otherwise up to 10000.",
} as const satisfies Readonly<Record<string, string>>;

export const MAX_RESULT_WINDOW = 10_000;
export const DEFAULT_SIZE = 10;
/** Bounds on what one search may ask for. */
export const MAX_TERMS = 10_000;
export const MAX_CLAUSES = 1024;
export const MAX_DEPTH = 30;
export const MAX_SORT_FIELDS = 16;
