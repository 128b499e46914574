import fc, { type Arbitrary } from "fast-check";
import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { MIXED, SERIAL } from "../corpus/mapping.ts";
import { oneOf, options, type Pool } from "./fields.ts";

const DATE_FORMATS = ["epoch_millis", "strict_date_optional_time", "yyyy-MM-dd", "dd.MM.yyyy HH:mm"];
const ORDERS = ["asc", "desc"] as const;

/** A sort that no two documents share a place in. */
export function sorts(pool: Pool): Arbitrary<Json[]> {
  return fc
    .tuple(fc.array(sortKeys(pool), { maxLength: 2 }), fc.constantFrom(...ORDERS))
    .map(([keys, order]) => [...keys, { [SERIAL]: { order } }]);
}

function sortKeys(pool: Pool): Arbitrary<Json> {
  const order = fc.constantFrom(...ORDERS);
  const ends = fc.constantFrom("_first", "_last");
  const key = (
    fields: readonly string[],
    more: (field: string) => Record<string, Arbitrary<unknown>>,
  ): Arbitrary<Json> =>
    oneOf(fields).chain((field) =>
      options({ order, missing: ends, ...more(field) }).map((made) => ({ [field]: made }) as JsonObject),
    );
  const words = [...pool.keywords.filter((name) => pool.typeOf(name) === "keyword"), ...pool.ips];
  // For an `unsigned_long` OpenSearch takes no number for what is missing.
  // Of a document without a value the engines sort by the largest or smallest one there is, as if it had it.
  const extremes = pool.numbers.filter((name) => ["odd.long", "odd.integer", "odd.unsigned"].includes(name));
  const numbers = pool.numbers.filter((name) => !extremes.includes(name));
  // OpenSearch does not know a sort's `format`, and Elasticsearch writes the moment of "none" in it.
  return fc.oneof(
    oneOf(numbers, pool.dates, words),
    key(words, () => ({ mode: fc.constantFrom("min", "max") })),
    key([...numbers, ...pool.booleans], () => ({ mode: fc.constantFrom("min", "max") })),
    key(
      numbers.filter((name) => pool.calm.includes(name)),
      () => ({ mode: fc.constantFrom("min", "max", "sum", "avg", "median") }),
    ),
    key(["ethereum.peers", "odd.byte", "ethereum.delay_ms"], () => ({ missing: fc.integer({ min: -9, max: 99 }) })),
    oneOf(extremes.filter((name) => name !== "odd.unsigned")).chain((name) =>
      order.map((way) => ({ [name]: { order: way, missing: 5 } })),
    ),
    key(pool.dates, () => ({ mode: fc.constantFrom("min", "max") })),
    key(["odd.absent"], () => ({ unmapped_type: fc.constantFrom("long", "keyword", "date") })).map((made) => {
      const [[name, body] = ["", {}]] = Object.entries(made as Record<string, JsonObject>);
      return { [name]: { unmapped_type: "long", ...body } };
    }),
  );
}

/** What of a document a hit shows. */
export function shownParts(pool: Pool): Arbitrary<JsonObject> {
  const names = [...pool.all, "odd.*", "ethereum.*", "*.ip", "odd.absent", "host.name", "@timestamp"];
  const patterns = fc.subarray([...names, "odd", "ethereum.block", "log", "*"], { maxLength: 3 });
  // OpenSearch refuses an entry that is in both.
  const filter = options({ includes: patterns, excludes: patterns }).map(({ includes = [], excludes = [] }) => ({
    includes,
    excludes: excludes.filter((name) => !includes.includes(name)),
  }));
  const _source = fc.oneof(fc.boolean(), oneOf(names), patterns, filter);
  return options({ _source, fields: asked(pool, true), docvalue_fields: asked(pool, false) }) as Arbitrary<JsonObject>;
}

function asked(pool: Pool, texts: boolean): Arbitrary<Json[]> {
  const plain = [...pool.keywords, ...pool.numbers, ...pool.ips, ...pool.booleans, ...pool.dates];
  // A half_float's `fields` are told as they were written, and here as they are stored.
  const shown = plain.filter((name) => name !== MIXED && pool.typeOf(name) !== "half_float");
  const names = texts ? [...shown, ...pool.texts, "odd.sh*", "ethereum.*", "odd.absent"] : plain;
  const one: Arbitrary<Json> = fc.oneof(
    oneOf(names),
    oneOf(names).map((field) => ({ field })),
    fc.tuple(oneOf(pool.dates), fc.constantFrom(...DATE_FORMATS)).map(([field, format]) => ({ field, format })),
  );
  const nameOf = (each: Json) => (typeof each === "string" ? each : ((each as JsonObject)["field"] ?? ""));
  const several = fc.uniqueArray(one, { minLength: 1, maxLength: 3, selector: nameOf });
  // What is asked for twice, OpenSearch's doc values give twice.
  return texts
    ? several
    : fc.oneof(
        { weight: 4, arbitrary: several },
        { weight: 1, arbitrary: oneOf(["odd.d*", "*.ip"]).map((name) => [name]) },
      );
}

/** How many hits, and how they are counted. */
export function pages(): Arbitrary<JsonObject> {
  return options({
    size: fc.integer({ min: 0, max: 40 }),
    from: fc.integer({ min: 0, max: 20 }),
    track_total_hits: fc.oneof(fc.boolean(), fc.integer({ min: 1, max: 700 })),
    track_scores: fc.constant(false),
  }) as Arbitrary<JsonObject>;
}
