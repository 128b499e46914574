import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../events/foreign.ts";
import { createSearchRig, type SearchRig } from "../../search/search-rig.ts";
import { anchorNow } from "./anchor-now.ts";

const NOW = "2026-11-28T10:00:00.000Z";
const anchored = (body: JsonObject) => anchorNow(body, Date.parse(NOW));

describe("the present moment of a search", () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      "in a range",
      { query: { range: { "@timestamp": { gte: "now-5m/m", lt: "now", time_zone: "+01:00" } } } },
      { query: { range: { "@timestamp": { gte: `${NOW}||-5m/m`, lt: NOW, time_zone: "+01:00" } } } },
    ],
    [
      "deep within filters of an aggregation",
      { aggs: { a: { filter: { bool: { must: [{ range: { t: { from: "now-1d", to: 5 } } }] } } } } },
      { aggs: { a: { filter: { bool: { must: [{ range: { t: { from: `${NOW}||-1d`, to: 5 } } }] } } } } },
    ],
    [
      "in bounds of a histogram",
      { aggs: { a: { date_histogram: { field: "t", extended_bounds: { min: "now-1h", max: "now" } } } } },
      { aggs: { a: { date_histogram: { field: "t", extended_bounds: { min: `${NOW}||-1h`, max: NOW } } } } },
    ],
    [
      "beside a format that could not read it",
      { query: { range: { t: { gte: "now-1d/d", format: "yyyy-MM-dd" } } } },
      { query: { range: { t: { gte: `${NOW}||-1d/d`, format: "yyyy-MM-dd||strict_date_optional_time" } } } },
    ],
    [
      "beside a format that can",
      { query: { range: { t: { gte: "now", format: "strict_date_optional_time||epoch_millis" } } } },
      { query: { range: { t: { gte: NOW, format: "strict_date_optional_time||epoch_millis" } } } },
    ],
    [
      "in the ranges of an aggregation with a format",
      {
        aggs: {
          a: { date_range: { field: "t", format: "MM-yyyy", ranges: [{ to: "now-10M/M" }, { from: "now-10M/M" }] } },
        },
      },
      {
        aggs: {
          a: {
            date_range: {
              field: "t",
              format: "MM-yyyy||strict_date_optional_time",
              ranges: [{ to: `${NOW}||-10M/M` }, { from: `${NOW}||-10M/M` }],
            },
          },
        },
      },
    ],
    [
      "in a query string",
      { query: { query_string: { query: "level:error AND @timestamp:[now-5m TO now} AND t:>=now-1h" } } },
      {
        query: {
          query_string: { query: `level:error AND @timestamp:[${NOW}||-5m TO ${NOW}} AND t:>="${NOW}||-1h"` },
        },
      },
    ],
  ])("%s is that of the execution", (_, body, expected) => {
    expect(anchored(body)).toEqual(expected);
  });

  test("is left alone where it is a word, a script's parameter or no date math", () => {
    const body = {
      query: { match: { message: "now or never" } },
      post_filter: { range: { word: { gte: "nowhere" } } },
      script_fields: { a: { script: { source: "params.from", params: { from: "now" } } } },
      _source: ["from"],
      size: 0,
    };
    expect(anchored(body)).toEqual(body);
  });

  test("keeps a member that is named like one of JavaScript's", () => {
    const body = JSON.parse('{"query": {"range": {"__proto__": {"gte": "now"}}}}') as JsonObject;
    expect(JSON.stringify(anchored(body))).toBe(`{"query":{"range":{"__proto__":{"gte":"${NOW}"}}}}`);
  });
});

describe("a search that is anchored", () => {
  const documents = ["09:50:00", "09:56:30", "09:59:59", "10:00:00", "10:00:01", "10:01:30"].map((time) => ({
    source: { "@timestamp": `2026-11-28T${time}.000Z`, level: "error" },
  }));
  const indices = [{ index: "logs", mapping: new Map([["level", { type: "keyword" as const }]]), documents }];
  const rigs: Partial<Record<"live" | "later", SearchRig>> = {};

  beforeAll(async () => {
    rigs.live = await createSearchRig({ indices, nowMs: Date.parse(NOW) });
    rigs.later = await createSearchRig({ indices, nowMs: Date.parse(NOW) + 365 * 86_400_000 });
  });

  afterAll(() => {
    rigs.live?.close();
    rigs.later?.close();
  });

  async function found(rig: SearchRig | undefined, body: JsonObject) {
    const answer = await rig?.search({ ...body, sort: ["@timestamp"] });
    return answer?.hits.hits.map(({ _source }) => _source["@timestamp"]);
  }

  test.each<[string, JsonObject]>([
    ["range", { range: { "@timestamp": { gte: "now-5m", lte: "now" } } }],
    ["rounded range", { range: { "@timestamp": { gte: "now-1m/m", lt: "now/m" } } }],
    ["upper bound that is rounded up", { range: { "@timestamp": { lte: "now/m" } } }],
    ["range with a format", { range: { "@timestamp": { gte: "now-4m", format: "yyyy-MM-dd" } } }],
    ["query string", { query_string: { query: "level:error AND @timestamp:[now-5m TO now]" } }],
    ["query string with a bound", { query_string: { query: "@timestamp:>=now-1m" } }],
  ])("finds a year later what it finds now: %s", async (_, query) => {
    const now = await found(rigs.live, { query });
    expect(now).not.toEqual([]);
    expect(await found(rigs.later, { query })).not.toEqual(now);
    expect(await found(rigs.later, anchored({ query }))).toEqual(now);
    expect(await found(rigs.live, anchored({ query }))).toEqual(now);
  });
});
