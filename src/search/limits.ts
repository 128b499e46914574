export const MAX_RESULT_WINDOW = 10_000;
export const DEFAULT_SIZE = 10;
/** Bounds on what one search may ask for. */
export const MAX_TERMS = 10_000;
export const MAX_CLAUSES = 1024;
export const MAX_DEPTH = 30;
export const MAX_SORT_FIELDS = 16;
export const MAX_PATTERN_LENGTH = 1000;
/** Buckets that one answer may have, Elasticsearch's `search.max_buckets`. */
export const MAX_BUCKETS = 65_536;
export const MAX_AGGREGATIONS = 200;
export const MAX_AGGREGATION_DEPTH = 20;
/** Characters of one SQL statement: some hundreds of clauses on text, counted once a table. */
export const MAX_STATEMENT_LENGTH = 8_000_000;
