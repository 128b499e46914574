import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { bucketings, composites } from "./buckets.ts";
import type { Pool } from "./fields.ts";
import { metrics, type Named } from "./metrics.ts";
import { pipelinesWithin, siblings } from "./pipelines.ts";

/** Aggregations at the top of a request, `depth` within each other. */
export function aggregations(pool: Pool, depth = 3): Arbitrary<JsonObject> {
  const one = aggregation(pool, depth);
  const top = fc.oneof(
    { weight: 8, arbitrary: one },
    { weight: 1, arbitrary: within(composites(pool), pool, 1) },
    { weight: 1, arbitrary: inner(pool, 1).map((aggs) => ["global", { global: {}, aggs }] as const) },
  );
  return fc.array(top, { minLength: 1, maxLength: 2 }).map(namedApart);
}

function aggregation(pool: Pool, depth: number): Arbitrary<Named> {
  if (depth === 0) return metrics(pool);
  return fc.oneof(
    { weight: 2, arbitrary: metrics(pool) },
    { weight: 3, arbitrary: within(bucketings(pool), pool, depth - 1) },
  );
}

function inner(pool: Pool, depth: number): Arbitrary<JsonObject> {
  return fc.array(aggregation(pool, depth), { maxLength: 2 }).map(namedApart);
}

function within(outer: Arbitrary<Named>, pool: Pool, depth: number): Arbitrary<Named> {
  return fc
    .tuple(outer, inner(pool, depth))
    .map(([[name, body], aggs]) => [name, Object.keys(aggs).length === 0 ? body : { ...body, aggs }] as const);
}

/** Two of the same kind have names of their own. */
function namedApart(list: readonly Named[]): JsonObject {
  return Object.fromEntries(list.map(([name, body], i) => [`${name}_${i}`, body]));
}

/** A histogram with numbers in its buckets, pipelines over them within and beside it. */
export function pipelineAggregations(pool: Pool): Arbitrary<JsonObject> {
  const histogram = bucketings(pool).filter(
    ([name, body]) => ["histogram", "date_histogram"].includes(name) && !unordered(body[name] as JsonObject),
  );
  return fc.tuple(histogram, pipelinesWithin(), siblings()).map(([[, body], inside, beside]) => ({
    series: {
      ...body,
      aggs: {
        total: { sum: { field: "ethereum.peers" } },
        spread: { stats: { field: "ethereum.delay_ms" } },
        ...inside,
      },
    },
    ...beside,
  }));
}

/** Pipelines within go along the buckets, none of which may be left out, from the first to the last. */
function unordered(body: JsonObject): boolean {
  return (body["min_doc_count"] ?? 0) !== 0 || body["order"] !== undefined;
}
