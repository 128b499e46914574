import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { oneOf, options, type Pool } from "./fields.ts";
import { shownParts, sorts } from "./hits.ts";

/** An aggregation to numbers or documents, under a name that says its kind. */
export type Named = readonly [name: string, body: JsonObject];

export function metrics(pool: Pool): Arbitrary<Named> {
  const missing = { missing: fc.integer({ min: -3, max: 50 }) };
  const one = (
    kind: string,
    fields: readonly string[],
    more: Record<string, Arbitrary<unknown>> = {},
  ): Arbitrary<Named> =>
    fc.tuple(oneOf(fields), options(more)).map(([field, rest]) => [kind, { [kind]: { field, ...rest } } as JsonObject]);
  const timed = [...pool.dates, ...pool.booleans];
  const percents = fc.uniqueArray(fc.constantFrom(0, 1, 5, 25, 50, 75, 90, 99, 99.9, 100), {
    minLength: 1,
    maxLength: 4,
  });
  const keyed = fc.boolean();
  return fc.oneof(
    ...["min", "max"].map((kind) => one(kind, [...pool.calm, "odd.long", "odd.double", ...timed])),
    ...["min", "max", "avg", "sum", "stats", "value_count"].map((kind) => one(kind, pool.calm, missing)),
    // Means of dates are told to the microsecond here.
    one("stats", [...pool.calm, ...pool.booleans]),
    one("extended_stats", pool.calm, { ...missing, sigma: fc.constantFrom(0, 1, 2, 3.5) }),
    one(
      "value_count",
      pool.all.filter((name) => !pool.texts.includes(name)),
    ),
    // OpenSearch does not count the empty text of a `wildcard`, and of an `unsigned_long` counts doubles.
    one(
      "cardinality",
      pool.all.filter(
        (name) => !pool.texts.includes(name) && !["wildcard", "unsigned_long"].includes(pool.typeOf(name) ?? ""),
      ),
      { precision_threshold: fc.constant(40_000) },
    ),
    // A t-digest's error is known for values that lie close to each other and differ.
    one("percentiles", ["ethereum.delay_ms", "host.cpu.usage", "system.memory.used.bytes", "serial"], {
      percents: percents.map((list) => list.sort((a, b) => a - b)),
      keyed,
    }),
    fc
      .tuple(
        oneOf(["ethereum.delay_ms", "ethereum.peers", "host.cpu.usage"]),
        fc.uniqueArray(fc.integer({ min: -3, max: 90 }), { minLength: 1, maxLength: 3 }),
        keyed,
      )
      .map(
        ([field, values, flag]) => ["percentile_ranks", { percentile_ranks: { field, values, keyed: flag } }] as const,
      ),
    one("median_absolute_deviation", ["ethereum.delay_ms", "ethereum.peers", "system.memory.used.bytes"]),
    fc
      .tuple(oneOf(pool.calm), oneOf(["ethereum.peers", "host.cpu.usage"]))
      .map(
        ([field, weight]) =>
          [
            "weighted_avg",
            { weighted_avg: { value: { field, missing: 1 }, weight: { field: weight, missing: 2 } } },
          ] as const,
      ),
    // Where buckets are merged, OpenSearch leaves out `from` hits of each.
    fc
      .tuple(sorts(pool), shownParts(pool), options({ size: fc.integer({ min: 1, max: 5 }) }))
      .map(([sort, shown, page]) => ["top_hits", { top_hits: { sort, ...shown, ...page } as JsonObject }] as const),
  );
}
