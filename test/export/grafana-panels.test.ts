import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GrafanaPanel, grafanaPanel } from "../../src/export/grafana/panel.ts";
import { sourceOf } from "../../src/export/grafana/sources.ts";
import { fillRequest } from "../../src/panels/fill-request.ts";
import type { Panel } from "../../src/panels/panel.ts";
import { rowsOf, valueAt } from "../../src/panels/value-at.ts";
import type { SearchRequest } from "../../src/search/request.ts";
import { DEMO_NETWORK, type FilledPanels, fillForPanels, shipped } from "../rigs/filled-panels.ts";
import { askedByGrafana, type GrafanaTarget, numbersShown } from "../rigs/grafana-search.ts";

const formOf = (panel: Panel) => {
  const index = panel.request.index.replaceAll("{network}", DEMO_NETWORK);
  const source = sourceOf({ network: DEMO_NETWORK, index, timeField: panel.time_field ?? "@timestamp" });
  const form = grafanaPanel({ panel, network: DEMO_NETWORK, source });
  return { index, form };
};
const MAPPED = [...shipped.panels.values()].flatMap((panel) => {
  const { index, form } = formOf(panel);
  return "unmapped" in form ? [] : [{ id: panel.id, panel, index, form: form as GrafanaPanel }];
});

let rig: FilledPanels;
let time: FilledPanels["time"];
beforeAll(async () => {
  rig = await fillForPanels();
  expect(rig.network.name).toBe(DEMO_NETWORK);
  // Grafana's range ends with its last millisecond.
  time = { ...rig.time, toMs: rig.time.toMs - 1 };
}, 120_000);
afterAll(() => rig?.filled.close());

const search = (index: string, body: unknown) => rig.filled.of("embedded").store.search(index, body as SearchRequest);
const targetsOf = (form: GrafanaPanel) =>
  (form["targets"] as unknown as GrafanaTarget[]).filter(({ datasource }) => datasource.type === "elasticsearch");

test("nearly all panels have a form in Grafana", () => {
  expect(MAPPED.length).toBeGreaterThan(80);
});

test.each(MAPPED)("the panel $id asks in Grafana for what there is", async ({ panel, form, index }) => {
  for (const target of targetsOf(form)) {
    const answer = await search(index, askedByGrafana({ target, time, intervalMs: 10_000 }));
    const numbers = numbersShown(answer, target);
    expect(numbers.length, target.refId).toBeGreaterThan(0);
    // A metric may be 0, and so may what a filter counts: then it is 0 here, too.
    const isCount = target.metrics[0]?.type === "count";
    const isFiltered = target.bucketAggs.some(({ type }) => type === "filters");
    if (isCount && isFiltered) expect(sum(numbers)).toBe(await filteredHere(panel, index));
    else if (isCount && panel.view.kind !== "metric") expect(sum(numbers)).toBeGreaterThan(0);
  }
});

/** How many documents all filters of a panel's aggregations count, or all there are where it has none. */
async function filteredHere(panel: Panel, index: string): Promise<number> {
  const { body } = fillRequest({ panel, time: rig.time, network: DEMO_NETWORK });
  const answer = await search(index, body);
  if (panel.view.kind === "metric") return Number(valueAt(answer, panel.view.value));
  const rows = rowsOf(answer, panel.view.property);
  const counts = rows.flatMap((row) => Object.values(row as object).map((inner) => valueAt(inner, "doc_count")));
  return sum(counts.filter((count) => typeof count === "number"));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe("a number is the same in Grafana", () => {
  const numbers = MAPPED.filter(({ panel }) => panel.view.kind === "metric");
  test.each(numbers)("$id", async ({ panel, form, index }) => {
    if (panel.view.kind !== "metric") return;
    const { body } = fillRequest({ panel, time: rig.time, network: DEMO_NETWORK });
    const own = await search(index, body);
    const expected = [panel.view.value, ...(panel.view.of === undefined ? [] : [panel.view.of])];
    const targets = targetsOf(form);
    expect(targets).toHaveLength(expected.length);
    for (const [at, target] of targets.entries()) {
      const answer = await search(index, askedByGrafana({ target, time, intervalMs: 10_000 }));
      const path = expected[at] ?? "";
      const shown = sum(numbersShown(answer, target));
      if (target.metrics[0]?.type === "raw_data") expect(valueAt(answer, path)).toBe(valueAt(own, path));
      else expect(shown).toBeCloseTo(Number(valueAt(own, path)), 6);
    }
  });
});

test("documents of a table are the same in Grafana, and a chosen node narrows them", async () => {
  const panel = shipped.panels.get("gaps-newest") as Panel;
  const { form, index } = formOf(panel);
  const [target] = targetsOf(form as GrafanaPanel) as [GrafanaTarget];
  const { body } = fillRequest({ panel, time: rig.time, network: DEMO_NETWORK });
  const own = rowsOf(await search(index, body), "hits.hits").map((row) => valueAt(row, "_id"));
  const rows = async (chosen: Record<string, string>) =>
    rowsOf(await search(index, askedByGrafana({ target, time, intervalMs: 10_000, chosen })), "hits.hits");
  expect((await rows({})).map((row) => valueAt(row, "_id")).sort()).toEqual([...own].sort());
  const [node = ""] = rig.filled.recording.nodes;
  const narrowed = await rows({ node: `"${node}"` });
  expect(narrowed.length).toBeGreaterThan(0);
  expect(narrowed.length).toBeLessThan(own.length);
  for (const row of narrowed) expect(valueAt(row, "_source.observer.name")).toBe(node);
});
