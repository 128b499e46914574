import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Content } from "../../src/export/content.ts";
import { grafanaPanel } from "../../src/export/grafana/panel.ts";
import { sourceOf } from "../../src/export/grafana/sources.ts";
import { exportObjects } from "../../src/export/kibana/export-objects.ts";
import type { SavedObject } from "../../src/export/kibana/saved-objects.ts";
import { TARGETS, type Target } from "../../src/export/kibana/target.ts";
import { valueAt } from "../../src/panels/value-at.ts";
import type { SearchResponse } from "../../src/search/request.ts";
import { DEMO_NETWORK, type FilledPanels, fillForPanels, shipped } from "../rigs/filled-panels.ts";
import { askedByGrafana, type GrafanaTarget, numbersShown } from "../rigs/grafana-search.ts";
import { askedByKibana, rowsForVega, withAnswer } from "../rigs/kibana-vega.ts";
import { type Rendered, renderPanel } from "../rigs/render-panel.ts";
import type { Engine } from "./engine.ts";
import { openOlderVega } from "./older-vega.ts";
import { startOpenSearch } from "./opensearch.ts";

const LIMIT_MS = 600_000;
const { panels, dashboards } = shipped;

let engine: Engine;
let rig: FilledPanels;
let older: (spec: object) => Promise<Rendered>;
let time: FilledPanels["time"];
const objects = new Map<Target, readonly SavedObject[]>();

beforeAll(async () => {
  engine = await startOpenSearch(AbortSignal.timeout(LIMIT_MS));
  older = await openOlderVega();
  rig = await fillForPanels([engine]);
  time = rig.time;
  const content: Content = {
    network: rig.network,
    panels: [...panels.values()],
    dashboards: [...dashboards.values()],
    searches: [],
  };
  for (const target of TARGETS) objects.set(target, exportObjects({ content, target, theme: "light" }).objects);
}, LIMIT_MS);
afterAll(async () => {
  await rig?.filled.close();
  await engine?.stop();
}, LIMIT_MS);

/** One of each family: the requests of the newer versions are the same. */
const FAMILIES = ["kibana-9", "opensearch-dashboards-3"] as const;

describe.each(FAMILIES)("of %s", (target) => {
  test.each([...panels.keys()])(
    "the panel %s finds rows in a real OpenSearch and is drawn from its answer, also by the oldest Vega",
    { timeout: LIMIT_MS },
    async (id) => {
      const spec = specOf(objectOf(target, `panel-${id}`));
      const keepsInterval = target.startsWith("opensearch");
      const { index, body } = askedByKibana({ spec, time, keepsInterval });
      const answer = await search(index, body);
      expect(rowsForVega(spec, answer).length).toBeGreaterThan(0);
      const sized = { ...withAnswer(spec, answer), width: 600, height: 280 };
      for (const render of [renderPanel, older]) {
        const { svg, warnings } = await render(structuredClone(sized));
        expect(warnings).toEqual([]);
        expect(svg).toMatch(/role-mark/);
        expect(svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
      }
    },
  );

  test("every saved search finds documents that have its columns", async () => {
    const searches = (objects.get(target) ?? []).filter(({ type }) => type === "search");
    expect(searches.length).toBeGreaterThan(0);
    for (const { id, attributes, references } of searches) {
      const { filter } = JSON.parse(String(valueAt(attributes, "kibanaSavedObjectMeta.searchSourceJSON")));
      const view = (objects.get(target) ?? []).find((one) => one.id === references[0]?.id);
      const clauses = filter.map(({ query }: { query: object }) => query);
      const sort = (attributes["sort"] as [string, string][]).map(([field, order]) => ({ [field]: order }));
      const found = await search(String(view?.attributes["title"]), { query: { bool: { filter: clauses } }, sort });
      expect(found.hits.hits.length, id).toBeGreaterThan(0);
      const columns = attributes["columns"] as string[];
      const fields = await fieldsOf(String(view?.attributes["title"]));
      for (const column of columns) expect(fields, id).toHaveProperty([column]);
    }
  });

  test("every data view has indices and its time field, and each field of a control can be listed", async () => {
    const all = objects.get(target) ?? [];
    for (const { attributes } of all.filter(({ type }) => type === "index-pattern")) {
      const fields = await fieldsOf(String(attributes["title"]));
      expect(fields, String(attributes["title"])).toHaveProperty([String(attributes["timeFieldName"])]);
    }
    const controls = all.flatMap(controlsOf);
    expect(controls.length).toBeGreaterThan(5);
    for (const { field, dataView } of controls) {
      const title = String(all.find(({ id }) => id === dataView)?.attributes["title"]);
      const { aggregations } = await search(title, { size: 0, aggs: { values: { terms: { field } } } });
      expect(valueAt(aggregations, "values.buckets.0.key"), `${title} ${field}`).toEqual(expect.any(String));
    }
  });
});

const GRAFANA = [...panels.values()].flatMap((panel) => {
  const index = panel.request.index.replaceAll("{network}", DEMO_NETWORK);
  const source = sourceOf({ network: DEMO_NETWORK, index, timeField: panel.time_field ?? "@timestamp" });
  const form = grafanaPanel({ panel, network: DEMO_NETWORK, source });
  return "unmapped" in form ? [] : [{ id: panel.id, index, targets: form["targets"] as unknown as GrafanaTarget[] }];
});

test.each(GRAFANA)("the panel $id of Grafana finds something in a real OpenSearch", async ({ index, targets }) => {
  for (const target of targets.filter(({ datasource }) => datasource.type === "elasticsearch")) {
    const answer = await search(index, askedByGrafana({ target, time, intervalMs: 10_000 }));
    expect(numbersShown(answer, target).length, target.refId).toBeGreaterThan(0);
  }
});

async function search(index: string, body: object): Promise<SearchResponse> {
  const url = `${engine.url}/${index}/_search?ignore_unavailable=true&track_total_hits=true`;
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await response.json();
  expect(response.status, JSON.stringify(answer).slice(0, 500)).toBe(200);
  return answer as SearchResponse;
}

async function fieldsOf(pattern: string): Promise<object> {
  const response = await fetch(`${engine.url}/${pattern}/_field_caps?fields=*`);
  expect(response.status, pattern).toBe(200);
  return ((await response.json()) as { fields: object }).fields;
}

function objectOf(target: Target, name: string): SavedObject {
  const found = (objects.get(target) ?? []).find(({ id }) => id.endsWith(`-${name}`));
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

function specOf({ attributes }: SavedObject): unknown {
  return JSON.parse(JSON.parse(String(attributes["visState"])).params.spec);
}

/** The controls of a dashboard in either form. */
function controlsOf({ type, attributes, references }: SavedObject): { field: string; dataView: string | undefined }[] {
  const refer = (name: string) => references.find((one) => one.name === name)?.id;
  const group = valueAt(attributes, "controlGroupInput.panelsJSON");
  if (type === "dashboard" && typeof group === "string") {
    const panels: Record<string, { explicitInput: { fieldName: string } }> = JSON.parse(group);
    return Object.entries(panels).map(([id, { explicitInput }]) => ({
      field: explicitInput.fieldName,
      dataView: refer(`controlGroup_${id}:optionsListDataView`),
    }));
  }
  const state = type === "visualization" ? JSON.parse(String(attributes["visState"])) : undefined;
  if (state?.type !== "input_control_vis") return [];
  return state.params.controls.map(({ fieldName, indexPatternRefName }: Record<string, string>) => ({
    field: fieldName,
    dataView: refer(indexPatternRefName ?? ""),
  }));
}
