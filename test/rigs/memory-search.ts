import type { JsonObject } from "../../src/events/foreign.ts";
import type { IndexView, SearchBackend } from "../../src/serve/elastic/search-backend.ts";

export type MemoryHit = { index: string; id: string; seq: number; source: JsonObject };

export type MemorySearch = SearchBackend & {
  views: IndexView[];
  hits: MemoryHit[];
  mapping: Map<string, JsonObject>;
  /** Every search that was asked. */
  readonly asked: Parameters<SearchBackend["search"]>[0][];
  /** Throws instead of answering, while set. */
  fail: (() => Error | undefined) | undefined;
};

/** Finds every document of the indices in the order of `_seq`, behind `search_after` and within `size`. */
export function createMemorySearch(): MemorySearch {
  const search: MemorySearch = {
    views: [],
    hits: [],
    mapping: new Map(),
    asked: [],
    fail: undefined,
    indices: async () => search.views,
    mappings: async (names) => new Map(names.map((name) => [name, search.mapping.get(name) ?? { properties: {} }])),
    newestSeq: async () => Math.max(0, ...search.hits.map(({ seq }) => seq)),
    async search(request) {
      search.asked.push(request);
      const failure = search.fail?.();
      if (failure !== undefined) throw failure;
      const { indices, body, maxSeq = Number.POSITIVE_INFINITY } = request;
      const { size = 10, from = 0, search_after: after, sort } = body;
      const afterSeq = Array.isArray(after) ? Number(after.at(-1)) : -1;
      const found = search.hits
        .filter(({ index, seq }) => indices.includes(index) && seq <= maxSeq)
        .sort((a, b) => a.seq - b.seq);
      const page = found.filter(({ seq }) => seq > afterSeq).slice(Number(from), Number(from) + Number(size));
      const columns = Array.isArray(sort) ? sort.length : 0;
      return {
        took: 1,
        timed_out: false,
        hits: {
          total: { value: found.length, relation: "eq" },
          max_score: columns > 0 ? null : 1,
          hits: page.map(({ index, id, seq, source }) => ({
            _index: index,
            _id: id,
            _score: columns > 0 ? null : 1,
            _source: source,
            ...(columns > 0 ? { sort: Array.from({ length: columns }, () => seq) } : {}),
          })),
        },
      };
    },
  };
  return search;
}
