import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { renderPanel } from "../../test/rigs/render-panel.ts";
import { completeSpec } from "./complete-spec.ts";
import { panelSchema } from "./panel.ts";
import { PALETTES, type Theme } from "./vega-config.ts";

const CSS = readFileSync(new URL("../../web/src/styles/tokens.css", import.meta.url), "utf8");

const MATRIX = new URL("../../panels/latency-matrix.json", import.meta.url);

/** What a token of the style sheet is in a theme. */
function token(name: string, theme: Theme): string {
  const value = new RegExp(`--${name}: ([^;]+);`).exec(CSS)?.[1] ?? "";
  const [, light = value, dark = value] = /light-dark\((.+), (.+)\)$/.exec(value) ?? [];
  const chosen = theme === "light" ? light : dark;
  const scale = /^var\(--(.+)\)$/.exec(chosen)?.[1];
  return scale === undefined ? chosen : token(scale, theme);
}

/** Relative luminance and contrast, by WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe.each(["light", "dark"] as const)("the palette in %s", (theme) => {
  const { colours, category, ordinal, diverging } = PALETTES[theme];

  test("is that of the pages", () => {
    for (const [name, colour] of Object.entries(colours))
      expect(colour, name).toBe(token(name.replaceAll("_", "-"), theme));
    expect(category).toEqual(category.map((_, place) => token(`client-${place}`, theme)));
  });

  test("has series that can be seen, and texts that can be read, on the surface", () => {
    for (const colour of [...category, ...ordinal]) expect(contrast(colour, colours.surface)).toBeGreaterThanOrEqual(3);
    for (const colour of [colours.text, colours.muted])
      expect(contrast(colour, colours.surface)).toBeGreaterThanOrEqual(4.5);
  });

  test("has a diverging scale on all of which the text can be read", () => {
    for (const colour of diverging) expect(contrast(colour, colours.text)).toBeGreaterThanOrEqual(4.5);
  });

  test("writes on the cells of the latency matrix so that it can be read, later orange and earlier blue", async () => {
    const panel = panelSchema.parse(JSON.parse(readFileSync(MATRIX, "utf8")));
    const buckets = [-140, -90, -40, -5, 0, 5, 40, 90, 140].map((ms, at) => ({
      key: ["a", `b${at}`],
      doc_count: 1,
      ...{ median: { value: ms }, p90: { value: 1 }, blocks: { value: 1 } },
    }));
    const chain = { slot_ms: 1, genesis_ms: 0, slots_per_epoch: 1, attestation_due_ms: 1, aggregate_due_ms: 1 };
    const answer = { aggregations: { pairs: { buckets } } };
    const size = { width: 900, height: 900 };
    const { svg } = await renderPanel(completeSpec({ panel, answer, chain, theme, time: undefined, size }));
    const cells = [...svg.matchAll(/role-mark[^>]*layer_0_marks.*?<\/g>/gs)].flatMap(([group]) =>
      [...group.matchAll(/fill="rgb\((\d+), (\d+), (\d+)\)"/g)].map(([, ...parts]) => parts.map(Number)),
    );
    expect(cells.length).toBe(2 * buckets.length);
    for (const [r = 0, g = 0, b = 0] of cells) {
      const hex = `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
      expect(contrast(hex, colours.text), hex).toBeGreaterThanOrEqual(4.5);
      // Never green, as between blue and orange around the circle of hues.
      expect(g - Math.max(r, b), hex).toBeLessThanOrEqual(4);
    }
  });
});
