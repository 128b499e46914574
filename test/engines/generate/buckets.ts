import fc, { type Arbitrary } from "fast-check";
import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { oneOf, options, type Pool } from "./fields.ts";
import type { Named } from "./metrics.ts";
import { queries } from "./queries.ts";

const ZONES = ["Europe/Berlin", "America/St_Johns", "+05:30", "UTC", "-03:00"];
const DAY_FORMATS = ["yyyy-MM-dd", "epoch_millis", "yyyy-MM-dd'T'HH:mm:ssXXX"];
/** Of this field all values lie within a day; of the others within decades. */
const NEAR = ["ethereum.seen_at"];
const CALENDAR = ["hour", "1d", "day", "week", "1w", "month", "1M", "quarter", "year", "1y"];
const LONG_CALENDAR = ["month", "quarter", "year", "1y", "1M"];

/** Aggregations into buckets, without what is within them. */
export function bucketings(pool: Pool): Arbitrary<Named> {
  return fc.oneof(
    { weight: 4, arbitrary: termsBuckets(pool) },
    // The small Elasticsearch comes without these.
    ...(pool.engine === "opensearch"
      ? [
          { weight: 2, arbitrary: multiTerms(pool) },
          { weight: 1, arbitrary: autoDateHistograms(pool) },
        ]
      : []),
    { weight: 4, arbitrary: dateHistograms(pool) },
    { weight: 2, arbitrary: histograms(pool) },
    { weight: 2, arbitrary: rangesOf(pool) },
    { weight: 2, arbitrary: filtersOf(pool) },
  );
}

const ORDERS = fc.constantFrom("asc", "desc");

/**
 * A shard leaves out what is not among its first: with `min_doc_count` beyond 1, `sum_other_doc_count` tells how many
 * those were, and with the rarest first the error of the counts is not known. With as many as there are none are left
 * out.
 */
function counted(body: Record<string, unknown>): Record<string, unknown> {
  const isRareFirst = JSON.stringify(body["order"] ?? "").includes('"_count":"asc"');
  const sized = Number(body["min_doc_count"] ?? 1) > 1 || isRareFirst ? { ...body, size: 1000 } : body;
  // For what is missing there is a bucket without documents as well, which no field has a value for.
  return body["min_doc_count"] === 0 ? { ...sized, missing: undefined } : sized;
}

function termsBuckets(pool: Pool): Arbitrary<Named> {
  const order = fc.oneof(
    ORDERS.map((way) => ({ _key: way })),
    ORDERS.map((way) => [{ _count: way }, { _key: "asc" }]),
  );
  const shared = {
    size: fc.integer({ min: 1, max: 30 }),
    order,
    min_doc_count: fc.integer({ min: 0, max: 3 }),
    show_term_doc_count_error: fc.boolean(),
  };
  const words = pool.keywords.filter((name) => pool.typeOf(name) === "keyword");
  const numbers = pool.numbers.filter((name) => name !== "odd.half" && name !== "system.memory.used.pct");
  const of = (fields: readonly string[], more: (field: string) => Record<string, Arbitrary<unknown>>) =>
    oneOf(fields).chain((field) =>
      options({ ...shared, ...more(field) }).map(
        (rest) => ["terms", { terms: { field, ...counted(rest) } } as JsonObject] as const,
      ),
    );
  const patterns = fc.constantFrom("[a-z].*", ".*-1", "node-[12]", "[^x]*");
  const lists = (field: string) => fc.array(pool.value(field).map(String), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    // OpenSearch does not take a pattern and a list at once.
    of(words, () => ({ missing: fc.constantFrom("none", ""), include: patterns, exclude: patterns })),
    of(words, (field) => ({ missing: fc.constantFrom("none", ""), include: lists(field), exclude: lists(field) })),
    of(numbers, () => ({ missing: fc.integer({ min: -2, max: 60 }) })),
    of([...pool.dates, ...pool.booleans, ...pool.ips], () => ({})),
  );
}

function multiTerms(pool: Pool): Arbitrary<Named> {
  const names = [
    "observer.name",
    "ethereum.status",
    "ethereum.echo",
    "log.logger",
    "host.name",
    "odd.keyword",
    "ethereum.epoch",
    "odd.byte",
    "network.transport",
  ];
  const missing: Readonly<Record<string, Json>> = { "ethereum.epoch": 0, "odd.byte": 5, "ethereum.echo": false };
  return fc
    .tuple(
      fc.subarray(
        names.filter((name) => pool.all.includes(name)),
        { minLength: 2, maxLength: 3 },
      ),
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      options({
        size: fc.integer({ min: 1, max: 20 }),
        min_doc_count: fc.integer({ min: 1, max: 3 }),
        order: ORDERS.map((way) => ({ _key: way })),
      }),
    )
    .map(([fields, flags, rest]) => [
      "multi_terms",
      {
        multi_terms: {
          terms: fields.map((field, i) => ({ field, ...(flags[i] ? { missing: missing[field] ?? "none" } : {}) })),
          ...counted(rest),
        },
      } as JsonObject,
    ]);
}

function dateHistograms(pool: Pool): Arbitrary<Named> {
  const shared = {
    time_zone: fc.constantFrom(...ZONES),
    offset: fc.constantFrom("+1h", "-30m", "6h"),
    min_doc_count: fc.integer({ min: 0, max: 2 }),
    order: ORDERS.map((way) => ({ _key: way })),
    keyed: fc.boolean(),
    format: fc.constantFrom(...DAY_FORMATS),
    missing: fc.constant("2026-10-24"),
  };
  const far = pool.dates.filter((name) => !NEAR.includes(name));
  const bounds = { min: "2026-10-20", max: "2026-10-30" };
  const extent = {
    extended_bounds: fc.constant(bounds),
    hard_bounds: fc.constant({ min: "2026-10-24T23:00:00Z", max: "2026-10-25T12:00:00Z" }),
  };
  const near = { ...shared, ...extent };
  const plain = (body: Record<string, unknown>) => {
    const { format, hard_bounds, extended_bounds, ...rest } = body;
    // With an offset the engines begin one offset behind the bound; backwards, OpenSearch sometimes fills the gaps twice.
    // Bounds, and what is missing, are read in the format; both kinds at once have to lie within each other.
    if (extended_bounds !== undefined) return { ...rest, offset: undefined, order: undefined, extended_bounds };
    if (hard_bounds !== undefined) return { ...rest, offset: undefined, hard_bounds };
    return format === undefined || rest["missing"] !== undefined ? rest : { ...rest, format };
  };
  const histogram = (
    fields: readonly string[],
    interval: Arbitrary<object>,
    more: Record<string, Arbitrary<unknown>>,
  ) =>
    fc
      .tuple(oneOf(fields), interval, options(more))
      .map(
        ([field, made, rest]) =>
          ["date_histogram", { date_histogram: { field, ...made, ...plain(rest) } } as JsonObject] as const,
      );
  return fc.oneof(
    histogram(
      NEAR,
      fc.constantFrom(...CALENDAR).map((calendar_interval) => ({ calendar_interval })),
      near,
    ),
    histogram(
      NEAR,
      fc.constantFrom("30m", "1h", "12h", "1d", "90m").map((fixed_interval) => ({ fixed_interval })),
      near,
    ),
    histogram(
      far,
      fc.constantFrom(...LONG_CALENDAR).map((calendar_interval) => ({ calendar_interval })),
      shared,
    ),
    histogram(
      far,
      fc.constantFrom("100d", "365d").map((fixed_interval) => ({ fixed_interval })),
      shared,
    ),
  );
}

function autoDateHistograms(pool: Pool): Arbitrary<Named> {
  return fc
    .tuple(
      // Of a document with several dates OpenSearch counts each that was in a bucket of its own before these were merged.
      oneOf(pool.dates.filter((name) => name !== "odd.date")),
      options({
        buckets: fc.integer({ min: 1, max: 40 }),
        time_zone: fc.constantFrom(...ZONES),
        minimum_interval: fc.constantFrom("minute", "hour", "day", "month"),
      }),
    )
    .map(
      ([field, rest]) => ["auto_date_histogram", { auto_date_histogram: { field, ...rest } } as JsonObject] as const,
    );
}

function histograms(pool: Pool): Arbitrary<Named> {
  const fields = [
    "ethereum.peers",
    "ethereum.delay_ms",
    "host.cpu.usage",
    "odd.byte",
    "odd.short",
    "system.cpu.total.norm.pct",
    "odd.scaled",
  ];
  const intervals: Readonly<Record<string, readonly number[]>> = {
    "ethereum.delay_ms": [250, 1000, 333.3],
    "host.cpu.usage": [0.1, 0.25],
    "system.cpu.total.norm.pct": [0.1, 0.25],
    "odd.short": [1000, 4096],
    "odd.scaled": [100, 1000],
  };
  return oneOf(fields.filter((name) => pool.all.includes(name))).chain((field) =>
    fc
      .tuple(
        fc.constantFrom(...(intervals[field] ?? [1, 5, 2.5, 10])),
        options({
          offset: fc.constantFrom(0, 1, 0.5),
          min_doc_count: fc.integer({ min: 0, max: 2 }),
          keyed: fc.boolean(),
          order: ORDERS.map((way) => ({ _key: way })),
          missing: fc.integer({ min: 0, max: 50 }),
          extended_bounds: fc.constant({ min: 0, max: 100 }),
        }),
      )
      .map(([interval, rest]) => ["histogram", { histogram: { field, interval, ...rest } } as JsonObject] as const),
  );
}

function rangesOf(pool: Pool): Arbitrary<Named> {
  const number = fc.oneof(fc.integer({ min: -10, max: 100 }), fc.constantFrom(0.5, 1000, 2500));
  const date = fc.constantFrom(
    "2026-10-24T22:00:00Z",
    "2026-10-25",
    "2026-10-25T03:00:00+01:00",
    "2027-01-01",
    "2026-10-25||-1h",
    "now/d",
  );
  const list = (bound: Arbitrary<Json>) =>
    fc.array(
      fc.tuple(bound, bound, fc.integer({ min: 0, max: 2 }), fc.boolean()).map(([from, to, which, named]) => ({
        ...(which === 0 ? { from } : which === 1 ? { to } : { from, to }),
        ...(named ? { key: `key ${String(from)} ${String(to)} ${which}` } : {}),
      })),
      { minLength: 1, maxLength: 3 },
    );
  const numbers = fc
    .tuple(oneOf(pool.calm), list(number), options({ keyed: fc.boolean() }))
    .map(([field, ranges, rest]) => ["range", { range: { field, ranges, ...rest } } as JsonObject] as const);
  const dates = fc
    .tuple(
      oneOf(pool.dates),
      list(date),
      options({
        keyed: fc.boolean(),
        time_zone: fc.constantFrom(...ZONES),
        format: fc.constant("yyyy-MM-dd'T'HH:mm:ssXXX||strict_date_optional_time"),
      }),
    )
    .map(([field, ranges, rest]) => ["date_range", { date_range: { field, ranges, ...rest } } as JsonObject] as const);
  return fc.oneof(numbers, dates);
}

function filtersOf(pool: Pool): Arbitrary<Named> {
  const query = queries(pool, 1);
  const one = query.map((filter) => ["filter", { filter }] as const);
  const list = fc
    .tuple(
      fc.oneof(
        fc.array(query, { minLength: 1, maxLength: 3 }),
        fc
          .array(query, { minLength: 1, maxLength: 3 })
          .map((all) => Object.fromEntries(all.map((each, i) => [`f${i}`, each]))),
      ),
      options({ other_bucket: fc.boolean(), other_bucket_key: fc.constant("rest") }),
    )
    .map(([filters, rest]) => ["filters", { filters: { filters, ...rest } } as JsonObject] as const);
  const without = oneOf(
    pool.all.filter((name) => !pool.texts.includes(name)),
    ["odd.absent"],
  ).map((field) => ["missing", { missing: { field } }] as const);
  return fc.oneof(one, list, without);
}

/** Pages of combinations; they go on behind `after_key`. */
export function composites(pool: Pool): Arbitrary<Named> {
  const more = { order: ORDERS, missing_bucket: fc.constant(true) };
  const words = pool.keywords.filter((name) => pool.typeOf(name) === "keyword");
  const source: Arbitrary<JsonObject> = fc.oneof(
    fc
      .tuple(oneOf(words, ["ethereum.epoch", "odd.byte", "ethereum.echo", "ethereum.peers"]), options(more))
      .map(([field, rest]) => ({ terms: { field, ...rest } }) as JsonObject),
    fc
      .tuple(fc.constantFrom(1, 10), options(more))
      .map(([interval, rest]) => ({ histogram: { field: "ethereum.peers", interval, ...rest } }) as JsonObject),
    fc
      .tuple(
        fc.constantFrom("hour", "day", "month"),
        // Elasticsearch refuses a key that it could not read again: local time that comes twice, without its zone.
        fc.oneof(
          options({ ...more, time_zone: fc.constantFrom(...ZONES) }),
          options({ ...more, format: fc.constant("yyyy-MM-dd HH:mm") }),
        ),
      )
      .map(
        ([calendar_interval, rest]) =>
          ({ date_histogram: { field: NEAR[0], calendar_interval, ...rest } }) as JsonObject,
      ),
  );
  return fc
    .tuple(fc.array(source, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 30 }))
    .map(([sources, size]) => [
      "composite",
      { composite: { size, sources: sources.map((each, i) => ({ [`s${i}`]: each })) } },
    ]);
}
