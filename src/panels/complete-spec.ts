import type { Json } from "../events/document.ts";
import type { PanelChain } from "./chain-parameters.ts";
import type { Panel } from "./panel.ts";
import { autoIntervalMs, type ResolvedTime, USUAL_BUCKETS } from "./round-spans.ts";
import { rowsOf } from "./value-at.ts";
import { PALETTES, type Theme, vegaConfig } from "./vega-config.ts";

export type { PanelChain };

type Spec = { readonly [part: string]: Json };

type Input = {
  panel: Pick<Panel, "view" | "time_field">;
  /** Elasticsearch's answer to the panel's request. */
  answer: unknown;
  chain: PanelChain;
  theme: Theme;
  /** The range that was asked for: time axes of a panel with a time field show all of it. */
  time: ResolvedTime | undefined;
  /** Colours of nodes and clients by name; other names have the palette's colours that are left. */
  colours?: Readonly<Record<string, string>>;
  /** Pixels; without it the chart fills its element. */
  size?: { width: number; height: number };
};

/** Encodings by these titles have the colours of `colours`. */
const NAMED_COLOURS = ["node", "client"];

/** A field or a title that is one slot or epoch, not a number of them. */
const COUNTED = /(?:^|[._ ])(?:slot|epoch)$/;

const TIME_TITLE = "time (UTC), slot below";
/** By the unit that a tick stands on; 24 hours, and never seconds without their minute. */
const TIME_FORMAT = {
  year: "%Y",
  quarter: "%b %Y",
  month: "%b %Y",
  week: "%d %b",
  date: "%d %b",
  hours: "%H:%M",
  minutes: "%H:%M",
  seconds: "%H:%M:%S",
  milliseconds: "%H:%M:%S.%L",
};
const SLOT_BELOW =
  "datum.value < genesis_ms ? datum.label : [datum.label, format(floor((datum.value - genesis_ms) / slot_ms), 'd')]";

/**
 * The whole Vega-Lite specification of a panel: its own with the answer's rows, the parameters of the chain and the
 * colours, the configuration, and the slot below each time. Pure; whoever renders it brings Vega.
 */
export function completeSpec({ panel, answer, chain, theme, time, colours = {}, size }: Input): Spec {
  const { view } = panel;
  if (view.kind !== "vega-lite") throw new TypeError(`A panel of the kind ${view.kind} has no specification.`);
  const rows = rowsOf(answer, view.property);
  const shown = Object.entries(colours).filter(([name]) => mentions(rows, name));
  const adapting = {
    colours: shown,
    left: coloursLeft(
      shown.map(([, colour]) => colour),
      theme,
    ),
    time: panel.time_field === undefined ? undefined : time,
  };
  const { params = [], ...spec } = view.spec as Spec;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(size ?? { width: "container", height: "container" }),
    autosize: { type: "fit", contains: "padding" },
    ...(adapted(spec, adapting) as Spec),
    data: { name: "rows", values: rows },
    params: [...chainParams(chain), ...colourParams(theme), ...(params as readonly Json[])],
    config: vegaConfig(theme),
  };
}

/** The parameters by which a specification knows slots and deadlines. */
export function chainParams(chain: PanelChain): Json[] {
  const { slot_ms, genesis_ms, slots_per_epoch, attestation_due_ms, aggregate_due_ms } = chain;
  const values = { slot_ms, genesis_ms, slots_per_epoch, attestation_due_ms, aggregate_due_ms };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** The parameters by which a specification names colours of meaning: `colour_late`, `colour_muted`… */
export function colourParams(theme: Theme): Json[] {
  return Object.entries(PALETTES[theme].colours).map(([name, value]) => ({ name: `colour_${name}`, value }));
}

/** A specification with UTC and slots on its time axes, as Kibana's export needs it, too. */
export function withSlotAxes(spec: Spec): Spec {
  return adapted(spec, { colours: [], left: [], time: undefined }) as Spec;
}

type Adapting = {
  colours: readonly (readonly [string, string])[];
  left: readonly string[];
  time: ResolvedTime | undefined;
};

function adapted(node: Json, to: Adapting): Json {
  if (isList(node)) return node.map((inner) => adapted(inner, to));
  if (!isTree(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, inner]) => {
      if (key !== "encoding" || !isTree(inner)) return [key, adapted(inner, to)];
      const channels = Object.entries(inner).map(([name, channel]) => [name, channelOf(name, channel, to)]);
      return [key, Object.fromEntries(channels)];
    }),
  );
}

function channelOf(name: string, channel: Json, { colours, left, time }: Adapting): Json {
  if (!isTree(channel)) return channel;
  if ((name === "x" || name === "y") && channel["type"] === "temporal") return timeChannel(channel, time);
  if ((name === "x" || name === "y") && channel["type"] === "quantitative") return numberChannel(channel);
  const isNamed = name === "color" && NAMED_COLOURS.includes(String(channel["title"])) && !("scale" in channel);
  if (!isNamed || colours.length === 0) return channel;
  // Unsorted, so that names that nobody knows follow the known ones, in the answer's order, as the colours do.
  return {
    ...channel,
    sort: null,
    scale: {
      domain: { unionWith: colours.map(([one]) => one) },
      range: [...colours.map(([, colour]) => colour), ...left],
    },
  };
}

/** The places of the palette that none of these colours has; all of them where none is left. */
function coloursLeft(taken: readonly string[], theme: Theme): readonly string[] {
  const { category } = PALETTES[theme];
  const hexes = new Set(taken.map(hexOf));
  const left = category.filter((colour) => !hexes.has(colour));
  return left.length > 0 ? left : category;
}

/** A browser tells colours as `rgb(56, 88, 184)`. */
function hexOf(colour: string): string {
  const parts = /^rgb\((\d+), ?(\d+), ?(\d+)\)$/.exec(colour)?.slice(1) ?? [];
  if (parts.length === 0) return colour.toLowerCase();
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}

function timeChannel(channel: Spec, time: ResolvedTime | undefined): Json {
  const { scale, axis, title = TIME_TITLE, ...rest } = channel;
  const ownAxis = isTree(axis) ? axis : {};
  return {
    ...rest,
    title,
    scale: {
      type: "utc",
      ...(time === undefined ? {} : { domain: wholeBuckets(time) }),
      ...(isTree(scale) ? scale : {}),
    },
    axis: axis === null ? null : { format: TIME_FORMAT, labelExpr: SLOT_BELOW, ...ownAxis },
  };
}

/** Slots and epochs are names: they have no separators of thousands. */
function numberChannel(channel: Spec): Json {
  const { axis, field, title } = channel;
  const isCount = [field, title].some((name) => typeof name === "string" && COUNTED.test(name));
  if (!isCount || axis === null) return channel;
  return { ...channel, axis: { format: "d", tickMinStep: 1, ...(isTree(axis) ? axis : {}) } };
}

/** The first bucket of a histogram begins before the range does. */
function wholeBuckets(time: ResolvedTime): Json {
  const intervalMs = autoIntervalMs(time, USUAL_BUCKETS);
  const fromMs = Math.floor(time.fromMs / intervalMs) * intervalMs;
  // Plain numbers would be taken for years.
  return [{ expr: String(fromMs) }, { expr: String(time.toMs) }];
}

/** Whether a name stands anywhere in the rows as a value. */
function mentions(node: Json, name: string): boolean {
  if (typeof node !== "object" || node === null) return node === name;
  return Object.values(node).some((inner) => mentions(inner as Json, name));
}

function isTree(value: Json | undefined): value is Spec {
  return typeof value === "object" && value !== null && !isList(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
