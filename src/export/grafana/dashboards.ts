import { createHash } from "node:crypto";
import type { Json } from "../../events/document.ts";
import { type Dashboard, type Panel, VARIABLES, type Variable } from "../../panels/panel.ts";
import type { Content, Remark } from "../content.ts";
import { luceneOf } from "./lucene.ts";
import { isUnmapped } from "./lucene-words.ts";
import { type GrafanaPanel, grafanaPanel, isComputed } from "./panel.ts";
import { type Source, sourceOf, sourcesFile } from "./sources.ts";

/** A file below Grafana's `provisioning`, and what has no form there. */
export type GrafanaFiles = {
  files: readonly { path: string; text: string }[];
  /** Panels that are there. */
  panels: number;
  remarks: readonly Remark[];
};

type Found = { panel: Panel; source: Source };

const SCHEMA_VERSION = 39;
const MAX_UID_LENGTH = 40;
const LABELS: Readonly<Record<Variable, string>> = {
  network: "Network",
  node: "Node",
  client: "Client",
  group: "Validator group",
};

const PLAIN_NUMBERS = "the numbers of its request are shown, without what its chart computes from them.";

/** The data sources and a file for each dashboard; panels that Grafana's data source has no form for are left out. */
export function grafanaFiles({ network, panels, dashboards, searches }: Content, elasticUrl: string): GrafanaFiles {
  const found = new Map<string, Found>();
  const remarks: Remark[] = [];
  for (const panel of panels) {
    const index = panel.request.index.replaceAll("{network}", network.name);
    const source = sourceOf({ network: network.name, index, timeField: panel.time_field ?? "@timestamp" });
    const form = grafanaPanel({ panel, network: network.name, source });
    if (isUnmapped(form)) remarks.push({ kind: "panel", id: panel.id, reason: `${form.unmapped}; it is left out.` });
    else {
      found.set(panel.id, { panel, source });
      if (isComputed(panel.view)) remarks.push({ kind: "panel", id: panel.id, reason: PLAIN_NUMBERS });
    }
  }
  const known = new Set(panels.map(({ id }) => id));
  for (const { id, grid } of dashboards)
    for (const { panel } of grid)
      if (!known.has(panel)) remarks.push({ kind: "dashboard", id, reason: `its panel ${panel} is no more.` });
  for (const { id } of searches)
    remarks.push({ kind: "search", id, reason: "Grafana keeps no searches; it is left out." });
  const sources = new Map([...found.values()].map(({ source }) => [source.uid, source]));
  return {
    files: [
      {
        path: `datasources/ethmon-${network.name}.yaml`,
        text: sourcesFile([...sources.values()], elasticUrl),
      },
      ...dashboards.map((dashboard) => ({
        path: `dashboards/ethmon-${network.name}-${dashboard.id}.json`,
        text: `${JSON.stringify(dashboardOf({ dashboard, network: network.name, found }), null, 2)}\n`,
      })),
    ],
    panels: found.size,
    remarks,
  };
}

function dashboardOf(input: { dashboard: Dashboard; network: string; found: ReadonlyMap<string, Found> }): Json {
  const { dashboard, network, found } = input;
  const { id, title, description, time, refresh_s: refreshS, grid, variables } = dashboard;
  const shown = grid.flatMap((place) => {
    const one = found.get(place.panel);
    const form = one === undefined ? undefined : formIn(variables, { ...one, network });
    return one === undefined || form === undefined ? [] : [{ ...place, ...one, form }];
  });
  return {
    uid: uidOf(`ethmon-${network}-${id}`),
    title: `Ethereum ${network}: ${title}`,
    description,
    tags: ["ethmon", network],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    timezone: "utc",
    time: { from: time.from, to: time.to },
    refresh: refreshS === 0 ? "" : refreshS % 60 === 0 ? `${refreshS / 60}m` : `${refreshS}s`,
    templating: { list: variables.flatMap((variable) => variableOf(variable, shown) ?? []) },
    panels: shown.map(({ form, x, y, w, h }, at) => ({ id: at + 1, gridPos: place({ x, y, w, h }), ...form })),
  };
}

/** Grafana's ids have at most 40 characters: of a longer one the rest is told by its digest. */
function uidOf(id: string): string {
  if (id.length <= MAX_UID_LENGTH) return id;
  const digest = createHash("sha256").update(id).digest("hex").slice(0, 8);
  return `${id.slice(0, MAX_UID_LENGTH - 1 - digest.length)}-${digest}`;
}

/** A panel is narrowed by what its dashboard lets be chosen, and by the network. */
function formIn(
  variables: readonly Variable[],
  { panel, network, source }: Found & { network: string },
): GrafanaPanel | undefined {
  const chosen = Object.entries(panel.variables).filter(
    ([name]) => name === "network" || variables.some((variable) => variable === name),
  );
  const form = grafanaPanel({ panel: { ...panel, variables: Object.fromEntries(chosen) }, network, source });
  return isUnmapped(form) ? undefined : form;
}

/** Half the columns; a row is nearly twice as high. Both ends are rounded alike, so that nothing overlaps. */
function place(grid: { x: number; y: number; w: number; h: number }): Json {
  const across = (column: number) => Math.round(column / 2);
  const down = (row: number) => Math.round(row * 0.6);
  const [x, y] = [across(grid.x), down(grid.y)];
  return { x, y, w: across(grid.x + grid.w) - x, h: down(grid.y + grid.h) - y };
}

/** A choice of the values of the first panel's field; each panel is narrowed by its own. */
function variableOf(variable: Variable, shown: readonly Found[]): Json | undefined {
  if (variable === "network" || !VARIABLES.includes(variable)) return undefined;
  const first = shown.find(({ panel }) => panel.variables[variable] !== undefined);
  const field = first?.panel.variables[variable];
  if (first === undefined || field === undefined) return undefined;
  // Within what the panel shows: one field may hold clients, groups and more.
  const own = luceneOf(first.panel.request.body["query"] ?? { match_all: {} });
  const query = JSON.stringify({ find: "terms", field, size: 200, ...(isUnmapped(own) ? {} : { query: own }) });
  return {
    type: "query",
    name: variable,
    label: LABELS[variable],
    datasource: { type: "elasticsearch", uid: first.source.uid },
    definition: query,
    query,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: "*",
    current: { selected: true, text: ["All"], value: ["$__all"] },
    options: [],
  };
}
