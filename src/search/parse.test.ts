import { expect, test } from "vitest";
import { parseSearch } from "./parse.ts";
import type { QueryBody } from "./request.ts";

test("a body without anything asks for the first ten of all", () => {
  expect(parseSearch({})).toEqual({ query: { kind: "match_all" }, size: 10, from: 0, sort: [], countLimit: 10_000 });
});

test.each<[object, string]>([
  [{ sort: "word" }, "asc"],
  [{ sort: ["word"] }, "asc"],
  [{ sort: [{ word: "desc" }] }, "desc"],
  [{ sort: { word: { order: "desc" } } }, "desc"],
])("%j sorts by word, %s", (body, order) => {
  expect(parseSearch(body).sort).toEqual([{ field: "word", order }]);
});

test.each<[unknown, string, string]>([
  [null, "search_invalid", "The body of a search is an object"],
  [{ _source: false }, "search_unsupported", "[_source] is not supported"],
  [{ query: { match_all: {}, term: {} } }, "search_invalid", "expected [END_OBJECT] but found [term]"],
  [{ query: {} }, "search_invalid", "empty clause found"],
  [{ query: { term: { a: 1, b: 2 } } }, "search_invalid", "doesn't support multiple fields, found [a] and [b]"],
  [{ query: { term: { a: 1, boost: 2 } } }, "search_unsupported", "[boost] in [term]"],
  [{ query: { term: { a: [1] } } }, "search_invalid", "[term] needs a string, a number or a boolean"],
  [{ query: { terms: { a: 1 } } }, "search_invalid", "[terms] needs an array of values"],
  [{ query: { terms: { a: { index: "b" } } } }, "search_unsupported", "terms lookup"],
  [{ query: { range: { a: { gte: 1, format: "yyyy" } } } }, "search_unsupported", "[format] in [range]"],
  [{ query: { range: { a: { gte: [1] } } } }, "search_invalid", "[range] bound [gte] of [a]"],
  [{ query: { match_all: { boost: 2 } } }, "search_unsupported", "[boost] in [match_all]"],
  [{ query: { bool: { filter: [{ fuzzy: { a: "b" } }] } } }, "search_unsupported", "query [fuzzy]"],
  [{ query: { constructor: {} } }, "search_unsupported", "query [constructor]"],
  [{ size: -1 }, "search_invalid", "[size]"],
  [{ from: 9_995, size: 6 }, "search_invalid", "Result window is too large"],
  [{ sort: ["_score"] }, "search_unsupported", "sort by [_score]"],
  [{ sort: ["a"], search_after: [1, 2] }, "search_invalid", "search_after has 2 value(s) but sort has 1"],
  [{ sort: ["a"], search_after: [1], from: 1 }, "search_invalid", "`from` parameter must be set to 0"],
  [{ track_total_hits: 5 }, "search_unsupported", "[track_total_hits]"],
])("%j is refused with %s: %s", (body, code, words) => {
  let caught: unknown;
  try {
    parseSearch(body);
  } catch (error) {
    caught = error;
  }
  expect(caught).toMatchObject({
    code,
    message: expect.stringContaining(words),
    retry: "final",
    details: { status: 400 },
  });
});

test("a query nested too deep or with too many clauses is refused", () => {
  let deep: QueryBody = { match_all: {} };
  for (let i = 0; i < 40; i++) deep = { bool: { filter: deep } };
  expect(() => parseSearch({ query: deep })).toThrow("nested deeper than");
  const wide = { bool: { should: Array.from({ length: 2000 }, () => ({ match_all: {} })) } };
  expect(() => parseSearch({ query: wide })).toThrow("more than 1024 clauses");
});
