import type { Json } from "../events/document.ts";

/** What panels are shown on. */
export type Theme = "light" | "dark";

/** The tokens of meaning that a specification may name as `colour_…`; the same as in the pages' style sheet. */
export type PanelColours = {
  surface: string;
  text: string;
  muted: string;
  line: string;
  line_strong: string;
  accent: string;
  ok: string;
  late: string;
  missed: string;
  orphaned: string;
  pending: string;
};

type Palette = {
  colours: PanelColours;
  /** Eight that differ for colour-blind readers, too: nodes and clients. */
  category: readonly string[];
  /** From low to high percentiles, in one hue; each can be seen as a thin line. */
  ordinal: readonly string[];
  /** From little to much. */
  ramp: readonly string[];
  /** From below to above, the middle near the surface; text stands on each. */
  diverging: readonly string[];
};

export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    colours: {
      surface: "#ffffff",
      text: "#151a1d",
      muted: "#535e65",
      line: "#d9dfe1",
      line_strong: "#aab3b8",
      accent: "#0a62a8",
      ok: "#47957f",
      late: "#c57e00",
      missed: "#cb4a0b",
      orphaned: "#a1528d",
      pending: "#6d7a82",
    },
    category: ["#3858b8", "#0b7285", "#2a7a4b", "#756611", "#96407a", "#6247aa", "#7b5331", "#536069"],
    ordinal: ["#063c69", "#0a62a8", "#5b97c9"],
    ramp: ["#eaf2fa", "#93bfe2", "#4f93cc", "#0a62a8", "#063c69"],
    diverging: ["#6aa6d8", "#b7d5ee", "#f5f7f7", "#f6d08c", "#e09a3e"],
  },
  dark: {
    colours: {
      surface: "#13181c",
      text: "#e7ecee",
      muted: "#9aa7af",
      line: "#2a333a",
      line_strong: "#4a5761",
      accent: "#6bb6f2",
      ok: "#459b84",
      late: "#e6a323",
      missed: "#f8743f",
      orphaned: "#cd87b9",
      pending: "#6d7a82",
    },
    category: ["#93a9f5", "#5cc5d8", "#79cf9a", "#d3c25c", "#e59acb", "#b7a0f0", "#d6a77f", "#a9b6be"],
    ordinal: ["#c4e1fa", "#6bb6f2", "#3f7fb3"],
    ramp: ["#1b2a38", "#23496a", "#3777a8", "#6bb6f2", "#c4e1fa"],
    diverging: ["#2f6ea6", "#234d70", "#1b2227", "#5f431b", "#8a5a1c"],
  },
};

const SANS = '-apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, system-ui, sans-serif';

/** The configuration with which all panels are rendered: axis lines always, grid lines never. */
export function vegaConfig(theme: Theme): Readonly<Record<string, Json>> {
  const { colours, category, ordinal, ramp, diverging } = PALETTES[theme];
  const { text, muted, line_strong: line, accent, surface } = colours;
  return {
    font: SANS,
    background: "transparent",
    view: { stroke: null },
    axis: {
      grid: false,
      domain: true,
      domainColor: line,
      tickColor: line,
      tickSize: 4,
      labelColor: muted,
      titleColor: muted,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: "normal",
      labelOverlap: "greedy",
      labelSeparation: 10,
    },
    // Every second label, or every fourth: what is left out of them greedily leaves uneven steps.
    axisQuantitative: { labelOverlap: "parity" },
    axisTemporal: { labelOverlap: "parity" },
    legend: {
      orient: "top",
      direction: "horizontal",
      labelColor: text,
      titleColor: muted,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: "normal",
      symbolSize: 60,
      labelLimit: 240,
    },
    title: { color: text, fontSize: 13 },
    range: {
      category: [...category],
      ordinal: [...ordinal],
      ramp: [...ramp],
      heatmap: [...ramp],
      diverging: [...diverging],
    },
    mark: { color: accent },
    line: { strokeWidth: 1.75 },
    area: { opacity: 0.85 },
    bar: { discreteBandSize: { band: 0.8 } },
    text: { color: text, fontSize: 11 },
    rule: { color: muted },
    point: { filled: true, size: 36, stroke: surface, strokeWidth: 0.5 },
  };
}
