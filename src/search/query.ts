/** A value in a clause, as JSON has it. */
export type Scalar = string | number | boolean;

export type RangeBounds = { gt?: string | number; gte?: string | number; lt?: string | number; lte?: string | number };

/** A query after parsing: every part is known to be supported; fields and values are checked against columns later. */
export type Query =
  | { kind: "match_all" }
  | { kind: "match_none" }
  | { kind: "bool"; filter: Query[]; mustNot: Query[]; should: Query[]; minimumShouldMatch: number }
  | { kind: "terms"; field: string; values: readonly Scalar[] }
  | { kind: "range"; field: string; bounds: RangeBounds }
  | { kind: "exists"; field: string }
  | { kind: "ids"; values: readonly string[] }
  | { kind: "prefix"; field: string; value: string };

export type SortKey = { field: string; order: "asc" | "desc" };

export type ParsedSearch = {
  query: Query;
  size: number;
  from: number;
  sort: readonly SortKey[];
  searchAfter?: readonly (Scalar | null)[];
  /** How many hits to count at most; 0 for no total. */
  countLimit: number;
};
