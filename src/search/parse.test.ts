import { expect, test } from "vitest";
import { parseSearch } from "./parse.ts";
import type { QueryBody } from "./request.ts";
import { createSqlValues } from "./sql-values.ts";

/** What is wrong in a pattern or a query string is found when it is made for a target. */
function parseAndCompile(body: unknown): void {
  const target = { index: "a", kind: "stream" as const, columns: new Map(), tables: [] };
  parseSearch(body).query.compile({ target, values: createSqlValues(), nowMs: 0 });
}

test("a body without anything asks for the first ten of all", () => {
  expect(parseSearch({})).toMatchObject({
    size: 10,
    from: 0,
    sort: [],
    countLimit: 10_000,
    source: { includes: [], excludes: [] },
    aggregations: [],
  });
});

test.each<[object, string]>([
  [{ sort: "word" }, "asc"],
  [{ sort: ["word"] }, "asc"],
  [{ sort: "word:desc" }, "desc"],
  [{ sort: [{ word: "desc" }] }, "desc"],
  [{ sort: { word: { order: "desc" } } }, "desc"],
])("%j sorts by word, %s", (body, order) => {
  expect(parseSearch(body).sort).toMatchObject([{ field: "word", order, missing: "_last" }]);
});

test.each<[unknown, string, string]>([
  [null, "search_invalid", "The body of a search is an object"],
  [{ highlight: {} }, "search_unsupported", "[highlight] is not supported"],
  [{ collapse: { field: "a" } }, "search_unsupported", "[collapse] is not supported"],
  [{ explain: true }, "search_unsupported", "[explain] [true] is not supported"],
  [{ query: { match_all: {}, term: {} } }, "search_invalid", "expected [END_OBJECT] but found [term]"],
  [{ query: {} }, "search_invalid", "empty clause found"],
  [{ query: { term: { a: 1, b: 2 } } }, "search_invalid", "doesn't support multiple fields, found [a] and [b]"],
  [{ query: { term: { a: { value: 1, fuzziness: 2 } } } }, "search_unsupported", "[fuzziness] in [term]"],
  [{ query: { term: { a: { value: 1, boost: -2 } } } }, "search_invalid", "negative [boost] are not allowed"],
  [{ query: { term: { a: { value: null } } } }, "search_invalid", "value cannot be null"],
  [{ query: { term: { a: [1] } } }, "search_invalid", "[term] query does not support arrays"],
  [{ query: { terms: { a: 1 } } }, "search_invalid", "it needs an array of values"],
  [{ query: { terms: { a: { index: "b" } } } }, "search_unsupported", "terms lookup"],
  [{ query: { range: { a: { gte: 1, format: "yyyy-ww" } } } }, "search_unsupported", "[ww] in the date format"],
  [{ query: { range: { a: { gte: [1] } } } }, "search_invalid", "[range] bound [gte] of [a]"],
  [{ query: { match_all: { _name: "x" } } }, "search_unsupported", "[_name] in [match_all]"],
  [{ query: { match: { a: { query: "x", fuzziness: "AUTO" } } } }, "search_unsupported", "[fuzziness] in [match]"],
  [{ query: { match: { a: { query: "x", analyzer: "french" } } } }, "search_unsupported", "[analyzer] [french]"],
  [{ query: { match_phrase: { a: { query: "x y", slop: 1 } } } }, "search_unsupported", "[slop] in [match_phrase]"],
  [{ query: { multi_match: { query: "x", type: "cross_fields" } } }, "search_unsupported", "[type] [cross_fields]"],
  [{ query: { query_string: { query: "a~2" } } }, "search_unsupported", "[~]"],
  [{ query: { query_string: { query: "a AND" } } }, "search_invalid", "Failed to parse query [a AND]"],
  [{ query: { query_string: { query: '"a' } } }, "search_invalid", 'Failed to parse query ["a]'],
  [{ query: { regexp: { a: "a&b" } } }, "search_unsupported", "the operator [&] in [regexp]"],
  [{ query: { regexp: { a: "(a" } } }, "search_invalid", "expected ')'"],
  [{ query: { bool: { filter: [{ fuzzy: { a: "b" } }] } } }, "search_unsupported", "query [fuzzy]"],
  [{ query: { constructor: {} } }, "search_invalid", "unknown query [constructor]"],
  [{ query: { bool: { should: [], minimum_should_match: "x" } } }, "search_invalid", "[minimum_should_match]"],
  [{ size: -1 }, "search_invalid", "[size]"],
  [{ from: 9_995, size: 6 }, "search_invalid", "Result window is too large"],
  [{ sort: [{ a: { mode: "most" } }] }, "search_invalid", "Unknown SortMode [most]"],
  [{ sort: [{ a: { nested: {} } }] }, "search_unsupported", "[nested] in [field_sort]"],
  [{ sort: ["a"], search_after: [1, 2] }, "search_invalid", "search_after has 2 value(s) but sort has 1"],
  [{ sort: ["a"], search_after: [1], from: 1 }, "search_invalid", "`from` parameter must be set to 0"],
  [{ track_total_hits: -5 }, "search_invalid", "[track_total_hits]"],
  [{ timeout: "soon" }, "search_invalid", "[timeout]"],
])("%j is refused with %s: %s", (body, code, words) => {
  let caught: unknown;
  try {
    parseAndCompile(body);
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
