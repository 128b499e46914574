import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completeSpec, type PanelChain } from "../../src/panels/complete-spec.ts";
import { fillRequest } from "../../src/panels/fill-request.ts";
import type { Panel } from "../../src/panels/panel.ts";
import { loadShipped } from "../../src/panels/shipped.ts";
import { rowsOf, valueAt } from "../../src/panels/value-at.ts";
import { matchIndices } from "../../src/search/index-pattern.ts";
import type { SearchResponse } from "../../src/search/request.ts";
import { type FilledStores, fillStores } from "../engines/store/filled-stores.ts";
import { openRecording, RECORDINGS } from "../engines/store/recordings.ts";
import { panelDocuments, panelHostDocuments } from "../rigs/panel-documents.ts";
import { renderPanel } from "../rigs/render-panel.ts";

const { panels, dashboards } = loadShipped(fileURLToPath(new URL("../../panels", import.meta.url)));
const ALL = [...panels.values()];
const DRAWN = ALL.filter(({ view }) => view.kind === "vega-lite");

/** The demo's recording: a late block, a partition with a reorg, labelled validators, and servers that send. */
const [DEMO = ""] = RECORDINGS;
const SIZE = { width: 600, height: 280 };

let filled: FilledStores;
let chain: PanelChain;
const answers = new Map<string, SearchResponse>();

beforeAll(async () => {
  const recording = await openRecording(DEMO);
  filled = await fillStores(recording, [], {
    own: (slots) => panelDocuments({ ...recording, slots }),
    foreign: (slots) => panelHostDocuments({ ...recording, slots }),
  });
  const { slotDurationMs, genesisTimeS, slotsPerEpoch } = recording.chain;
  const { attestationMs, aggregateMs } = recording.chain.deadlinesOf(filled.slots.at(-1) ?? 0);
  chain = {
    slot_ms: slotDurationMs,
    genesis_ms: genesisTimeS * 1000,
    slots_per_epoch: slotsPerEpoch,
    attestation_due_ms: attestationMs,
    aggregate_due_ms: aggregateMs,
  };
  for (const panel of ALL) answers.set(panel.id, await answerOf(panel));
}, 120_000);
afterAll(() => filled?.close());

/** All of the recording. */
function timeOf() {
  return { fromMs: chain.genesis_ms, toMs: Math.ceil(filled.clock.nowUs() / 1000) + 1 };
}

function answerOf(panel: Panel): Promise<SearchResponse> {
  const { index, body } = fillRequest({ panel, time: timeOf(), network: filled.recording.chain.network });
  return filled.of("embedded").store.search(index, body);
}

describe.each(ALL.map((panel) => [panel.id, panel] as const))("the panel %s", (id, panel) => {
  test("finds what it shows in a recording", () => {
    const answer = answers.get(id);
    if (panel.view.kind === "metric") {
      expect(valueAt(answer, panel.view.value)).toEqual(expect.any(Number));
      if (panel.view.of !== undefined) expect(valueAt(answer, panel.view.of)).toBeGreaterThan(0);
      return;
    }
    const rows = rowsOf(answer, panel.view.property);
    expect(rows.length).toBeGreaterThan(0);
    if (panel.view.kind === "vega-lite") return;
    for (const { title, path } of panel.view.columns)
      expect(
        rows.some((row) => valueAt(row, path) !== undefined),
        title,
      ).toBe(true);
  });

  test("says in its description how to read it, and leads to pages that there are", () => {
    expect(panel.description).toMatch(/\.$/);
    for (const { to } of panel.links)
      expect(to).toMatch(/^\/(?:|blocks|latency|nodes|participation|reorgs|validators)$/);
  });
});

describe.each(DRAWN.map((panel) => [panel.id, panel] as const))("the chart %s", (id, panel) => {
  test.each(["light", "dark"] as const)("is drawn without a warning in %s", async (theme) => {
    const spec = completeSpec({ panel, answer: answers.get(id), chain, theme, time: timeOf(), size: SIZE });
    const { svg, warnings } = await renderPanel(spec);
    expect(warnings).toEqual([]);
    expect(marksOf(svg)).toBeGreaterThan(0);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test("has a title with the unit on each axis of numbers", () => {
    if (panel.view.kind !== "vega-lite") return;
    for (const { title } of quantitativeAxes(panel.view.spec)) expect(title).toMatch(/\S/);
  });

  test("names no colour by its digits", () => {
    expect(JSON.stringify(panel.view)).not.toMatch(/#[0-9a-f]{3,8}\b|rgb\(/i);
  });
});

/** Paths and texts of marks in an SVG, without those of axes and legends. */
function marksOf(svg: string): number {
  return [
    ...svg.matchAll(
      /class="mark-(?:line|area|rect|symbol|rule|text|tick|arc)[^"]*role-mark[^>]*>(<path|<text|<line|<g)/g,
    ),
  ].length;
}

/** The channels that make an axis of numbers. */
function quantitativeAxes(node: unknown): { title?: string }[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]) => {
    if (key !== "encoding") return quantitativeAxes(inner);
    const channels = Object.entries(inner as Record<string, { type?: string; title?: string; field?: string }>);
    // Further layers share the axis, and the title, of the first.
    return channels.flatMap(([name, channel]) =>
      (name === "x" || name === "y") && channel.type === "quantitative" && "title" in channel ? [channel] : [],
    );
  });
}

test("log lines are counted whichever sender's data stream has them, and never our own documents", () => {
  const keys = (id: string, path: string) => rowsOf(answers.get(id), path).map((row) => valueAt(row, "key"));
  expect(keys("log-errors", "aggregations.clients.buckets")).toEqual(expect.arrayContaining(["besu", "geth"]));
  expect(keys("log-error-classes", "aggregations.classes.buckets")).toContainEqual(["besu", "peers"]);
  const clients = rowsOf(answers.get("log-newest-errors"), "hits.hits").map((row) =>
    valueAt(row, "_source.service.type"),
  );
  expect(clients).toEqual(expect.arrayContaining(["besu", "erigon"]));
  for (const id of ["log-errors", "log-error-classes", "log-newest-errors"]) {
    const pattern = panels.get(id)?.request.index ?? "";
    const names = ["logs-ethereum.block-mainnet", "logs-rsyslog-default", "filebeat-9.1.0"];
    expect([...matchIndices(pattern, names)], id).toEqual(["filebeat-9.1.0", "logs-rsyslog-default"]);
  }
});

test("what Telegraf tells of single cores is no part of its servers' usage", () => {
  const rows = rowsOf(answers.get("telegraf-usage"), "aggregations.time.buckets");
  const numbers = (path: string) => rows.map((row) => valueAt(row, path)).filter((value) => typeof value === "number");
  expect(numbers("idle.value").length).toBeGreaterThan(0);
  for (const idle of numbers("idle.value")) expect(idle).toBeGreaterThanOrEqual(40);
  for (const waiting of numbers("iowait.value")) expect(waiting).toBeCloseTo(1.5, 9);
  for (const path of ["available.value", "load.value", "cores.value"])
    expect(numbers(path).length, path).toBeGreaterThan(0);
});

describe("the dashboards", () => {
  test("are the seven that are promised", () => {
    expect([...dashboards.keys()].sort()).toEqual([
      "blocks",
      "global-nodes",
      "local-node",
      "network-health",
      "participation",
      "pipeline",
      "servers",
    ]);
  });

  test.each([...dashboards.values()].map((one) => [one.id, one] as const))(
    "%s has no panels that overlap",
    (_, one) => {
      const taken = new Map<string, string>();
      for (const { panel, x, y, w, h } of one.grid) {
        for (let row = y; row < y + h; row += 1) {
          for (let column = x; column < x + w; column += 1) {
            expect(taken.get(`${column} ${row}`), panel).toBeUndefined();
            taken.set(`${column} ${row}`, panel);
          }
        }
      }
    },
  );

  test("show every shipped panel", () => {
    const shown = new Set([...dashboards.values()].flatMap(({ grid }) => grid.map(({ panel }) => panel)));
    expect([...panels.keys()].filter((id) => !shown.has(id))).toEqual([]);
  });

  test.each([...dashboards.values()].map((one) => [one.id, one] as const))(
    "%s has only variables that narrow several of its panels, or the network",
    (_, { variables, grid }) => {
      for (const variable of variables) {
        if (variable === "network") continue;
        const narrowed = grid.filter(({ panel }) => panels.get(panel)?.variables[variable] !== undefined);
        expect(narrowed.length, variable).toBeGreaterThan(1);
      }
    },
  );

  test("have no choice of what nearly all of their panels leave as it is", () => {
    expect(dashboards.get("network-health")?.variables).toEqual(["network"]);
    expect(dashboards.get("servers")?.variables).toEqual(["network", "node"]);
  });
});
