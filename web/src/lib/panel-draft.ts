import { type Panel, VARIABLES, type Variable } from "../../../src/panels/panel.ts";
import { type Problem, type Read, readJson } from "./json-problems.ts";
import { checkPanel } from "./panel-check.ts";

/** A panel as it is being written: what is JSON is text, since it is not always valid. */
export type PanelDraft = {
  id: string;
  title: string;
  description: string;
  timeField: string;
  index: string;
  body: string;
  view: string;
  variables: Readonly<Record<Variable, string>>;
  links: string;
};

export function draftOf(panel: Panel): PanelDraft {
  return {
    id: panel.id,
    title: panel.title,
    description: panel.description,
    timeField: panel.time_field ?? "",
    index: panel.request.index,
    body: JSON.stringify(panel.request.body, null, 2),
    view: JSON.stringify(panel.view, null, 2),
    variables: Object.fromEntries(
      VARIABLES.map((name) => [name, panel.variables[name] ?? ""]),
    ) as PanelDraft["variables"],
    links: JSON.stringify(panel.links, null, 2),
  };
}

/** The panel that a draft makes, or all that is wrong with it. */
export function panelOfDraft(draft: PanelDraft): Read<Panel> {
  const parts = { body: readJson(draft.body), view: readJson(draft.view), links: readJson(draft.links) };
  const unread: Problem[] = [...at("request.body", parts.body), ...at("view", parts.view), ...at("links", parts.links)];
  if (unread.length > 0) return { problems: unread };
  const checked = checkPanel({
    id: draft.id,
    title: draft.title,
    description: draft.description,
    ...(draft.timeField === "" ? {} : { time_field: draft.timeField }),
    request: { index: draft.index, body: parts.body.value },
    variables: Object.fromEntries(Object.entries(draft.variables).filter(([, field]) => field !== "")),
    view: parts.view.value,
    links: parts.links.value,
  });
  if (draft.id !== "new") return checked;
  return { problems: [...(checked.problems ?? []), { path: "id", sentence: "'new' is taken: choose another id." }] };
}

function at(path: string, read: Read<unknown>): Problem[] {
  return (read.problems ?? []).map(({ sentence }) => ({ path, sentence }));
}

/** What a view of each kind begins with. */
export const VIEW_TEMPLATES: Readonly<Record<Panel["view"]["kind"], Panel["view"]>> = {
  "vega-lite": {
    kind: "vega-lite",
    property: "aggregations.over_time.buckets",
    spec: {
      mark: { type: "line", tooltip: true },
      encoding: {
        x: { field: "key", type: "temporal" },
        y: { field: "doc_count", type: "quantitative", title: "documents" },
      },
    },
  },
  metric: { kind: "metric", value: "hits.total.value", format: "integer", unit: "documents" },
  table: {
    kind: "table",
    property: "hits.hits",
    columns: [{ title: "Time", path: "_source.@timestamp", format: "time" }],
  },
};

/** What a new panel begins with. */
export const NEW_PANEL: Panel = {
  id: "",
  title: "",
  description: "",
  time_field: "@timestamp",
  request: {
    index: "ethmon-slot-{network}",
    body: {
      size: 0,
      track_total_hits: true,
      aggs: {
        over_time: { date_histogram: { field: "@timestamp", fixed_interval: { "%autointerval%": true } } },
      },
    },
  },
  variables: {},
  view: VIEW_TEMPLATES["vega-lite"],
  links: [],
};
