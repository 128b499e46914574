import type { JsonObject } from "../../../src/events/foreign.ts";
import type { Panel } from "../../../src/panels/panel.ts";
import { exploreQuery } from "./explore-request.ts";
import type { ExploreState } from "./explore-state.ts";

/** How often the rule looks, and how far back: a little further, since what is told is found a moment later. */
const EVERY = "1m";
const LOOKS_BACK = "now-90s";
const TITLE_LETTERS = 80;

/** A rule in Watcher's form that acts when the search finds anything in the last minute. */
export function ruleOfSearch(input: { state: ExploreState; index: string; timeField: string | undefined }): JsonObject {
  const { state, index, timeField } = input;
  const filters = [
    exploreQuery(state),
    ...(timeField === undefined ? [] : [{ range: { [timeField]: { gte: LOOKS_BACK, lt: "now" } } }]),
  ];
  const said = state.queryString.trim();
  return ruleOf({
    title: (said === "" ? `Documents of ${index}` : said).slice(0, TITLE_LETTERS),
    description: `Documents of ${index} fit the search.`,
    indices: index.split(","),
    body: { size: 1, query: { bool: { filter: filters } }, track_total_hits: true },
    value: "hits.total",
    text: `{{ctx.payload.hits.total}} documents of ${index} fit the search.`,
  });
}

/** A rule over what a panel shows: its one number, or how many documents there are. */
export function ruleOfPanel({ panel, network }: { panel: Panel; network: string }): JsonObject {
  const { title, description, request, time_field: timeField, view } = panel;
  const index = request.index.replaceAll("{network}", network);
  const { query, ...others } = filled(request.body) as Readonly<Record<string, unknown>>;
  const filters = [
    ...(query === undefined ? [] : [query]),
    ...(timeField === undefined ? [] : [{ range: { [timeField]: { gte: LOOKS_BACK, lt: "now" } } }]),
  ];
  const value = view.kind === "metric" ? view.value.replace(/^hits\.total\.value$/, "hits.total") : "hits.total";
  return ruleOf({
    title,
    description,
    indices: index.split(","),
    body: { ...others, query: { bool: { filter: filters } }, track_total_hits: true },
    value,
    text: `It is {{ctx.payload.${value}}}.`,
  });
}

/** What Kibana's placeholders of a panel stand for in a rule, which has one span of time. */
function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== "object" || value === null) return value;
  const { "%autointerval%": interval, "%timefilter%": bound } = value as Readonly<Record<string, unknown>>;
  if (interval !== undefined) return EVERY;
  if (bound !== undefined)
    return bound === "min" ? LOOKS_BACK : bound === "max" ? "now" : { gte: LOOKS_BACK, lt: "now" };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]));
}

function ruleOf(rule: {
  title: string;
  description: string;
  indices: readonly string[];
  body: Readonly<Record<string, unknown>>;
  /** Path of the figure in the answer. */
  value: string;
  text: string;
}): JsonObject {
  const { title, description, indices, body, value, text } = rule;
  return {
    trigger: { schedule: { interval: EVERY } },
    input: { search: { request: { indices, body: body as never } } },
    condition: { compare: { [`ctx.payload.${value}`]: { gt: 0 } } },
    throttle_period: "10m",
    metadata: {
      name: title,
      description,
      alert: {
        scope: "monitor",
        severity: "warning",
        over_after: "2m",
        title,
        text,
        metric: { value: `payload.${value}`, title, unit: "" },
      },
    },
    actions: { log: { logging: { level: "warn", text } }, email: { email: {} } },
  };
}
