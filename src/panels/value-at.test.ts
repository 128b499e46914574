import fc from "fast-check";
import { expect, test } from "vitest";
import { rowsOf, valueAt } from "./value-at.ts";

const ANSWER = {
  hits: { total: { value: 3 }, hits: [{ _source: { ethereum: { slot: 7 } } }] },
  aggregations: { p: null, by: { buckets: { late: { doc_count: 1 }, missed: { doc_count: 2 } } } },
};

test("a path leads through names and places in lists", () => {
  expect(valueAt(ANSWER, "hits.total.value")).toBe(3);
  expect(valueAt(ANSWER, "hits.hits.0._source.ethereum.slot")).toBe(7);
});

test("a path finds keys with dots in them, the longest first", () => {
  expect(valueAt({ p: { values: { "50.0": 4 } } }, "p.values.50.0")).toBe(4);
  expect(valueAt({ "host.name": "a", host: { name: "b" } }, "host.name")).toBe("a");
  expect(valueAt({ "a.b": {}, a: { b: { c: 1 } } }, "a.b.c")).toBe(1);
});

test("a name where a list stands is that name of each element", () => {
  expect(valueAt({ a: [{ b: 1 }, {}, { b: 2 }] }, "a.b")).toEqual([1, null, 2]);
  expect(valueAt({ a: [{ b: 1 }] }, "a.c")).toBeUndefined();
});

test("a path that leads nowhere, or to what every object has, gives nothing", () => {
  for (const path of ["hits.hits.1._source", "aggregations.p.values.0", "hits.total.value.x", "constructor.name", "x"])
    expect(valueAt(ANSWER, path), path).toBeUndefined();
  expect(valueAt(undefined, "x")).toBeUndefined();
});

test("a value is found by its path, however its keys are cut at dots", () => {
  const name = fc.stringMatching(/^[a-z]{1,3}$/);
  fc.assert(
    fc.property(fc.array(fc.array(name, { minLength: 1 }), { minLength: 1, maxLength: 5 }), (keys) => {
      const tree = keys.reduceRight<unknown>((inner, key) => ({ [key.join(".")]: inner }), 1);
      expect(valueAt(tree, keys.flat().join("."))).toBe(1);
    }),
  );
});

test("rows are the list at a property, and none where nothing is", () => {
  expect(rowsOf(ANSWER, "hits.hits")).toHaveLength(1);
  expect(rowsOf({}, "aggregations.time.buckets")).toEqual([]);
  expect(rowsOf(ANSWER, "aggregations.p")).toEqual([]);
});

test("buckets by name are a row for each name, and one value is one row", () => {
  expect(rowsOf(ANSWER, "aggregations.by.buckets")).toEqual([
    { key: "late", doc_count: 1 },
    { key: "missed", doc_count: 2 },
  ]);
  expect(rowsOf(ANSWER, "hits.total")).toEqual([{ value: 3 }]);
});
