import type { Json } from "../events/document.ts";
import { Fault } from "../lib/fault.ts";
import type { AggregationsBody, QueryBody, SearchRequest } from "../search/request.ts";
import { type Chosen, NETWORK_PLACEHOLDER, type Panel, VARIABLES } from "./panel.ts";
import { autoInterval, type ResolvedTime, USUAL_BUCKETS } from "./round-spans.ts";

export type FilledRequest = { index: string; body: SearchRequest };

type Filling = {
  panel: Pick<Panel, "id" | "request" | "time_field" | "variables">;
  time: ResolvedTime;
  chosen?: Chosen;
  /** The network that is looked at; without one all of them are. */
  network?: string | undefined;
};

const INTERVAL = "%autointerval%";
const BOUNDS = "%timefilter%";

/**
 * The request that a panel makes for a time range and what is chosen: its own query within a filter by time and by each
 * variable that the panel maps to a field, and Kibana's placeholders filled. Throws `panel_placeholder`.
 */
export function fillRequest({ panel, time: asked, chosen = {}, network }: Filling): FilledRequest {
  // A cluster takes no fraction of a millisecond.
  const time = { fromMs: Math.floor(asked.fromMs), toMs: Math.ceil(asked.toMs) };
  const index = panel.request.index.replaceAll(NETWORK_PLACEHOLDER, network ?? "*");
  const { query, ...rest } = fill(panel.request.body, { time, panel: panel.id }) as { [part: string]: Json };
  const filters = [
    ...(query === undefined ? [] : [query as QueryBody]),
    ...timeFilter(panel, time),
    ...variableFilters(panel, network === undefined ? chosen : { ...chosen, network: [network] }),
  ];
  const body = rest as SearchRequest & { aggs?: AggregationsBody };
  return { index, body: filters.length === 0 ? body : { query: { bool: { filter: filters } }, ...body } };
}

function timeFilter({ time_field: field }: Filling["panel"], { fromMs, toMs }: ResolvedTime): QueryBody[] {
  return field === undefined ? [] : [{ range: { [field]: { gte: fromMs, lt: toMs, format: "epoch_millis" } } }];
}

function variableFilters({ variables }: Filling["panel"], chosen: Chosen): QueryBody[] {
  return VARIABLES.flatMap((variable) => {
    const field = variables[variable];
    const values = chosen[variable] ?? [];
    return field === undefined || values.length === 0 ? [] : [{ terms: { [field]: [...values] } }];
  });
}

function fill(value: unknown, within: { time: ResolvedTime; panel: string }): Json {
  if (Array.isArray(value)) return value.map((element) => fill(element, within));
  if (typeof value !== "object" || value === null) return value as Json;
  const entries = Object.entries(value);
  const [name, setting] = entries[0] ?? [];
  if (entries.length === 1 && (name === INTERVAL || name === BOUNDS)) return placeholder(name, setting, within);
  if (INTERVAL in value || BOUNDS in value)
    throw unfilled(
      within.panel,
      "a placeholder stands alone in its object; Kibana's shift and unit are not known here",
    );
  return Object.fromEntries(entries.map(([key, inner]) => [key, fill(inner, within)]));
}

function placeholder(name: string, setting: unknown, { time, panel }: { time: ResolvedTime; panel: string }): Json {
  if (name === INTERVAL) {
    const buckets = setting === true ? USUAL_BUCKETS : setting;
    if (typeof buckets === "number" && buckets >= 1) return autoInterval(time, buckets);
    throw unfilled(panel, `${INTERVAL} is true or a number of buckets`);
  }
  if (setting === "min") return time.fromMs;
  if (setting === "max") return time.toMs;
  if (setting === true) return { gte: time.fromMs, lt: time.toMs, format: "epoch_millis" };
  throw unfilled(panel, `${BOUNDS} is true, "min" or "max"`);
}

function unfilled(panel: string, what: string): Fault {
  return new Fault("panel_placeholder", `The request of panel '${panel}' cannot be filled: ${what}.`);
}
