import { describe, expect, test } from "vitest";
import { shippedContent } from "../../../test/rigs/export-content.ts";
import { withAnswer } from "../../../test/rigs/kibana-vega.ts";
import { renderPanel } from "../../../test/rigs/render-panel.ts";
import { type Panel, panelSchema } from "../../panels/panel.ts";
import { PALETTES } from "../../panels/vega-config.ts";
import { kibanaSpec } from "./vega-spec.ts";

const { network } = shippedContent();
const { colours } = PALETTES.light;

async function drawn(view: object, answer: object): Promise<string> {
  const panel: Panel = panelSchema.parse({
    id: "one",
    title: "One",
    description: "One.",
    request: { index: "a-*", body: {} },
    view,
  });
  const spec = kibanaSpec({ panel, network, follows: true, theme: "light" });
  const { svg, warnings } = await renderPanel({ ...withAnswer(spec, answer), width: 900, height: 120 });
  expect(warnings).toEqual([]);
  return svg;
}
const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = ""]) => text);

describe("a number", () => {
  const view = { kind: "metric", value: "aggregations.late.doc_count", of: "hits.total.value", format: "percent" };
  const answer = (late: number, total: number) => ({
    hits: { total: { value: total } },
    aggregations: { late: { doc_count: late } },
  });

  test("is a share with its baseline, in the colour of its threshold", async () => {
    const judged = { ...view, baseline: "usual: below 1 %", thresholds: { warning: 0.02, problem: 0.1 } };
    const good = await drawn(judged, answer(1, 100));
    expect(textsOf(good)).toEqual(["1%", "usual: below 1 %"]);
    expect(good).toContain(colours.text);
    expect(await drawn(judged, answer(5, 100))).toContain(colours.late);
    expect(await drawn(judged, answer(50, 100))).toContain(colours.missed);
  });

  test("of which small is bad has the colours the other way round", async () => {
    const judged = { ...view, thresholds: { warning: 0.9, problem: 0.5, below: true } };
    expect(await drawn(judged, answer(95, 100))).not.toContain(colours.late);
    expect(await drawn(judged, answer(80, 100))).toContain(colours.late);
    expect(await drawn(judged, answer(20, 100))).toContain(colours.missed);
  });

  test.each([
    ["of nothing", { hits: { total: { value: 0 } }, aggregations: { late: { doc_count: 0 } } }],
    ["that is not in the answer", { hits: { total: { value: 3 } } }],
    ["of an empty answer", {}],
  ])("%s is a dash", async (_, empty) => {
    expect(textsOf(await drawn(view, empty))).toEqual(["–"]);
  });

  test("with a total that is an object, as engines have it, is the same", async () => {
    const spec = { kind: "metric", value: "hits.total.value", format: "integer" };
    expect(textsOf(await drawn(spec, { hits: { total: 12_345 } }))).toEqual(["12,345"]);
    expect(textsOf(await drawn(spec, { hits: { total: { value: 12_345 } } }))).toEqual(["12,345"]);
  });
});

describe("a table", () => {
  const column = (path: string, format = "text") => ({ title: path, path: `_source.${path}`, format });
  const rows = (...sources: object[]) => ({ hits: { hits: sources.map((_source) => ({ _source })) } });

  test("finds a field by its whole name in a document that holds it so", async () => {
    const view = { kind: "table", property: "hits.hits", columns: [column("host.name")] };
    const texts = textsOf(await drawn(view, rows({ "host.name": "flat" }, { host: { name: "nested" } }, {})));
    expect(texts.sort()).toEqual(["flat", "host.name", "nested", "–"]);
  });

  test("says each value in its format, and a dash for what is not there", async () => {
    const columns = [column("@timestamp", "time"), column("slot", "identifier"), column("a.b"), column("list")];
    const view = { kind: "table", property: "hits.hits", columns };
    const answer = rows(
      { "@timestamp": "2026-11-28T10:00:00.5Z", slot: 13_000_000, a: { b: "x" }, list: ["n1", "n2"] },
      { slot: 0 },
    );
    const texts = textsOf(await drawn(view, answer));
    for (const text of ["2026-11-28 10:00:00", "13000000", "x", "n1, n2", "0"]) expect(texts).toContain(text);
    expect(texts.filter((text) => text === "–")).toHaveLength(3);
  });

  test("draws what others wrote as text, however long", async () => {
    const view = { kind: "table", property: "hits.hits", columns: [column("message")] };
    const bad = ["<script>alert(1)</script>", "\u001b[31mred", "x".repeat(1_000_000), "'); alert(1); ('"];
    const svg = await drawn(view, rows(...bad.map((message) => ({ message }))));
    expect(svg).not.toContain("<script>");
    expect(svg.length).toBeLessThan(50_000);
  });

  test("draws no more rows than its height holds", async () => {
    const view = { kind: "table", property: "hits.hits", columns: [column("n", "integer")] };
    const many = rows(...Array.from({ length: 500 }, (_, n) => ({ n })));
    expect(textsOf(await drawn(view, many)).length).toBeLessThan(10);
  });

  test("without rows has its titles alone", async () => {
    const view = { kind: "table", property: "hits.hits", columns: [column("n", "integer")] };
    expect(textsOf(await drawn(view, rows()))).toEqual(["n"]);
  });

  test("whose title holds quotes is drawn", async () => {
    const view = { kind: "table", property: "hits.hits", columns: [{ ...column("n"), title: 'it\'s \\ "one"' }] };
    expect(textsOf(await drawn(view, rows()))).toHaveLength(1);
  });
});
