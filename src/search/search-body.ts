/** The parts of a search's body, each with its words; `only` lists the values that are taken. What is missing here is refused. */
export const searchBody = {
  query: { words: "A clause; `match_all` without one." },
  post_filter: { words: "A clause for the hits and their number, but not for the aggregations." },
  aggs: { words: "Aggregations by name." },
  aggregations: { words: "The same." },
  size: { words: "How many hits, 10 unless told, at most 10000." },
  from: { words: "How many hits to skip; `from` + `size` at most 10000." },
  sort: {
    words:
      "Fields with `order`, `missing`, `mode`, `unmapped_type` and `format`, and `_score`, `_doc`, `_shard_doc` and `_seq`, the order of arrival, which also decides between equal values. `search_after` takes `null` for a document without the field, too.",
  },
  search_after: { words: "The `sort` values of the last hit of the page before." },
  track_total_hits: { words: "`true` counts all hits, `false` none, a number up to that many; otherwise up to 10000." },
  track_scores: { words: "Gives `_score` (1.0) although there is a `sort`.", only: [true, false] },
  _source: { words: "`false`, or patterns of what to give and what to leave out." },
  fields: { words: "Fields by name or pattern, with a `format` for dates." },
  docvalue_fields: { words: "The same, but for text." },
  stored_fields: { words: "`_none_` or an empty list: no `_source`." },
  min_score: { words: "Every score is 1.0: above that nothing is found." },
  timeout: { words: "Taken; the store's own limit holds, and an answer is whole or an error." },
  terminate_after: { words: "Taken; all documents are looked at." },
  version: { words: "Not given.", only: [false] },
  seq_no_primary_term: { words: "Not given.", only: [false] },
  explain: { words: "Not given.", only: [false] },
  profile: { words: "Not given.", only: [false] },
} as const satisfies Readonly<Record<string, { words: string; only?: readonly boolean[] }>>;
