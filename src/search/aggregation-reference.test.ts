import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json } from "../events/document.ts";
import { createSearchRig, mappingOf, type SearchRig } from "./search-rig.ts";

const DAY_MS = 86_400_000;
const FIRST_MS = Date.parse("2026-11-20T00:00:00Z");
const mapping = mappingOf({
  properties: {
    number: { type: "long" },
    numbers: { type: "long" },
    word: { type: "keyword" },
    words: { type: "keyword" },
  },
});

type Source = { at: number; number?: number; numbers: number[]; word?: string; words: string[] };
const sources: Source[] = Array.from({ length: 150 }, (_, i) => ({
  at: FIRST_MS + Math.floor((i * 6 * DAY_MS) / 150) + (i > 100 ? 3 * DAY_MS : 0),
  ...(i % 4 === 0 ? {} : { number: (i % 23) - 8 }),
  numbers: Array.from({ length: i % 4 }, (_, k) => (i + k * 5) % 12),
  ...(i % 5 === 0 ? {} : { word: ["a", "b", "c", "B"][i % 4] as string }),
  words: ["x", "y", "z"].slice(0, i % 4),
}));

function held(source: Source, field: string): (number | string)[] {
  if (field === "@timestamp") return [source.at];
  const value = source[field as keyof Source];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function numbers(documents: readonly Source[], field: string): number[] {
  return documents.flatMap((source) => held(source, field) as number[]);
}

/** The plainest evaluation there is of the aggregations that are generated below. */
function evaluate(aggregation: Record<string, unknown>, documents: readonly Source[]): Json {
  const { aggs, ...rest } = aggregation;
  const [[kind, body] = ["", {}]] = Object.entries(rest) as [string, Record<string, unknown>][];
  const field = body["field"] as string;
  const bucket = (key: Json, members: readonly Source[], more: Record<string, Json> = {}) => ({
    ...more,
    key,
    doc_count: members.length,
    ...inner(aggs, members),
  });
  const within = (test: (value: number | string) => boolean) => documents.filter((d) => held(d, field).some(test));
  switch (kind) {
    case "min":
    case "max": {
      const values = numbers(documents, field);
      return { value: values.length === 0 ? null : Math[kind](...values) };
    }
    case "sum":
      return { value: numbers(documents, field).reduce((a, b) => a + b, 0) };
    case "value_count":
      return { value: numbers(documents, field).length };
    case "cardinality":
      return { value: new Set(numbers(documents, field)).size };
    case "missing":
      return {
        doc_count: documents.filter((d) => held(d, field).length === 0).length,
        ...inner(
          aggs,
          documents.filter((d) => held(d, field).length === 0),
        ),
      };
    case "filter": {
      const [[name, value] = ["", undefined]] = Object.entries((body["term"] ?? {}) as Record<string, string>);
      const members = documents.filter((d) => held(d, name).includes(value as string));
      return { doc_count: members.length, ...inner(aggs, members) };
    }
    case "terms": {
      const keys = [...new Set(documents.flatMap((d) => held(d, field)))];
      const buckets = keys.map((key) =>
        bucket(
          key,
          within((value) => value === key),
        ),
      );
      const sorted = buckets.sort(
        (a, b) => b.doc_count - a.doc_count || ((a.key as string) < (b.key as string) ? -1 : 1),
      );
      const shown = sorted.slice(0, body["size"] as number);
      const others = sorted.slice(shown.length).reduce((sum, { doc_count }) => sum + doc_count, 0);
      return { doc_count_error_upper_bound: 0, sum_other_doc_count: others, buckets: shown };
    }
    default: {
      const date = kind === "date_histogram";
      const step = date
        ? Number.parseInt(body["fixed_interval"] as string, 10) * 3_600_000
        : (body["interval"] as number);
      const floor = (value: number) => Math.floor(value / step) * step;
      const found = numbers(documents, field).map(floor);
      if (found.length === 0) return { buckets: [] };
      const [first, last] = [Math.min(...found), Math.max(...found)];
      const keys = Array.from({ length: (last - first) / step + 1 }, (_, i) => first + i * step);
      const buckets = keys.map((key) =>
        bucket(
          key,
          within((value) => floor(value as number) === key),
          date ? { key_as_string: new Date(key).toISOString() } : {},
        ),
      );
      return { buckets: buckets.filter(({ doc_count }) => doc_count >= (body["min_doc_count"] as number)) };
    }
  }
}

function inner(aggs: unknown, documents: readonly Source[]): Record<string, Json> {
  const named = Object.entries((aggs ?? {}) as Record<string, Record<string, unknown>>);
  return Object.fromEntries(named.map(([name, aggregation]) => [name, evaluate(aggregation, documents)]));
}

const numeric = fc.constantFrom("number", "numbers");
const metric = fc
  .tuple(fc.constantFrom("min", "max", "sum", "value_count", "cardinality"), numeric)
  .map(([kind, field]) => ({ [kind]: { field } }));
const { one } = fc.letrec<{ one: Record<string, unknown> }>((tie) => {
  const aggs = fc.dictionary(fc.constantFrom("p", "q"), tie("one"), { maxKeys: 2, noNullPrototype: true });
  const least = fc.integer({ min: 0, max: 3 });
  const buckets = fc.oneof(
    fc
      .record({ field: fc.constantFrom("word", "words", "numbers"), size: fc.integer({ min: 1, max: 6 }) })
      .map((terms) => ({ terms })),
    fc
      .record({ field: numeric, interval: fc.integer({ min: 2, max: 9 }), min_doc_count: least })
      .map((histogram) => ({ histogram })),
    fc
      .record({
        field: fc.constant("@timestamp"),
        fixed_interval: fc.constantFrom("5h", "24h", "48h"),
        min_doc_count: least,
      })
      .map((date_histogram) => ({ date_histogram })),
    fc.constantFrom("number", "word", "words").map((field) => ({ missing: { field } })),
    fc.constantFrom("a", "B", "none").map((value) => ({ filter: { term: { word: value } } })),
  );
  return {
    one: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      metric,
      fc.tuple(buckets, aggs).map(([bucket, children]) => ({ ...bucket, aggs: children })),
    ),
  };
});

let rig: SearchRig;
beforeAll(async () => {
  const documents = sources.map(({ at, ...fields }) => ({
    source: { "@timestamp": new Date(at).toISOString(), ...fields },
  }));
  rig = await createSearchRig({ indices: [{ index: "reference", mapping, columns: ["word", "number"], documents }] });
});
afterAll(() => rig.close());

test("any tree of aggregations gives what a plain evaluation over the documents gives", async () => {
  await fc.assert(
    fc.asyncProperty(one, async (aggregation) => {
      const { aggregations } = await rig.search({ size: 0, aggs: { a: aggregation } });
      expect(aggregations).toEqual({ a: evaluate(aggregation, sources) });
    }),
    { numRuns: 300 },
  );
});
