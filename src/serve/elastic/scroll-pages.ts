import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { validationFailed } from "../../events/refusal.ts";
import { exactTotals, searchAnswer } from "./search-answer.ts";
import type { SearchBackend, SearchResult } from "./search-backend.ts";
import type { Scroll, SearchContexts } from "./search-contexts.ts";

/** Every document in the order that it came, which no two share: the end of every sort of a scroll. */
const TIE_BREAK = { _shard_doc: "asc" };

/** Opens a scroll over what there is now and answers its first page. */
export async function firstPage(input: {
  search: SearchBackend;
  contexts: SearchContexts;
  indices: readonly string[];
  body: JsonObject;
  keepAliveMs: number;
  typedKeys: boolean;
  totalAsInt: boolean;
  signal: AbortSignal;
}): Promise<JsonObject> {
  const { search, contexts, indices, keepAliveMs, typedKeys, totalAsInt, signal } = input;
  const asked = exactTotals(input.body, totalAsInt);
  check(asked);
  const { sort } = asked;
  const keys = sort === undefined ? [] : Array.isArray(sort) ? sort : [sort];
  const body = { track_total_hits: true, ...asked, sort: [...keys, TIE_BREAK] };
  const maxSeq = await search.newestSeq(signal);
  const result = await search.search({ indices, body, typedKeys, maxSeq, signal });
  const scroll: Scroll = {
    kind: "scroll",
    indices,
    maxSeq,
    body: pageBody(body),
    after: lastSort(result),
    total: result.hits["total"],
    isSorted: keys.length > 0,
  };
  const id = contexts.open(scroll, keepAliveMs);
  return searchAnswer({ result: asAsked(result, scroll), indices, ids: { _scroll_id: id }, totalAsInt });
}

/** The page behind the last one. */
export async function nextPage(input: {
  search: SearchBackend;
  contexts: SearchContexts;
  id: string;
  keepAliveMs: number | undefined;
  totalAsInt: boolean;
  signal: AbortSignal;
}): Promise<JsonObject> {
  const { search, contexts, id, keepAliveMs, totalAsInt, signal } = input;
  const scroll = contexts.use("scroll", id, keepAliveMs);
  const { indices, maxSeq, after } = scroll;
  const body = after === undefined ? scroll.body : { ...scroll.body, search_after: after };
  const result = await search.search({ indices, body, typedKeys: false, maxSeq, signal });
  scroll.after = lastSort(result) ?? after;
  const hits = { ...result.hits, ...(scroll.total === undefined ? {} : { total: scroll.total }) };
  return searchAnswer({ result: asAsked({ ...result, hits }, scroll), indices, ids: { _scroll_id: id }, totalAsInt });
}

function check(body: JsonObject): void {
  const { from, size, track_total_hits: tracked, search_after: after } = body;
  if (typeof from === "number" && from > 0) throw validationFailed("using [from] is not allowed in a scroll context");
  if (size === 0) throw validationFailed("[size] cannot be [0] in a scroll context");
  if (tracked === false) throw validationFailed("disabling [track_total_hits] is not allowed in a scroll context");
  if (after !== undefined) throw validationFailed("`search_after` cannot be used in a scroll context.");
}

/** Totals and aggregations belong to the first page. */
function pageBody(body: JsonObject): JsonObject {
  const { aggs: _aggs, aggregations: _aggregations, ...rest } = body;
  return { ...rest, track_total_hits: false };
}

function lastSort({ hits }: SearchResult): Json | undefined {
  return hits.hits.at(-1)?.["sort"];
}

/** Without what was only asked for to go on from: the tie-break, and all of the sort where there was none. */
function asAsked(result: SearchResult, { isSorted }: Scroll): SearchResult {
  const hits = result.hits.hits.map(({ sort, ...hit }): JsonObject => {
    if (!isSorted) return { ...hit, _score: 1 };
    return { ...hit, sort: Array.isArray(sort) ? sort.slice(0, -1) : [] };
  });
  const maxScore = isSorted || hits.length === 0 ? null : 1;
  return { ...result, hits: { ...result.hits, max_score: maxScore, hits } };
}
