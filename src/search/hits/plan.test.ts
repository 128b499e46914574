import { describe, expect, test } from "vitest";
import { parseSearch } from "../parse.ts";
import type { QueryBody } from "../request.ts";
import type { SearchTarget } from "../target.ts";
import { planSearch } from "./plan.ts";

const DAY_US = 86_400_000_000;
const FIRST_DAY_US = Date.parse("2026-11-20T00:00:00Z") * 1000;
const stream: SearchTarget = {
  index: "logs-test-net",
  kind: "stream",
  columns: new Map([["word", { name: "word", type: "keyword", list: false }]]),
  tables: [0, 1, 2, 3].map((day) => ({ sql: `day${day}`, dayStartUs: FIRST_DAY_US + day * DAY_US })),
};
const index: SearchTarget = {
  index: "ethmon-thing-net",
  kind: "index",
  columns: new Map(),
  tables: [{ sql: "thing" }],
};

const VIEW = { nowMs: Date.parse("2026-11-23T12:00:00Z") };
const tables = (query: QueryBody) =>
  planSearch(parseSearch({ query }), [stream, index], VIEW).tables.map(({ sql }) => sql);
const time = (bounds: object) => ({ range: { "@timestamp": bounds } });

describe("days outside of the time asked for are not read", () => {
  test.each<[string, QueryBody, string[]]>([
    ["without a range", { match_all: {} }, ["day0", "day1", "day2", "day3", "thing"]],
    ["from a moment", time({ gte: "2026-11-22" }), ["day2", "day3", "thing"]],
    ["up to a day, rounded up", time({ lte: "2026-11-21" }), ["day0", "day1", "thing"]],
    ["before a day", time({ lt: "2026-11-21T00:00:00.000001Z" }), ["day0", "day1", "thing"]],
    ["after a day", time({ gt: "2026-11-21" }), ["day1", "day2", "day3", "thing"]],
    ["from today, by date math", time({ gte: "now/d" }), ["day3", "thing"]],
    [
      "by several ranges",
      { bool: { filter: [time({ gte: "2026-11-21" }), time({ lt: "2026-11-21T12" })] } },
      ["day1", "thing"],
    ],
    [
      "by a range within must",
      { bool: { must: { bool: { filter: time({ gte: "2026-11-23" }) } } } },
      ["day3", "thing"],
    ],
    [
      "a range in should does not bind",
      { bool: { should: [{ match_all: {} }, time({ gte: "2026-11-23" })] } },
      ["day0", "day1", "day2", "day3", "thing"],
    ],
    [
      "a range in must_not does not bind",
      { bool: { must_not: time({ gte: "2026-11-21" }) } },
      ["day0", "day1", "day2", "day3", "thing"],
    ],
    [
      "another field's range does not bind",
      { range: { word: { gte: "a" } } },
      ["day0", "day1", "day2", "day3", "thing"],
    ],
  ])("%s", (_, query, expected) => {
    expect(tables(query)).toEqual(expected);
  });
});

test("what is wrong is refused though there is no document yet", () => {
  const empty = { ...stream, tables: [] };
  expect(() =>
    planSearch(parseSearch({ query: { range: { word: { gte: 1 } } }, sort: ["absent"] }), [empty], VIEW),
  ).toThrow("No mapping found for [absent]");
  expect(() => planSearch(parseSearch({ query: time({ gte: "never" }) }), [empty], VIEW)).toThrow(
    "failed to parse date",
  );
});

test("values never stand in the statement", () => {
  const search = parseSearch({
    query: { term: { word: "'; DROP TABLE day0; --" } },
    sort: ["word"],
    search_after: ["' OR 1=1"],
    size: 5,
  });
  const { page, count } = planSearch(search, [stream], VIEW);
  expect(page?.sql).not.toMatch(/DROP|OR 1=1/);
  expect(page?.values).toContain("'; DROP TABLE day0; --");
  expect(count?.sql).not.toContain("DROP");
});

test("every value that is bound is mentioned, and no other", () => {
  const query = {
    bool: { filter: [{ term: { word: "a" } }, time({ gte: "2026-11-22" })], must_not: { ids: { values: ["1", "x"] } } },
  };
  const { page, count } = planSearch(
    parseSearch({ query, sort: ["word"], search_after: [null] }),
    [{ ...stream, tables: [] }, index],
    VIEW,
  );
  for (const statement of [page, count]) {
    const mentioned = new Set(statement?.sql.match(/\$\d+/g));
    expect(mentioned.size).toBe(statement?.values.length);
  }
});
