import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { shippedContent } from "../../../test/rigs/export-content.ts";
import { type Dashboard, panelSchema } from "../../panels/panel.ts";
import { grafanaFiles } from "./dashboards.ts";

type GrafanaDashboard = {
  uid: string;
  templating: { list: { name: string; datasource: { uid: string } }[] };
  panels: {
    gridPos: { x: number; y: number; w: number; h: number };
    datasource: { uid: string };
    targets: { refId: string; query?: string; expression?: string; datasource: { uid: string } }[];
  }[];
};

const { files, remarks, panels } = grafanaFiles(shippedContent(), "https://es:9200/$x");
const dashboards = files
  .filter(({ path }) => path.endsWith(".json"))
  .map(({ text }): GrafanaDashboard => JSON.parse(text));
const [sources] = files.filter(({ path }) => path.endsWith(".yaml")).map(({ text }) => parse(text));

test("the data sources are one for each index pattern, and every query names one of them", () => {
  expect(sources.apiVersion).toBe(1);
  const known = new Set<string>(sources.datasources.map(({ uid }: { uid: string }) => uid));
  expect(known.size).toBe(sources.datasources.length);
  for (const { type, url, jsonData } of sources.datasources) {
    expect(type).toBe("elasticsearch");
    expect(url).toBe("https://es:9200/$$x");
    expect(jsonData).toMatchObject({ timeField: "@timestamp", index: expect.not.stringMatching(/[{}]/) });
  }
  for (const { panels, templating } of dashboards) {
    for (const { datasource } of [...panels, ...templating.list]) expect(known).toContain(datasource.uid);
    for (const { datasource } of panels.flatMap(({ targets }) => targets))
      if (datasource.uid !== "__expr__") expect(known).toContain(datasource.uid);
  }
});

describe("the dashboards", () => {
  test("have ids of their own within Grafana's bound, and panels that do not overlap in 24 columns", () => {
    expect(dashboards).toHaveLength(7);
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(7);
    for (const { uid, panels } of dashboards) {
      expect(uid.length).toBeLessThanOrEqual(40);
      const taken = new Set<string>();
      for (const { gridPos } of panels) {
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        expect(Math.min(gridPos.w, gridPos.h)).toBeGreaterThan(1);
        for (let row = gridPos.y; row < gridPos.y + gridPos.h; row += 1)
          for (let column = gridPos.x; column < gridPos.x + gridPos.w; column += 1) {
            expect(taken.has(`${column} ${row}`), uid).toBe(false);
            taken.add(`${column} ${row}`);
          }
      }
    }
  });

  test("have each variable that a query asks for", () => {
    for (const { panels, templating } of dashboards) {
      const names = new Set(templating.list.map(({ name }) => name));
      const asked = panels.flatMap(({ targets }) => targets.map(({ query = "" }) => query));
      for (const [, name = ""] of asked.join(" ").matchAll(/\$\{(\w+):lucene\}/g)) expect(names).toContain(name);
    }
  });

  test("divide counts by an expression", () => {
    const share = dashboards.flatMap(({ panels }) => panels).find(({ targets }) => targets.length === 5);
    expect(share?.targets.map(({ refId, expression }) => [refId, expression])).toEqual([
      ["A", undefined],
      ["B", undefined],
      ["C", "A"],
      ["D", "B"],
      ["E", "$C / $D"],
    ]);
  });
});

describe("dashboards of one's own", () => {
  const [known] = shippedContent().dashboards;
  const mine = (id: string, panel: string) => ({
    ...(known as Dashboard),
    id,
    grid: [{ panel, x: 0, y: 0, w: 24, h: 10 }],
  });
  const exported = (own: readonly Dashboard[]) =>
    grafanaFiles(shippedContent({ dashboards: own, searches: [] }), "http://es:9200");

  test("with long ids that begin alike have ids of their own, the same each time", () => {
    const long = "a-rather-long-name-of-a-dashboard-of-";
    const own = [mine(`${long}one`, "base-fee"), mine(`${long}two`, "base-fee")];
    const uids = () =>
      exported(own).files.flatMap(({ path, text }) => (path.endsWith(".json") ? [JSON.parse(text).uid] : []));
    expect(new Set(uids()).size).toBe(2);
    for (const uid of uids()) expect(uid).toMatch(/^ethmon-testnet-a-rather-long-na-[0-9a-f]{8}$/);
    expect(uids()).toEqual(uids());
  });

  test("that name a panel that is gone say so", () => {
    const { remarks, files } = exported([mine("mine", "gone")]);
    expect(remarks).toContainEqual({ kind: "dashboard", id: "mine", reason: "its panel gone is no more." });
    expect(JSON.parse(files.find(({ path }) => path.endsWith("-mine.json"))?.text ?? "").panels).toEqual([]);
  });
});

test("what is left out is named with the reason, and so is what shows less than its chart", () => {
  const left = remarks.filter(({ reason }) => reason.endsWith("it is left out."));
  expect(left.map(({ id }) => id)).toEqual(["node-late-slots", "operations", "reorgs-against-spread", "late-on-one"]);
  const told = readFileSync(new URL("../../../docs/kibana.md", import.meta.url), "utf8");
  const [, listed = ""] = /Of those that are shipped these are:\s+(.*)\.\n/.exec(told) ?? [];
  expect(listed.split(", ")).toEqual(left.filter(({ kind }) => kind === "panel").map(({ id }) => `\`${id}\``));
  expect(panels).toBe(shippedContent().panels.length - 3);
  expect(remarks).toContainEqual({
    kind: "panel",
    id: "latency-matrix",
    reason: "the numbers of its request are shown, without what its chart computes from them.",
  });
});

test.each([
  [{ aggs: { a: { composite: { sources: [] } } } }, "aggregations.a.buckets", "no aggregation composite"],
  [
    { aggs: { a: { terms: { field: "x" }, aggs: { b: { top_hits: {} } } } } },
    "aggregations.a.buckets",
    "no metric top_hits",
  ],
  [{ aggs: {} }, "aggregations.a.buckets", "no aggregation a"],
  [{ size: 5 }, "hits.hits", "no chart of hits.hits"],
  [{ query: { script: {} } }, "hits.hits", "the query script"],
])("a panel of %j is left out", (body, property, words) => {
  const panel = panelSchema.parse({
    id: "odd",
    title: "Odd",
    description: "Odd.",
    request: { index: "a-*", body },
    view: { kind: "vega-lite", property, spec: { mark: "point" } },
  });
  const content = shippedContent({ panels: [panel], dashboards: [], searches: [] });
  expect(grafanaFiles(content, "http://es:9200").remarks).toEqual([
    { kind: "panel", id: "odd", reason: expect.stringContaining(words) },
  ]);
});
