import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { shippedContent } from "../../../test/rigs/export-content.ts";
import { type Panel, panelSchema } from "../../panels/panel.ts";
import { loadShipped } from "../../panels/shipped.ts";
import { exportObjects } from "./export-objects.ts";
import { unsayablePath } from "./unsayable-path.ts";

const METRIC = { kind: "metric", format: "number" };
const CHART = { kind: "vega-lite", spec: { mark: "point" } };
const panelOf = (body: unknown, view: unknown): Panel =>
  panelSchema.parse({ id: "odd", title: "Odd", description: "Odd.", request: { index: "a-*", body }, view });
const FILTERS = { aggs: { by: { filters: { filters: { late: { match_all: {} } } } } } };
const TERMS = { aggs: { by: { terms: { field: "x" }, aggs: { "a.b": { max: { field: "y" } } } } } };

test.each([
  [{ aggs: { p: { percentiles: { field: "x" } } } }, { ...METRIC, value: "aggregations.p.values.50.0" }, "percentiles"],
  [TERMS, { ...METRIC, value: "aggregations.by.buckets.0.a.b.value" }, "the name a.b has dots"],
  [TERMS, { ...METRIC, value: "aggregations.by.buckets.doc_count" }, "no place"],
  [{}, { ...METRIC, value: "hits.hits._source.x" }, "no place"],
  [{}, { ...METRIC, value: "hits.total.value", of: "hits.hits._source.x" }, "no place"],
  [FILTERS, { ...CHART, property: "aggregations.by.buckets" }, "buckets by name"],
  [
    { aggs: { by: { range: { field: "x", keyed: true, ranges: [{ to: 1 }] } } } },
    { ...METRIC, value: "aggregations.by.buckets.*-1.0.doc_count" },
    "dots in its name",
  ],
  [
    TERMS,
    {
      kind: "table",
      property: "aggregations.by.buckets",
      columns: [{ title: "A", path: "a.b.value", format: "number" }],
    },
    "the name a.b has dots",
  ],
])("a panel of %j is left out, and it is said why", (body, view, words) => {
  const content = shippedContent({ panels: [panelOf(body, view)], dashboards: [], searches: [] });
  const { objects, remarks } = exportObjects({ content, target: "kibana-9", theme: "light" });
  expect(remarks).toEqual([{ kind: "panel", id: "odd", reason: expect.stringContaining(words) }]);
  expect(objects).toEqual([]);
});

test.each([
  [FILTERS, { ...METRIC, value: "aggregations.by.buckets.late.doc_count" }],
  [TERMS, { ...METRIC, value: "aggregations.by.buckets.0.doc_count" }],
  [{}, { ...METRIC, value: "hits.hits.0._source.x.y" }],
])("a panel of %j says the same there", (body, view) => {
  expect(unsayablePath(panelOf(body, view))).toBeUndefined();
});

test("every shipped panel's paths can be said", () => {
  const { panels } = loadShipped(fileURLToPath(new URL("../../../panels", import.meta.url)));
  for (const panel of panels.values()) expect(unsayablePath(panel), panel.id).toBeUndefined();
});
