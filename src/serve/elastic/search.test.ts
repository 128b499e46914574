import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";
import type { Clock } from "../../lib/clock.ts";
import { unsupported } from "../../search/search-fault.ts";

let rig: ElasticRig;
let nowMs: number;
const clock: Clock = { nowUs: () => nowMs * 1000, monoUs: () => nowMs * 1000 };

beforeEach(async () => {
  nowMs = Date.parse("2026-11-28T00:00:00Z");
  rig = await startElasticRig({ clock, config: { contexts: 5 } });
  rig.search.views = ["logs-a", "logs-b"].map((name) => ({ name, kind: "index" as const, documents: 25, bytes: 1 }));
  rig.search.hits = Array.from({ length: 50 }, (_, n) => ({
    index: n % 2 === 0 ? "logs-a" : "logs-b",
    id: `d${n}`,
    seq: n + 1,
    source: { n },
  }));
});
afterEach(() => rig.close());

const search = (path: string, body: unknown = {}) => rig.ask("POST", path, { body });
const idsOf = (answer: { body: { hits: { hits: { _id: string }[] } } }) => answer.body.hits.hits.map(({ _id }) => _id);

describe("_search", () => {
  test("answers in Elasticsearch's shape", async () => {
    const { status, body } = await search("/logs-a/_search?size=1");
    expect(status).toBe(200);
    expect(body).toEqual({
      took: 1,
      timed_out: false,
      _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
      hits: {
        total: { value: 25, relation: "eq" },
        max_score: 1,
        hits: [{ _index: "logs-a", _id: "d0", _score: 1, _source: { n: 0 } }],
      },
    });
    expect(Object.keys(body)).toEqual(["took", "timed_out", "_shards", "hits"]);
  });

  test("what stands in the URL wins over the body", async () => {
    await search(
      "/logs-*/_search?q=n:1&df=message&default_operator=AND&size=3&from=2&sort=a:desc,b,c:d:asc&track_total_hits=7&_source_includes=n,m&_source_excludes=o&timeout=1s&terminate_after=5&docvalue_fields=n&typed_keys",
      { size: 1, query: { match_all: {} }, aggs: { a: {} } },
    );
    expect(rig.search.asked.at(-1)).toMatchObject({
      indices: ["logs-a", "logs-b"],
      typedKeys: true,
      body: {
        query: { query_string: { query: "n:1", default_field: "message", default_operator: "AND" } },
        size: 3,
        from: 2,
        sort: [{ a: { order: "desc" } }, "b", { "c:d": { order: "asc" } }],
        track_total_hits: 7,
        _source: { includes: ["n", "m"], excludes: ["o"] },
        timeout: "1s",
        terminate_after: 5,
        docvalue_fields: ["n"],
        aggs: { a: {} },
      },
    });
  });

  test("totals are numbers where that is asked for, and only exact ones", async () => {
    expect((await search("/_search?rest_total_hits_as_int=true&size=0")).body.hits.total).toBe(50);
    expect(await search("/_search?rest_total_hits_as_int=true&track_total_hits=10")).toMatchObject({ status: 400 });
  });

  test.each([
    ["/none/_search", 404, "no such index [none]"],
    ["/none*/_search?allow_no_indices=false", 404, "no such index [none*]"],
    ["/_search?size=abc", 400, "Failed to parse int parameter [size] with value [abc]"],
    ["/_search?ignore_unavailable=maybe", 400, "Could not convert [ignore_unavailable] to boolean"],
    ["/_search?foo=1", 400, "request [/_search] contains unrecognized parameter: [foo]"],
    ["/_search?search_type=x", 400, "No search type for [x]"],
    [
      "/_search?track_total_hits=many",
      400,
      "Failed to parse value [many] of [track_total_hits] as a boolean or an integer",
    ],
  ])("%s is %i", async (path, status, reason) => {
    expect(await search(path)).toMatchObject({ status, body: { status, error: { reason } } });
  });

  test("what is not there may be ignored, and no index is no hits", async () => {
    expect((await search("/none/_search?ignore_unavailable=true")).body).toMatchObject({
      _shards: { total: 0, successful: 0 },
      hits: { hits: [] },
    });
    expect((await search("/none*/_search")).status).toBe(200);
  });

  test("date math in a name is resolved by the clock", async () => {
    rig.search.views.push({ name: "logs-2026.11.28", kind: "index", documents: 0, bytes: 0 });
    await rig.ask("GET", "/%3Clogs-%7Bnow%2Fd%7D%3E/_search");
    expect(rig.search.asked.at(-1)?.indices).toEqual(["logs-2026.11.28"]);
  });

  test("what the store refuses is told in its words, with its status", async () => {
    rig.search.fail = () => unsupported("[significant_terms]");
    expect(await search("/_search")).toMatchObject({
      status: 400,
      body: { error: { type: "illegal_argument_exception", reason: expect.stringContaining("[significant_terms]") } },
    });
    rig.search.fail = () => new Error("boom with a secret");
    const { status, text } = await search("/_search");
    expect(status).toBe(500);
    expect(text).not.toContain("secret");
  });

  test("filter_path leaves what is asked for", async () => {
    const { text } = await search("/_search?size=2&filter_path=hits.hits._id,-took");
    expect(text).toBe('{"hits":{"hits":[{"_id":"d0"},{"_id":"d1"}]}}');
  });
});

test("_count counts, with a query alone", async () => {
  expect((await search("/logs-a/_count", { query: { match_all: {} } })).body).toEqual({
    count: 25,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
  });
  await rig.ask("GET", "/_count?q=n:1");
  expect(rig.search.asked.at(-1)?.body).toMatchObject({ size: 0, query: { query_string: { query: "n:1" } } });
  expect(await search("/_count", { size: 1 })).toMatchObject({
    status: 400,
    body: { error: { type: "parsing_exception", reason: "request does not support [size]" } },
  });
});

describe("_msearch", () => {
  const msearch = (lines: readonly unknown[], path = "/_msearch") => rig.bulk(lines, path);

  test("answers each search in its place, with its own status", async () => {
    const { status, body } = await msearch(
      [
        { index: "logs-a" },
        { size: 1 },
        { index: ["none"] },
        {},
        {},
        { size: 2 },
        { index: "none,logs-b", ignore_unavailable: true, preference: "x" },
        { size: 0 },
      ],
      "/logs-b/_msearch",
    );
    expect(status).toBe(200);
    expect(body.responses).toMatchObject([
      { status: 200, hits: { total: { value: 25 }, hits: [{ _id: "d0" }] } },
      { status: 404, error: { type: "index_not_found_exception", root_cause: [{}] } },
      { status: 200, hits: { hits: [{ _id: "d1" }, { _id: "d3" }] } },
      { status: 200, hits: { hits: [] } },
    ]);
    expect(typeof body.took).toBe("number");
  });

  test.each([
    ['{"index":"logs-a"}\n{"size":0}', "The msearch request must be terminated by a newline [\n]"],
    ["\n", "Validation Failed: 1: no requests added;"],
    ['{"foo":"t"}\n{}\n', "key [foo] is not supported in the metadata section"],
    ["", "request body or source parameter is required"],
    ["[]\n{}\n", "Expected [START_OBJECT] in a line of the msearch request"],
  ])("%j is refused", async (body, reason) => {
    expect(await rig.bulk(body, "/_msearch")).toMatchObject({ status: 400, body: { error: { reason } } });
  });

  test("more searches than the limit are refused", async () => {
    expect(await rig.bulk("{}\n{}\n".repeat(1001), "/_msearch")).toMatchObject({ status: 400 });
  });
});

describe("a scroll", () => {
  const next = (id: string, more: object = {}) => search("/_search/scroll", { scroll_id: id, scroll: "1m", ...more });

  test("gives every document once, in pages, as they were at its beginning", async () => {
    const first = await search("/logs-*/_search?scroll=1m", { size: 20, aggs: { a: {} } });
    expect(Object.keys(first.body)[0]).toBe("_scroll_id");
    expect(first.body.hits).toMatchObject({ total: { value: 50 }, max_score: 1 });
    expect(first.body.hits.hits[0]).toEqual({ _index: "logs-a", _id: "d0", _score: 1, _source: { n: 0 } });
    rig.search.hits.push({ index: "logs-a", id: "later", seq: 51, source: {} });
    const seen = idsOf(first);
    let id = first.body._scroll_id;
    for (let page = await next(id); page.body.hits.hits.length > 0; page = await next(id)) {
      expect(page.body.hits.total).toEqual({ value: 50, relation: "eq" });
      id = page.body._scroll_id;
      seen.push(...idsOf(page));
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => `d${n}`));
    expect(rig.search.asked.slice(1).every(({ body }) => body["aggs"] === undefined)).toBe(true);
  });

  test("keeps the sort that was asked for, and shows its values alone", async () => {
    const first = await search("/_search?scroll=1m", { size: 2, sort: [{ n: "asc" }] });
    expect(rig.search.asked.at(-1)?.body["sort"]).toEqual([{ n: "asc" }, { _shard_doc: "asc" }]);
    expect(first.body.hits.hits[0].sort).toEqual([1]);
    await next(first.body._scroll_id);
    expect(rig.search.asked.at(-1)?.body["search_after"]).toEqual([2, 2]);
  });

  test("ends by the clock, and when it is cleared", async () => {
    const scrolls = await Promise.all([1, 2, 3].map(() => search("/_search?scroll=1m&size=1")));
    const [first, second, third] = scrolls.map(({ body }) => body._scroll_id as string);
    nowMs += 59_000;
    expect((await next(first ?? "")).status).toBe(200);
    nowMs += 2_000;
    expect((await next(first ?? "")).status).toBe(200);
    expect(await next(second ?? "")).toMatchObject({
      status: 404,
      body: {
        error: { type: "search_phase_execution_exception", caused_by: { type: "search_context_missing_exception" } },
      },
    });
    const clear = (ids: unknown) => rig.ask("DELETE", "/_search/scroll", { body: { scroll_id: ids } });
    expect(await clear([first, third])).toMatchObject({ status: 200, body: { succeeded: true, num_freed: 1 } });
    expect(await clear(first)).toMatchObject({ status: 404, body: { succeeded: true, num_freed: 0 } });
    await search("/_search?scroll=1m&size=1");
    expect(await rig.ask("DELETE", "/_search/scroll/_all")).toMatchObject({ status: 200, body: { num_freed: 1 } });
  });

  test("takes its id from path and query, too", async () => {
    const { body } = await search("/_search?scroll=1m&size=1");
    expect((await rig.ask("GET", `/_search/scroll/${body._scroll_id}?scroll=1m`)).status).toBe(200);
    expect((await rig.ask("GET", `/_search/scroll?scroll_id=${body._scroll_id}`)).status).toBe(200);
    expect((await rig.ask("DELETE", `/_search/scroll/${body._scroll_id}`)).status).toBe(200);
  });

  test("more at once than the limit are 429", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 7 }, async () => (await search("/_search?scroll=1m")).status),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    nowMs += 61_000;
    expect((await search("/_search?scroll=1m")).status).toBe(200);
  });

  test.each([
    ["/_search?scroll=1m&from=10", {}, "Validation Failed: 1: using [from] is not allowed in a scroll context;"],
    ["/_search?scroll=1m&size=0", {}, "Validation Failed: 1: [size] cannot be [0] in a scroll context;"],
    [
      "/_search?scroll=1m&track_total_hits=false",
      {},
      "Validation Failed: 1: disabling [track_total_hits] is not allowed in a scroll context;",
    ],
    [
      "/_search?scroll=abc",
      {},
      "failed to parse setting [scroll] with value [abc] as a time value: unit is missing or unrecognized",
    ],
    ["/_search?scroll=2d", {}, "Keep alive for request (172800000ms) is too large. It must be less than (1d)."],
    [
      "/_search?scroll=1m",
      { pit: { id: "x" } },
      "Validation Failed: 1: using [point in time] is not allowed in a scroll context;",
    ],
    ["/_search/scroll", {}, "Validation Failed: 1: scrollId is missing;"],
    ["/_search/scroll", { scroll_id: "zzz" }, "Cannot parse scroll id"],
  ])("%s with %j is refused", async (path, body, reason) => {
    expect(await search(path, body)).toMatchObject({ status: 400, body: { error: { reason } } });
  });
});

describe("a point in time", () => {
  test("is searched without naming an index, as it was", async () => {
    const opened = await rig.ask("POST", "/logs-a/_pit?keep_alive=1m");
    expect(opened).toMatchObject({ status: 200, body: { id: expect.any(String) } });
    const { id } = opened.body;
    rig.search.hits.push({ index: "logs-a", id: "later", seq: 51, source: {} });
    const found = await search("/_search", { pit: { id, keep_alive: "2m" }, size: 100, sort: ["n"] });
    expect(found.body.pit_id).toBe(id);
    expect(idsOf(found)).toHaveLength(25);
    expect(rig.search.asked.at(-1)).toMatchObject({ maxSeq: 50, body: { sort: ["n", { _shard_doc: "asc" }] } });
    nowMs += 119_000;
    expect((await search("/_search", { pit: { id } })).status).toBe(200);
    expect(await rig.ask("DELETE", "/_pit", { body: { id } })).toMatchObject({
      status: 200,
      body: { succeeded: true, num_freed: 1 },
    });
    expect((await search("/_search", { pit: { id } })).status).toBe(404);
    expect((await rig.ask("DELETE", "/_pit", { body: { id } })).status).toBe(404);
  });

  test("has OpenSearch's names, too", async () => {
    const { body } = await rig.ask("POST", "/logs-a/_search/point_in_time?keep_alive=1m");
    expect(body).toMatchObject({ pit_id: expect.any(String), creation_time: nowMs, _shards: { total: 1 } });
    expect((await search("/_search", { pit: { id: body.pit_id } })).status).toBe(200);
    expect((await rig.ask("DELETE", "/_search/point_in_time", { body: { pit_id: [body.pit_id] } })).body).toEqual({
      pits: [{ pit_id: body.pit_id, successful: true }],
    });
  });

  test("is refused where it cannot be", async () => {
    const { body } = await rig.ask("POST", "/logs-a/_pit?keep_alive=1m");
    expect((await search("/logs-a/_search", { pit: { id: body.id } })).body.error.reason).toContain(
      "[indices] cannot be used",
    );
    expect((await rig.ask("POST", "/logs-a/_pit")).body.error.reason).toBe(
      "Validation Failed: 1: [keep_alive] is not specified;",
    );
    expect(await search("/_search", { pit: { id: "garbage" } })).toMatchObject({
      status: 400,
      body: { error: { reason: "invalid id: [garbage]" } },
    });
    const scroll = await search("/_search?scroll=1m");
    expect((await search("/_search", { pit: { id: scroll.body._scroll_id } })).status).toBe(400);
  });
});
