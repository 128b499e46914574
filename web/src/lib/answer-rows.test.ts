import { expect, test } from "vitest";
import { answerRows, columnsOf } from "./answer-rows.ts";

test("buckets within buckets become a row for each of the inner ones", () => {
  const answer = {
    aggregations: {
      slots: {
        buckets: [
          {
            key: 1000,
            key_as_string: "1970-01-01T00:00:01.000Z",
            doc_count: 3,
            late: { value: 0.5 },
            nodes: {
              doc_count_error_upper_bound: 0,
              sum_other_doc_count: 0,
              buckets: [
                { key: "n1", doc_count: 2, delay: { values: { "50.0": 120 } } },
                { key: "n2", doc_count: 1, delay: { values: { "50.0": null } } },
              ],
            },
          },
        ],
      },
    },
  };
  const rows = answerRows(answer, "aggregations.slots.buckets");
  expect(rows).toEqual([
    {
      key: 1000,
      doc_count: 3,
      "late.value": 0.5,
      "nodes.key": "n1",
      "nodes.doc_count": 2,
      "nodes.delay.values.50.0": 120,
    },
    {
      key: 1000,
      doc_count: 3,
      "late.value": 0.5,
      "nodes.key": "n2",
      "nodes.doc_count": 1,
      "nodes.delay.values.50.0": null,
    },
  ]);
  expect(columnsOf(rows)[0]).toBe("key");
});

test("percentiles are a column each, and a list of one object is that object", () => {
  const bucket = {
    key: 1,
    doc_count: 2,
    delay: {
      values: [
        { key: 50, value: 12 },
        { key: 99, value: 40 },
      ],
    },
    newest: { top: [{ sort: [1], metrics: { lag: 3 } }] },
  };
  const [row] = answerRows({ aggregations: { a: { buckets: [bucket] } } }, "aggregations.a.buckets");
  expect(row).toMatchObject({ "delay.values.50": 12, "delay.values.99": 40, "newest.top.metrics.lag": 3 });
});

test("a hit is its document, with dotted names either way", () => {
  const hits = [{ _index: "i", _id: "1", _source: { ethereum: { slot: 7 }, "host.name": "a" } }];
  expect(answerRows({ hits: { hits } }, "hits.hits")).toEqual([{ "ethereum.slot": 7, "host.name": "a" }]);
});

test("keyed buckets are a row for each key, and nothing is no row", () => {
  const answer = { aggregations: { by: { buckets: { late: { doc_count: 1 }, missed: { doc_count: 2 } } } } };
  expect(answerRows(answer, "aggregations.by.buckets")).toEqual([
    { key: "late", doc_count: 1 },
    { key: "missed", doc_count: 2 },
  ]);
  expect(answerRows(answer, "aggregations.none.buckets")).toEqual([]);
});
