import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExportedNetwork } from "../../src/export/content.ts";
import { kibanaSpec } from "../../src/export/kibana/vega-spec.ts";
import type { Panel } from "../../src/panels/panel.ts";
import { loadShipped } from "../../src/panels/shipped.ts";
import type { SearchRequest } from "../../src/search/request.ts";
import { type FilledStores, fillStores } from "../engines/store/filled-stores.ts";
import { openRecording, RECORDINGS } from "../engines/store/recordings.ts";
import { askedByKibana, rowsForVega, withAnswer } from "../rigs/kibana-vega.ts";
import { panelDocuments, panelHostDocuments } from "../rigs/panel-documents.ts";
import { renderPanel } from "../rigs/render-panel.ts";

const { panels } = loadShipped(fileURLToPath(new URL("../../panels", import.meta.url)));
const ALL = [...panels.values()];
const [DEMO = ""] = RECORDINGS;

let filled: FilledStores;
let network: ExportedNetwork;
beforeAll(async () => {
  const recording = await openRecording(DEMO);
  filled = await fillStores(recording, [], {
    own: (slots) => panelDocuments({ ...recording, slots }),
    foreign: (slots) => panelHostDocuments({ ...recording, slots }),
  });
  const { slotDurationMs, genesisTimeS, slotsPerEpoch } = recording.chain;
  const { attestationMs, aggregateMs } = recording.chain.deadlinesOf(filled.slots.at(-1) ?? 0);
  network = {
    name: recording.chain.network,
    chain: {
      slot_ms: slotDurationMs,
      genesis_ms: genesisTimeS * 1000,
      slots_per_epoch: slotsPerEpoch,
      attestation_due_ms: attestationMs,
      aggregate_due_ms: aggregateMs,
    },
  };
}, 120_000);
afterAll(() => filled?.close());

async function answered(panel: Panel, follows: boolean) {
  const spec = JSON.parse(JSON.stringify(kibanaSpec({ panel, network, follows, theme: "light" })));
  const time = { fromMs: network.chain.genesis_ms, toMs: Math.ceil(filled.clock.nowUs() / 1000) + 1 };
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
      if (process.env["ETHMON_KEEP_SVG"] !== undefined) {
        const { writeFileSync } = await import("node:fs");
        writeFileSync(`${process.env["ETHMON_KEEP_SVG"]}/${panel.id}.svg`, svg);
        writeFileSync(`${process.env["ETHMON_KEEP_SVG"]}/${panel.id}.json`, JSON.stringify(sized));
      }
    },
  );
});

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, text = ""]) => text).filter((text) => text !== "–");
}
