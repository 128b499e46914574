import { describe, expect, onTestFinished, test } from "vitest";
import type { Json } from "../events/document.ts";
import { isFault } from "../lib/fault.ts";
import { createSearchRig, mappingOf, type RigIndex, type SearchRig } from "./search-rig.ts";

async function rigOf(...indices: RigIndex[]): Promise<SearchRig> {
  const rig = await createSearchRig({ indices });
  onTestFinished(() => rig.close());
  return rig;
}

type Properties = Parameters<typeof mappingOf>[0]["properties"];

function index(properties: Properties, sources: readonly { [key: string]: Json }[], name = "docs"): RigIndex {
  return { index: name, mapping: mappingOf({ properties }), documents: sources.map((source) => ({ source })) };
}

async function found(rig: SearchRig, query: object): Promise<string[]> {
  const { hits } = await rig.search({ query, sort: ["_doc"] });
  return hits.hits.map(({ _id }) => _id);
}

const numbers = index({ n: { type: "long" }, k: { type: "keyword" } }, [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((n) => ({ n, k: n % 2 === 0 ? "even" : "odd" })),
  {},
]);

describe("field types", () => {
  test("a flattened field is searched as a whole and by the paths within it", async () => {
    const rig = await rigOf(
      index({ labels: { type: "flattened" } }, [
        { labels: { env: "prod", nested: { zone: "eu" } } },
        { labels: { env: ["test", "prod"], "nested.zone": 7 } },
        {},
      ]),
    );
    expect(await found(rig, { term: { labels: "prod" } })).toEqual(["1", "2"]);
    expect(await found(rig, { term: { "labels.env": "test" } })).toEqual(["2"]);
    expect(await found(rig, { terms: { "labels.nested.zone": ["eu", "7"] } })).toEqual(["1", "2"]);
    expect(await found(rig, { prefix: { "labels.env": "te" } })).toEqual(["2"]);
    expect(await found(rig, { exists: { field: "labels" } })).toEqual(["1", "2"]);
    const { aggregations } = await rig.search({ size: 0, aggs: { a: { terms: { field: "labels.env" } } } });
    expect(aggregations?.["a"]).toMatchObject({
      buckets: [
        { key: "prod", doc_count: 2 },
        { key: "test", doc_count: 1 },
      ],
    });
  });

  test("a constant_keyword has its value in every document, and of a multi-field long texts are left out", async () => {
    const { mapping, ...rest } = index(
      {
        kind: { type: "constant_keyword" },
        t: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 3 } } },
      },
      [{ t: "abc" }, { t: "abcd" }],
    );
    const rig = await rigOf({
      ...rest,
      mapping: new Map([...mapping, ["kind", { type: "constant_keyword", value: "beat" }]]),
    });
    expect(await found(rig, { term: { kind: "beat" } })).toEqual(["1", "2"]);
    expect(await found(rig, { term: { kind: "bat" } })).toEqual([]);
    expect(await found(rig, { exists: { field: "t.keyword" } })).toEqual(["1"]);
    const { hits } = await rig.search({ fields: ["kind", "t.*"], _source: false });
    expect(hits.hits.map(({ fields }) => fields)).toEqual([
      { kind: ["beat"], "t.keyword": ["abc"] },
      { kind: ["beat"] },
    ]);
  });

  test("a value that is none of its field's type is refused by the field's name", () => {
    const wrong = index({ n: { type: "byte" } }, [{ n: 128 }]);
    return expect(createSearchRig({ indices: [wrong] })).rejects.toSatisfy(
      (error) =>
        isFault(error, "document_invalid") && error.message.startsWith("failed to parse field [n] of type [byte]"),
    );
  });

  test("fields that mean different things in two indices are not aggregated over both", async () => {
    const rig = await rigOf(
      index({ a: { type: "long" } }, [{ a: 1 }], "one"),
      index({ a: { type: "keyword" } }, [{ a: "1" }], "two"),
    );
    expect((await rig.search({ query: { term: { a: 1 } } })).hits.total?.value).toBe(2);
    const refused = rig.search({ aggs: { x: { terms: { field: "a" } } } });
    await expect(refused).rejects.toMatchObject({
      details: { status: 400, error: { type: "search_phase_execution_exception" } },
    });
  });
});

describe("figures that Elasticsearch estimates are exact", () => {
  const aggregate = async (aggregation: object): Promise<Json | undefined> => {
    const rig = await rigOf(numbers);
    return (await rig.search({ size: 0, aggs: { a: aggregation } })).aggregations?.["a"];
  };
  test("percentiles lie between neighbours", async () => {
    expect(await aggregate({ percentiles: { field: "n", percents: [0, 25, 50, 90, 100] } })).toEqual({
      values: { "0.0": 1, "25.0": 3.25, "50.0": 5.5, "90.0": expect.closeTo(18.1, 9), "100.0": 100 },
    });
    expect(await aggregate({ percentile_ranks: { field: "n", values: [5, 200], keyed: false } })).toEqual({
      values: [
        { key: 5, value: 50 },
        { key: 200, value: 100 },
      ],
    });
    expect(await aggregate({ median_absolute_deviation: { field: "n" } })).toEqual({ value: 2.5 });
    expect(await aggregate({ cardinality: { field: "k" } })).toEqual({ value: 2 });
  });
  test("a boxplot's whiskers end at values", async () => {
    const quartiles = { q1: 3.25, q2: 5.5, q3: 7.75 };
    expect(await aggregate({ boxplot: { field: "n" } })).toEqual({
      min: 1,
      max: 100,
      ...quartiles,
      lower: 1,
      upper: 9,
    });
    expect(
      await aggregate({ filter: { term: { k: "none" } }, aggs: { b: { boxplot: { field: "n" } } } }),
    ).toMatchObject({
      b: { min: "Infinity", max: "-Infinity", q1: "NaN" },
    });
  });
  test("top_metrics tells values of the documents that are first", async () => {
    const metrics = [{ field: "n" }, { field: "k" }];
    expect(await aggregate({ top_metrics: { metrics, sort: { n: "desc" }, size: 2 } })).toEqual({
      top: [
        { sort: [100], metrics: { n: 100, k: "even" } },
        { sort: [9], metrics: { n: 9, k: "odd" } },
      ],
    });
    const ordered = {
      terms: { field: "k" },
      aggs: {
        top: { top_metrics: { metrics: [{ field: "n" }], sort: { n: "asc" } } },
        most: { bucket_sort: { sort: ["top.n"] } },
      },
    };
    expect(await aggregate(ordered)).toMatchObject({ buckets: [{ key: "odd" }, { key: "even" }] });
  });
});

test("a composite is read to its end page by page", async () => {
  const rig = await rigOf(numbers);
  const sources = [
    { k: { terms: { field: "k", missing_bucket: true } } },
    { h: { histogram: { field: "n", interval: 5 } } },
  ];
  const keys: Json[] = [];
  let after: Json | undefined;
  for (let page = 0; page < 10; page++) {
    const composite = { size: 2, sources, ...(after === undefined ? {} : { after }) };
    const { aggregations } = await rig.search({ size: 0, aggs: { c: { composite } } });
    const { buckets, after_key } = (aggregations?.["c"] ?? { buckets: [] }) as {
      buckets: { key: Json }[];
      after_key?: Json;
    };
    if (buckets.length === 0) break;
    keys.push(...buckets.map(({ key }) => key));
    after = after_key;
  }
  const expected = [
    ["even", 0],
    ["even", 5],
    ["even", 100],
    ["odd", 0],
    ["odd", 5],
  ];
  expect(keys).toEqual(expected.map(([k, h]) => ({ k, h })));
});

test("a point in time sees nothing that came later, in hits, totals and aggregations", async () => {
  const rig = await rigOf(numbers);
  const aggs = { n: { value_count: { field: "n" } }, all: { global: {} } };
  const { hits, aggregations } = await rig.search({ aggs, size: 100 }, { maxSeq: 4 });
  expect(hits.hits.map(({ _id }) => _id)).toEqual(["1", "2", "3", "4"]);
  expect(hits.total).toEqual({ value: 4, relation: "eq" });
  expect(aggregations).toEqual({ n: { value: 4 }, all: { doc_count: 4 } });
});

test("more buckets than an answer may have are refused", async () => {
  const rig = await rigOf(index({ n: { type: "long" } }, [{ n: 0 }, { n: 1_000_000 }]));
  const refused = rig.search({ aggs: { h: { histogram: { field: "n", interval: 1 } } } });
  await expect(refused).rejects.toMatchObject({
    details: { status: 400, error: { type: "too_many_buckets_exception" } },
  });
});

test("names and values of a request never become part of a statement", async () => {
  const evil = `a"b'; DROP TABLE documents0; --`;
  const rig = await rigOf(index({ k: { type: "keyword" } }, [{ k: evil }, { k: "plain" }]));
  const { hits, aggregations } = await rig.search({
    query: { bool: { should: [{ term: { k: evil } }, { wildcard: { k: "*'*" } }, { regexp: { k: ".*'.*" } }] } },
    aggs: { [evil.replace(">", "")]: { terms: { field: "k", missing: evil, include: [evil, "x'"] } } },
  });
  expect(hits.total?.value).toBe(1);
  expect(aggregations?.[evil]).toMatchObject({ buckets: [{ key: evil, doc_count: 1 }] });
  expect((await rig.search({})).hits.total?.value).toBe(2);
});

test("a bound between two values of a half_float is compared as it is written, as Elasticsearch does", async () => {
  // 0.1 is stored as 0.0999755859375, and 0.3 as 0.300048828125.
  const rig = await rigOf(index({ h: { type: "half_float" } }, [{ h: 0.1 }, { h: 0.3 }]));
  const found = async (range: object) => (await rig.search({ query: { range: { h: range } } })).hits.total?.value;
  expect(await found({ lt: 0.1 })).toBe(1);
  expect(await found({ gte: 0.1 })).toBe(1);
  expect(await found({ lte: 0.3 })).toBe(1);
  expect(await found({ gt: 0.3 })).toBe(1);
});

test("a query that would take too long to prepare is refused before it is", async () => {
  const rig = await rigOf(index({ t: { type: "text" } }, [{ t: "some words" }]));
  const should = Array.from({ length: 1000 }, (_, i) => ({ match: { t: `word${i}` } }));
  const refused = rig.search({ query: { bool: { should } } });
  await expect(refused).rejects.toMatchObject({ details: { status: 400, error: { type: "too_many_clauses" } } });
});

describe("a wildcard", () => {
  test("takes each character but `*`, `?` and what stands behind a backslash for itself", async () => {
    const texts = ["a%b", "a_b", "axb", "a.b", "a*b", "a?b", "a\\b", "a\nb", "a\u{1f600}b", "ab", "a[b]"];
    const rig = await rigOf(
      index(
        { k: { type: "keyword" } },
        texts.map((k) => ({ k })),
      ),
    );
    const matched = async (value: string, more = {}) =>
      (await found(rig, { wildcard: { k: { value, ...more } } })).map((id) => texts[Number(id) - 1]);
    expect(await matched("a%b")).toEqual(["a%b"]);
    expect(await matched("a_b")).toEqual(["a_b"]);
    expect(await matched("a.b")).toEqual(["a.b"]);
    expect(await matched("a\\*b")).toEqual(["a*b"]);
    expect(await matched("a\\?b")).toEqual(["a?b"]);
    expect(await matched("a\\\\b")).toEqual(["a\\b"]);
    expect(await matched("a\\xb")).toEqual(["axb"]);
    expect(await matched("A[B]", { case_insensitive: true })).toEqual(["a[b]"]);
    expect(await matched("a?b")).toEqual(texts.slice(0, 9));
    expect(await matched("a*b")).toEqual(texts.slice(0, 10));
    expect(await matched("*a?b*")).toEqual([...texts.slice(0, 9), "a[b]"]);
  });

  test("with many stars and question marks is judged at once, however long the text", async () => {
    const k = "ab".repeat(5000);
    const rig = await rigOf(index({ k: { type: "keyword" } }, [{ k }]));
    for (const value of ["*a?*a*a*a?*a*a*a*x?*", "*a*a*a*a*a*a*a*a*_*", "*a*a*a*a*a*a*a*a*x*"]) {
      expect(await found(rig, { wildcard: { k: value } })).toEqual([]);
      expect(await found(rig, { wildcard: { k: { value: value.toUpperCase(), case_insensitive: true } } })).toEqual([]);
    }
    expect(await found(rig, { wildcard: { k: "*a?*a*a*a?*a*a*a*b?*" } })).toEqual(["1"]);
  });
});
