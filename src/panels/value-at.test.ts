import { expect, test } from "vitest";
import { rowsOf, valueAt } from "./value-at.ts";

const ANSWER = {
  hits: { total: { value: 3 }, hits: [{ _source: { ethereum: { slot: 7 } } }] },
  aggregations: { p: null },
};

test("a path leads through names and places in lists", () => {
  expect(valueAt(ANSWER, "hits.total.value")).toBe(3);
  expect(valueAt(ANSWER, "hits.hits.0._source.ethereum.slot")).toBe(7);
});

test("a path that leads nowhere, or to what every object has, gives nothing", () => {
  for (const path of ["hits.hits.1._source", "aggregations.p.values.0", "hits.total.value.x", "constructor.name", "x"])
    expect(valueAt(ANSWER, path), path).toBeUndefined();
  expect(valueAt(undefined, "x")).toBeUndefined();
});

test("rows are the list at a property, and none where there is no list", () => {
  expect(rowsOf(ANSWER, "hits.hits")).toHaveLength(1);
  expect(rowsOf(ANSWER, "hits.total")).toEqual([]);
  expect(rowsOf({}, "aggregations.time.buckets")).toEqual([]);
});
