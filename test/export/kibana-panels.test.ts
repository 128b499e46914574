import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kibanaSpec } from "../../src/export/kibana/vega-spec.ts";
import type { Panel } from "../../src/panels/panel.ts";
import type { SearchRequest } from "../../src/search/request.ts";
import { type FilledPanels, fillForPanels, shipped } from "../rigs/filled-panels.ts";
import { askedByKibana, rowsForVega, withAnswer } from "../rigs/kibana-vega.ts";
import { renderPanel } from "../rigs/render-panel.ts";

const ALL = [...shipped.panels.values()];

let rig: FilledPanels;
beforeAll(async () => {
  rig = await fillForPanels();
}, 120_000);
afterAll(() => rig?.filled.close());

async function answered(panel: Panel, follows: boolean) {
  const { filled, network, time } = rig;
  const spec = JSON.parse(JSON.stringify(kibanaSpec({ panel, network, follows, theme: "light" })));
  const { index, body } = askedByKibana({ spec, time });
  const answer = await filled.of("embedded").store.search(index, body as SearchRequest);
  return { spec, answer };
}

describe.each(ALL.map((panel) => [panel.id, panel] as const))("the panel %s as Kibana has it", (_, panel) => {
  test.each([true, false])(
    "finds rows and is drawn without a warning, following the dashboard: %s",
    async (follows) => {
      const { spec, answer } = await answered(panel, follows);
      expect(rowsForVega(spec, answer).length).toBeGreaterThan(0);
      const sized = { ...withAnswer(spec, answer), width: 600, height: 280 };
      const { svg, warnings } = await renderPanel(sized);
      expect(warnings).toEqual([]);
      expect(svg).toMatch(/class="mark-(?:line|area|rect|symbol|rule|text|tick|arc)[^"]*role-mark/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
      if (panel.view.kind !== "vega-lite") expect(textsOf(svg).length).toBeGreaterThan(0);
    },
  );
});

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, text = ""]) => text).filter((text) => text !== "–");
}
