import { z } from "zod";
import { OWN_PATH, OWN_PATH_OR_URL } from "./own-path.ts";

/** What a dashboard can be narrowed to, beside the time range; `network` also stands in index patterns. */
export const VARIABLES = ["network", "node", "client", "group"] as const;
export type Variable = (typeof VARIABLES)[number];

/** In an index pattern: the network's name, or `*` where all are looked at. */
export const NETWORK_PLACEHOLDER = "{network}";

const id = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "An id is lower-case words joined by '-'.");
const json = z.record(z.string(), z.json());

/**
 * The body of a search, without what the dashboard adds: the time range and the variables become filters around
 * `query`. Kibana's own placeholders may stand in it: `{"%autointerval%": true | buckets}` for an interval,
 * `{"%timefilter%": true | "min" | "max"}` for a range or a bound.
 */
const request = z.strictObject({
  index: z.string().min(1).describe(`An index pattern; ${NETWORK_PLACEHOLDER} stands for the network.`),
  body: json.describe("Query DSL without time range and variables."),
});

/**
 * Vega-Lite whose only data are the answer's: `data` names the `property` of the answer with the rows
 * (`aggregations.slots.buckets`, `hits.hits`); width, height, config and the colours come from who renders it.
 * The parameters `slot_ms`, `genesis_ms`, `slots_per_epoch`, `attestation_due_ms` and `aggregate_due_ms` are given.
 */
const vegaLite = z.strictObject({
  kind: z.literal("vega-lite"),
  property: z.string().min(1),
  spec: json,
});

const FORMATS = [
  "number",
  "integer",
  "identifier",
  "percent",
  "ms",
  "seconds",
  "bytes",
  "per_second",
  "time",
  "root",
  "text",
] as const;

/** One number, taken from the answer by a path (`aggregations.late.doc_count`, `hits.total.value`). */
const metric = z.strictObject({
  kind: z.literal("metric"),
  value: z.string().min(1),
  /** The number is a share of this one, where it is given. */
  of: z.string().min(1).optional(),
  format: z.enum(FORMATS),
  unit: z.string().optional(),
  /** What is said beside it, to compare with. */
  baseline: z.string().optional(),
  /** From here on it is a warning, or a problem; `below` where small is bad. */
  thresholds: z.strictObject({ warning: z.number(), problem: z.number(), below: z.boolean().optional() }).optional(),
});

/** A row for each element of `property`; a column's value is taken by its path in the row. */
const table = z.strictObject({
  kind: z.literal("table"),
  property: z.string().min(1),
  columns: z
    .array(
      z.strictObject({
        title: z.string().min(1),
        path: z.string().min(1),
        format: z.enum(FORMATS),
        /** Where the value leads: a path of ours with the value at `{value}`, `/slot/{value}`. */
        link: z.string().regex(OWN_PATH, "A link of a column is a path of ours.").optional(),
      }),
    )
    .min(1),
});

export const panelSchema = z.strictObject({
  id,
  title: z.string().min(1).max(120),
  description: z.string().min(1).max(600).describe("How to read it, one sentence or two."),
  /** By which the time range filters; without it the panel shows what is newest, whatever the range. */
  time_field: z.string().min(1).optional(),
  request,
  /** Which field of the index a variable narrows; a variable that is not here does not touch the panel. */
  variables: z.partialRecord(z.enum(VARIABLES), z.string().min(1)).default({}),
  view: z.discriminatedUnion("kind", [vegaLite, metric, table]),
  links: z
    .array(
      z.strictObject({
        title: z.string().min(1),
        to: z.string().regex(OWN_PATH_OR_URL, "A link is a path of ours, or begins with https://."),
      }),
    )
    .default([]),
});

/** Columns of the grid, as in Kibana; a row is some 20 pixels high. */
export const GRID_COLUMNS = 48;

const place = z
  .strictObject({
    panel: id,
    x: z
      .int()
      .min(0)
      .max(GRID_COLUMNS - 1),
    y: z.int().min(0),
    w: z.int().min(4).max(GRID_COLUMNS),
    h: z.int().min(3).max(60),
  })
  .refine(({ x, w }) => x + w <= GRID_COLUMNS, "A panel must end within the grid's 48 columns.");

/** `now`, `now-24h`, `now-1d/d`, or a moment in ISO 8601. */
const moment = z
  .string()
  .regex(
    /^(now([-+]\d+[smhdwMy])*(\/[smhdwMy])?|\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/,
    "A moment is now-24h, or 2026-11-28T10:00:00Z.",
  );

export const dashboardSchema = z.strictObject({
  id,
  title: z.string().min(1).max(120),
  description: z.string().min(1).max(600),
  variables: z.array(z.enum(VARIABLES)).default([]),
  time: z.strictObject({ from: moment, to: moment }).default({ from: "now-24h", to: "now" }),
  /** Seconds between two refreshes; 0 is none. */
  refresh_s: z.int().min(0).max(86_400).default(60),
  grid: z.array(place).max(60),
});

export type Panel = z.infer<typeof panelSchema>;
export type PanelView = Panel["view"];
export type ValueFormat = (typeof FORMATS)[number];
export type Dashboard = z.infer<typeof dashboardSchema>;
export type TimeRange = { from: string; to: string };
/** What is chosen for each variable; without a value all of them are shown. */
export type Chosen = Partial<Record<Variable, readonly string[]>>;
