import { describe, expect, test } from "vitest";
import { renderPanel } from "../../test/rigs/render-panel.ts";
import { completeSpec, type PanelChain } from "./complete-spec.ts";
import type { Panel } from "./panel.ts";
import { valueAt } from "./value-at.ts";
import { PALETTES } from "./vega-config.ts";

const CHAIN: PanelChain = {
  slot_ms: 6000,
  genesis_ms: 1_795_371_212_000,
  slots_per_epoch: 8,
  attestation_due_ms: 2000,
  aggregate_due_ms: 4000,
};
const LINE = {
  mark: "line",
  encoding: {
    x: { field: "key", type: "temporal" },
    y: { field: "value", type: "quantitative", title: "delay (ms)" },
    color: { field: "node", type: "nominal", title: "node" },
  },
};
const ANSWER = { aggregations: { time: { buckets: [{ key: 1_795_371_212_000, value: 3, node: "n2" }] } } };

type Spec = Extract<Panel["view"], { kind: "vega-lite" }>["spec"];

function complete(spec: Spec, more: Partial<Parameters<typeof completeSpec>[0]> = {}) {
  const view = { kind: "vega-lite", property: "aggregations.time.buckets", spec } as const;
  const panel = { view, time_field: "@timestamp" };
  return completeSpec({ panel, answer: ANSWER, chain: CHAIN, theme: "light", time: undefined, ...more });
}

describe("a panel's specification", () => {
  test("has the answer's rows, and the chain and the colours as parameters", () => {
    const spec = complete(LINE, { theme: "dark" });
    expect(spec["data"]).toEqual({ name: "rows", values: ANSWER.aggregations.time.buckets });
    expect(spec["params"]).toContainEqual({ name: "attestation_due_ms", value: 2000 });
    expect(spec["params"]).toContainEqual({ name: "colour_late", value: "#e6a323" });
    expect(valueAt(spec, "config.axis.grid")).toBe(false);
    expect(spec["width"]).toBe("container");
  });

  test("has no rows where the answer has none", () => {
    expect(valueAt(complete(LINE, { answer: { hits: { hits: [] } } }), "data.values")).toEqual([]);
  });

  test("keeps parameters of its own", () => {
    expect(complete({ ...LINE, params: [{ name: "least", value: 3 }] })["params"]).toContainEqual({
      name: "least",
      value: 3,
    });
  });

  test("shows UTC and the slot below on its time axes, in layers too", () => {
    const plain = valueAt(complete(LINE), "encoding.x");
    const layered = valueAt(complete({ layer: [LINE] }), "layer.0.encoding.x");
    for (const x of [plain, layered]) {
      expect(x).toMatchObject({ title: "time (UTC), slot below", scale: { type: "utc" } });
      expect(valueAt(x, "axis.labelExpr")).toContain("slot_ms");
    }
    expect(valueAt(complete(LINE), "encoding.y")).toEqual(LINE.encoding.y);
  });

  test("leaves out the axis where the panel does, and keeps its own title", () => {
    const x = { field: "key", type: "temporal", title: "when", axis: null };
    expect(valueAt(complete({ ...LINE, encoding: { x } }), "encoding.x")).toMatchObject({ title: "when", axis: null });
  });

  test("shows all of the range that was asked for, from the beginning of the first bucket", () => {
    const time = { fromMs: 1_795_371_212_000, toMs: 1_795_457_612_000 };
    const fromMs = Math.floor(time.fromMs / 1_800_000) * 1_800_000;
    expect(valueAt(complete(LINE, { time }), "encoding.x.scale.domain")).toEqual([
      { expr: String(fromMs) },
      { expr: String(time.toMs) },
    ]);
  });

  test("shows the time of its rows where the range does not narrow it", () => {
    const time = { fromMs: 1_795_371_212_000, toMs: 1_795_457_612_000 };
    const view = { kind: "vega-lite", property: "aggregations.time.buckets", spec: LINE } as const;
    expect(valueAt(complete(LINE, { time, panel: { view } }), "encoding.x.scale")).toEqual({ type: "utc" });
  });

  test("writes slots and epochs without separators, on axes too", async () => {
    const answer = {
      aggregations: { time: { buckets: [12_345_600, 12_345_700].map((slot) => ({ slot, ms: 1500 })) } },
    };
    const encoding = {
      x: { field: "slot", type: "quantitative", scale: { zero: false } },
      y: { field: "ms", type: "quantitative", title: "delay (ms)" },
    };
    const { svg } = await renderPanel(
      complete({ mark: "point", encoding }, { answer, size: { width: 500, height: 200 } }),
    );
    const labels = [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text);
    expect(labels).toContain("12345600");
    expect(labels).toContain("1,000");
  });

  test("leaves even steps between the labels of an axis of numbers", async () => {
    const buckets = Array.from({ length: 20 }, (_, place) => ({ ms: 100 * place }));
    const encoding = { x: { field: "ms", type: "quantitative", title: "delay (ms)" } };
    for (const width of [260, 300, 340, 400, 460]) {
      const spec = complete(
        { mark: "point", encoding },
        { answer: { aggregations: { time: { buckets } } }, size: { width, height: 60 } },
      );
      const { svg } = await renderPanel(spec);
      const shown = [...svg.matchAll(/<text([^>]*)>([\d,]+)<\/text>/g)]
        .filter(([, attributes = ""]) => !/opacity="0"/.test(attributes))
        .map(([, , text = ""]) => Number(text.replace(",", "")));
      const steps = new Set(shown.slice(1).map((value, at) => value - (shown[at] ?? 0)));
      expect(shown.length).toBeGreaterThan(2);
      expect(steps.size, `${width}: ${shown.join(" ")}`).toBe(1);
    }
  });

  test("gives nodes that it shows the colours they have everywhere", () => {
    const colours = { n1: "#111111", n2: "#222222" };
    expect(valueAt(complete(LINE, { colours }), "encoding.color.scale")).toEqual({
      domain: { unionWith: ["n2"] },
      range: ["#222222", ...PALETTES.light.category],
    });
    expect(valueAt(complete(LINE), "encoding.color.scale")).toBeUndefined();
    const status = { ...LINE.encoding.color, title: "status" };
    expect(valueAt(complete({ ...LINE, encoding: { color: status } }, { colours }), "encoding.color")).toEqual(status);
  });

  test("draws names that nobody knows beside the known ones, in the colours that are left", async () => {
    const [own = "", next = "", third = ""] = PALETTES.light.category;
    const buckets = ["zeth", "n1", "geth"].flatMap((node) => [
      { key: 1_795_371_212_000, value: 3, node },
      { key: 1_795_371_312_000, value: 4, node },
    ]);
    const answer = { aggregations: { time: { buckets } } };
    const browserColour = `rgb(${[1, 3, 5].map((at) => Number.parseInt(own.slice(at, at + 2), 16)).join(", ")})`;
    const spec = complete(LINE, { answer, colours: { n1: browserColour }, size: { width: 200, height: 100 } });
    const { svg, warnings } = await renderPanel(spec);
    expect(warnings).toEqual([]);
    const lines = [...svg.matchAll(/aria-roledescription="line mark"[^>]*stroke="([^"]+)"/g)].map(
      ([, stroke]) => stroke,
    );
    expect(lines.sort()).toEqual([next, third, browserColour].sort());
  });

  test("is refused for a panel that is no chart", () => {
    const view = { kind: "metric", value: "hits.total.value", format: "integer" } as const;
    expect(() => complete(LINE, { panel: { view } })).toThrow(/metric/);
  });
});
