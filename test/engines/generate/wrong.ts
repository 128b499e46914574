import fc, { type Arbitrary } from "fast-check";
import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { oneOf, type Pool } from "./fields.ts";

/** Requests that are refused, each for one thing. What an engine answers with 500 is not among them: here it is 400. */
export function wrongRequests(pool: Pool): Arbitrary<JsonObject> {
  const wrongQuery = wrongQueries(pool);
  return fc.oneof(
    { weight: 4, arbitrary: wrongQuery.map((query) => ({ query })) },
    { weight: 1, arbitrary: wrongQuery.map((filter) => ({ size: 0, aggs: { a: { filter } } })) },
    ...(pool.engine === "opensearch"
      ? [{ weight: 4, arbitrary: wrongAggregations(pool).map((aggs): JsonObject => ({ size: 0, aggs })) }]
      : []),
    { weight: 3, arbitrary: wrongParts(pool) },
  );
}

function wrongQueries(pool: Pool): Arbitrary<JsonObject> {
  const whole = ["ethereum.slot", "ethereum.peers", "odd.short"];
  const words = fc.constantFrom<Json[]>("abc", "1x", "", "12:30");
  return fc.oneof(
    fc
      .tuple(oneOf(whole, ["host.cpu.usage", "odd.double"]), words)
      .map(([field, value]) => ({ term: { [field]: value } }) as JsonObject),
    fc.tuple(oneOf(whole), words).map(([field, value]) => ({ range: { [field]: { gte: value } } }) as JsonObject),
    fc.tuple(oneOf(whole), words).map(([field, query]) => ({ match: { [field]: query } }) as JsonObject),
    fc
      .tuple(oneOf(pool.dates), fc.constantFrom("yesterday", "2026-13-01", "2026-02-30", "now-1x", "2026-10-25||+1"))
      .map(([field, gte]) => ({ range: { [field]: { gte } } }) as JsonObject),
    fc
      .tuple(oneOf(pool.ips), fc.constantFrom("10.0.0", "10.0.0.0/40", "nowhere", "::g"))
      .map(([field, value]) => ({ term: { [field]: value } }) as JsonObject),
    fc
      .tuple(oneOf(pool.booleans), fc.constantFrom("yes", "TRUE", "2"))
      .map(([field, value]) => ({ term: { [field]: value } }) as JsonObject),
    fc
      .tuple(oneOf(whole, pool.dates), fc.constantFrom("prefix", "wildcard", "regexp"))
      .map(([field, kind]) => ({ [kind]: { [field]: "7.*" } }) as JsonObject),
    fc
      .tuple(oneOf(pool.keywords), fc.constantFrom("[a", "(a", "a{b"))
      .map(([field, value]) => ({ regexp: { [field]: value } }) as JsonObject),
    fc
      .constantFrom("AND fox", "fox AND", "(fox", '"fox', "[1 TO", "a:b:c", "fox)", "/fo[x/")
      .map((query) => ({ query_string: { query, default_field: "message" } })),
    fc.constantFrom<JsonObject[]>(
      { no_such_query: {} },
      { term: {} },
      { term: { a: 1, b: 2 } },
      { term: { "host.name": { value: "a", wrong: 1 } } },
      { term: { "host.name": ["a"] } },
      { terms: { "host.name": "a" } },
      { range: { "ethereum.slot": { wrong: 1 } } },
      { range: { "ethereum.slot": 1 } },
      { range: { "@timestamp": { gte: "2026-10-25", time_zone: "Nowhere/Land" } } },
      { range: { "@timestamp": { gte: "2026-10-25", format: "bbbb" } } },
      { exists: {} },
      { exists: { field: "a", wrong: 1 } },
      { bool: { wrong: [] } },
      { match_all: { wrong: 1 } },
      { match: { message: { query: "a", operator: "xor" } } },
      { match: { message: {} } },
      { match: { message: { query: "a", zero_terms_query: "some" } } },
      { nested: { path: "odd.pairs" } },
      { nested: { query: { match_all: {} } } },
      { nested: { path: "odd.absent", query: { match_all: {} } } },
      { constant_score: {} },
      // OpenSearch finds nothing by no ids.
      ...(pool.engine === "elasticsearch" ? [{ ids: {} }] : []),
      { ids: { values: "a", wrong: 1 } },
      { query_string: {} },
      { simple_query_string: {} },
      {},
      { match_all: {}, match_none: {} },
    ),
  );
}

function wrongAggregations(pool: Pool): Arbitrary<JsonObject> {
  const numbersOnly = fc.constantFrom(
    "avg",
    "sum",
    "stats",
    "extended_stats",
    "percentiles",
    "median_absolute_deviation",
    "max",
  );
  const text = fc
    .tuple(
      fc.constantFrom("terms", "cardinality", "min", "value_count", "histogram"),
      oneOf(pool.texts.filter((name) => pool.typeOf(name) === "text")),
    )
    .map(
      ([kind, field]) => ({ a: { [kind]: { field, ...(kind === "histogram" ? { interval: 1 } : {}) } } }) as JsonObject,
    );
  const one = (body: JsonObject): JsonObject => ({ a: body });
  const histogram = { histogram: { field: "ethereum.peers", interval: 10 } };
  const inside = (body: JsonObject): JsonObject => ({
    a: { ...histogram, aggs: { s: { sum: { field: "ethereum.peers" } }, p: body } },
  });
  return fc.oneof(
    text,
    fc.tuple(numbersOnly, oneOf(["host.name", "source.ip"])).map(([kind, field]) => one({ [kind]: { field } })),
    numbersOnly.map((kind) => one({ [kind]: {} })),
    fc
      .constantFrom<JsonObject[]>(
        { terms: { field: "host.name", size: 0 } },
        { terms: { field: "host.name", size: -1 } },
        { terms: {} },
        { terms: { field: "host.name", wrong: 1 } },
        { terms: { field: "host.name", include: "[a" } },
        { terms: { field: "ethereum.slot", missing: "abc" } },
        { multi_terms: { terms: [{ field: "host.name" }] } },
        { histogram: { field: "ethereum.peers" } },
        { histogram: { field: "ethereum.peers", interval: 0 } },
        { histogram: { field: "ethereum.peers", interval: -5 } },
        { histogram: { field: "host.name", interval: 5 } },
        { date_histogram: { field: "ethereum.seen_at" } },
        { date_histogram: { field: "ethereum.seen_at", calendar_interval: "2d" } },
        { date_histogram: { field: "ethereum.seen_at", calendar_interval: "blue" } },
        { date_histogram: { field: "ethereum.seen_at", fixed_interval: "1h", calendar_interval: "1h" } },
        { date_histogram: { field: "host.name", calendar_interval: "1h" } },
        // OpenSearch answers 503.
        ...(pool.engine === "elasticsearch" ? [{ date_histogram: { field: "odd.date", fixed_interval: "1s" } }] : []),
        { auto_date_histogram: { field: "ethereum.seen_at", buckets: 0 } },
        { auto_date_histogram: { field: "ethereum.seen_at", minimum_interval: "eon" } },
        { range: { field: "ethereum.peers" } },
        { range: { field: "ethereum.peers", ranges: [] } },
        { range: { field: "host.name", ranges: [{ from: 1 }] } },
        { date_range: { field: "ethereum.seen_at", ranges: [{ from: "when" }] } },
        { filters: {} },
        { filters: { filters: [] } },
        { missing: {} },
        { composite: { sources: [] } },
        {
          composite: { sources: [{ a: { terms: { field: "host.name" } } }, { a: { terms: { field: "log.level" } } }] },
        },
        { composite: { sources: [{ a: { terms: { field: "host.name" } } }], after: { b: "x" } } },
        { percentiles: { field: "ethereum.peers", percents: [101] } },
        { percentiles: { field: "ethereum.peers", percents: [] } },
        { percentile_ranks: { field: "ethereum.peers" } },
        { weighted_avg: { value: { field: "ethereum.peers" } } },
        { extended_stats: { field: "ethereum.peers", sigma: -1 } },
        { no_such_aggregation: {} },
        { sum: { field: "ethereum.peers" }, avg: { field: "ethereum.peers" } },
        {},
        { avg_bucket: { buckets_path: "absent>x" } },
        { sum_bucket: {} },
      )
      .map(one),
    fc
      .constantFrom<JsonObject[]>(
        { derivative: { buckets_path: "absent" } },
        { derivative: {} },
        { derivative: { buckets_path: "s", gap_policy: "jump" } },
        { cumulative_sum: { buckets_path: "s.max" } },
        { moving_fn: { buckets_path: "s", window: 0, script: "MovingFunctions.max(values)" } },
        { moving_fn: { buckets_path: "s", script: "MovingFunctions.max(values)" } },
        { bucket_script: { buckets_path: { a: "absent" }, script: "params.a" } },
        { bucket_script: { buckets_path: { a: "s" } } },
        { bucket_selector: { buckets_path: { a: "absent" }, script: "params.a > 1" } },
        { bucket_sort: {} },
        { bucket_sort: { size: -1 } },
        { bucket_sort: { sort: [{ absent: "asc" }] } },
      )
      .map(inside),
  );
}

function wrongParts(pool: Pool): Arbitrary<JsonObject> {
  return fc.oneof(
    oneOf(pool.texts).map((field) => ({ sort: [field] })),
    fc.constantFrom<JsonObject[]>(
      { sort: ["odd.absent"] },
      { sort: [{ "host.name": { order: "up" } }] },
      { sort: [{ "host.name": { mode: "avg" } }] },
      { sort: [{ "host.name": { wrong: 1 } }] },
      { size: -2 },
      { size: 10_001 },
      { from: 9_999, size: 2 },
      { from: -1 },
      { size: "many" },
      { search_after: [1] },
      { sort: ["serial"], search_after: [1, 2] },
      { sort: ["serial"], search_after: ["abc"] },
      // OpenSearch answers 500.
      ...(pool.engine === "elasticsearch" ? [{ sort: ["serial"], search_after: [1], from: 1 }] : []),
      { sort: ["serial"], search_after: 1 },
      { sort: ["@timestamp"], search_after: ["yesterday"] },
      { wrong: 1 },
      { wrong: {} },
      { query: [] },
      { query: "a" },
      { aggs: [] },
      { track_total_hits: "some" },
      { timeout: "soon" },
      { _source: 5 },
      { fields: [{ format: "x" }] },
      // OpenSearch takes it for none.
      ...(pool.engine === "elasticsearch" ? [{ terminate_after: -1 }] : []),
      { min_score: "high" },
      { aggs: { "a>b": { sum: { field: "ethereum.peers" } } } },
      { aggs: { a: 1 } },
    ),
  );
}
