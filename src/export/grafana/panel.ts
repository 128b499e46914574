import type { Json } from "../../events/document.ts";
import type { Panel, PanelView, ValueFormat } from "../../panels/panel.ts";
import { both, luceneOf } from "./lucene.ts";
import { fieldName, isUnmapped, type Unmapped } from "./lucene-words.ts";
import { COUNT, type GrafanaQuery, metricOf, queriesOf } from "./query.ts";
import type { Source } from "./sources.ts";

/** The part of a panel of Grafana that does not depend on its place. */
export type GrafanaPanel = { readonly [part: string]: Json };
type Tree = { readonly [part: string]: Json };

type Input = { panel: Panel; network: string; source: Source };
type Shape = { type: string; options?: Tree; transformations?: readonly Json[]; hasMath?: true };
type Mapped = { queries: readonly GrafanaQuery[]; shape: Shape };

/** Documents of these stand in the order of time by these fields, too. */
const ALONG_TIME = ["@timestamp", "ethereum.slot", "ethereum.epoch"];
const ONE_BUCKET = { id: "10", type: "filters", settings: { filters: [{ label: "all", query: "*:*" }] } } as const;
const OVER_TIME = {
  id: "10",
  type: "date_histogram",
  settings: { interval: "auto", min_doc_count: "0", trimEdges: "0" },
} as const;
const EXPRESSION = { type: "__expr__", uid: "__expr__" };

const UNITS: Readonly<Partial<Record<ValueFormat, string>>> = {
  percent: "percentunit",
  ms: "ms",
  seconds: "s",
  bytes: "bytes",
  per_second: "reqps",
  time: "dateTimeAsIso",
};

/** A panel as one of Grafana over its data source Elasticsearch, or why there is none. */
export function grafanaPanel({ panel, network, source }: Input): GrafanaPanel | Unmapped {
  const query = ownQuery(panel, network);
  if (isUnmapped(query)) return query;
  const mapped = mappedOf(panel);
  if (isUnmapped(mapped)) return mapped;
  const { queries, shape } = mapped;
  const datasource = { type: "elasticsearch", uid: source.uid };
  const targets: Json[] = queries.map(({ metrics, bucketAggs, filter }, at) => ({
    refId: refId(at),
    datasource,
    query: both(query, filter),
    timeField: source.timeField,
    metrics: metrics as unknown as Json,
    bucketAggs: bucketAggs.map((one) =>
      one.type === "date_histogram" ? { ...one, field: one.field ?? source.timeField } : one,
    ) as unknown as Json,
    ...(shape.hasMath ? { hide: true } : {}),
  }));
  return {
    title: panel.title,
    description: panel.description,
    type: shape.type,
    datasource,
    targets: shape.hasMath ? [...targets, ...quotient()] : targets,
    fieldConfig: fieldConfig(panel.view),
    options: shape.options ?? {},
    ...(shape.transformations === undefined ? {} : { transformations: shape.transformations }),
  };
}

/** Its query, its network, and what is chosen: a variable narrows a panel by the panel's own field. */
function ownQuery({ request, variables }: Panel, network: string): string | Unmapped {
  const own = request.body["query"];
  const text = own === undefined ? undefined : luceneOf(own);
  if (isUnmapped(text)) return text;
  const chosen = Object.entries(variables).map(([variable, field]) =>
    variable === "network" ? `${fieldName(field)}:"${network}"` : `${fieldName(field)}:\${${variable}:lucene}`,
  );
  return both(text, ...chosen);
}

function mappedOf(panel: Panel): Mapped | Unmapped {
  const { view, request } = panel;
  switch (view.kind) {
    case "metric":
      return metricPanel(view, request.body as Tree);
    case "table":
      return view.property === "hits.hits"
        ? documents(view, request.body as Tree)
        : buckets(view.property, request.body as Tree, "table");
    case "vega-lite":
      return buckets(view.property, request.body as Tree, "barchart");
  }
}

function buckets(property: string, body: Tree, flat: "table" | "barchart"): Mapped | Unmapped {
  const [, name] = /^aggregations\.([^.]+)\.buckets$/.exec(property) ?? [];
  if (name === undefined) return { unmapped: `Grafana has no chart of ${property}` };
  const queries = queriesOf(body["aggs"] ?? body["aggregations"], name);
  if (isUnmapped(queries)) return queries;
  const levels = queries[0]?.bucketAggs ?? [];
  if (levels.at(-1)?.type === "date_histogram") return { queries, shape: { type: "timeseries" } };
  // A bar has one name: of several, and of numbers, there is a table.
  const isBars = flat === "barchart" && levels.length === 1 && levels[0]?.type === "terms";
  return { queries, shape: isBars ? { type: "barchart", options: { xTickLabelSpacing: 0 } } : { type: "table" } };
}

type MetricView = Extract<PanelView, { kind: "metric" }>;

function metricPanel(view: MetricView, body: Tree): Mapped | Unmapped {
  if (view.of !== undefined) return sharePanel(view, view.of, body);
  const [, field] = /^hits\.hits\.0\._source\.(.+)$/.exec(view.value) ?? [];
  if (field !== undefined) {
    if (!isNewestFirst(body)) return { unmapped: "Grafana has documents in the order of time alone" };
    const queries = [{ metrics: [{ id: "1", type: "raw_data", settings: { size: "1" } }], bucketAggs: [] }];
    return { queries, shape: { type: "stat", options: stat(`/^${field.replaceAll(".", "\\.")}$/`) } };
  }
  const query = numberOf(view.value, body);
  if (isUnmapped(query)) return query;
  return { queries: [{ ...query, bucketAggs: [ONE_BUCKET] }], shape: { type: "stat", options: stat("") } };
}

/** Both numbers are counted over time, added up, and divided. */
function sharePanel(view: MetricView, of: string, body: Tree): Mapped | Unmapped {
  const parts = [numberOf(view.value, body), numberOf(of, body)];
  const queries: GrafanaQuery[] = [];
  for (const part of parts) {
    if (isUnmapped(part)) return part;
    if (part.metrics[0]?.type !== "count") return { unmapped: "Grafana adds up counts alone" };
    queries.push({ ...part, bucketAggs: [OVER_TIME] });
  }
  return { queries, shape: { type: "stat", options: stat(""), hasMath: true } };
}

/** The query that has the number of a path in each of its buckets. */
function numberOf(path: string, body: Tree): { metrics: GrafanaQuery["metrics"]; filter?: string } | Unmapped {
  if (path === "hits.total.value") return { metrics: [COUNT] };
  const [, name = "", what] = /^aggregations\.([^.]+)\.(doc_count|value|values\.0\.value)$/.exec(path) ?? [];
  const aggregation = (body["aggs"] as Tree | undefined)?.[name] as Tree | undefined;
  if (aggregation === undefined) return { unmapped: `Grafana has no number at ${path}` };
  if (what === "doc_count") {
    const { filter } = aggregation;
    if (filter === undefined) return { unmapped: `Grafana has no number at ${path}` };
    const text = luceneOf(filter);
    return isUnmapped(text) ? text : { metrics: [COUNT], filter: text };
  }
  const metric = metricOf("1", aggregation, new Map());
  return isUnmapped(metric) ? metric : { metrics: [metric] };
}

function documents(view: Extract<PanelView, { kind: "table" }>, body: Tree): Mapped | Unmapped {
  if (!isNewestFirst(body)) return { unmapped: "Grafana has documents in the order of time alone" };
  const size = String(body["size"] ?? 10);
  const columns = view.columns.map(({ title, path }) => [path.replace(/^_source\./, ""), title] as const);
  return {
    queries: [{ metrics: [{ id: "1", type: "raw_data", settings: { size } }], bucketAggs: [] }],
    shape: {
      type: "table",
      transformations: [
        { id: "filterFieldsByName", options: { include: { names: columns.map(([name]) => name) } } },
        {
          id: "organize",
          options: {
            indexByName: Object.fromEntries(columns.map(([name], at) => [name, at])),
            renameByName: Object.fromEntries(columns),
          },
        },
      ],
    },
  };
}

function isNewestFirst(body: Tree): boolean {
  const sort = body["sort"];
  const first = (Array.isArray(sort) ? sort[0] : sort) as Record<string, { order?: string } | string> | undefined;
  const [field = "", how] = Object.entries(first ?? {})[0] ?? [];
  return ALONG_TIME.includes(field) && (typeof how === "string" ? how : how?.order) === "desc";
}

function quotient(): Json[] {
  const expression = (id: string, rest: Tree): Json => ({ refId: id, datasource: EXPRESSION, ...rest });
  return [
    expression("C", { type: "reduce", expression: "A", reducer: "sum", hide: true }),
    expression("D", { type: "reduce", expression: "B", reducer: "sum", hide: true }),
    expression("E", { type: "math", expression: "$C / $D" }),
  ];
}

function stat(fields: string): Tree {
  return { reduceOptions: { values: false, calcs: ["lastNotNull"], fields }, colorMode: "value", graphMode: "none" };
}

function fieldConfig(view: PanelView): Tree {
  if (view.kind !== "metric") {
    // The title of what is computed would stand beside other numbers.
    const label = view.kind === "vega-lite" && !isComputed(view) ? yTitle(view.spec as Json) : undefined;
    return { defaults: label === undefined ? {} : { custom: { axisLabel: label } }, overrides: [] };
  }
  const { thresholds, format } = view;
  const unit = UNITS[format];
  return {
    defaults: {
      ...(unit === undefined ? {} : { unit }),
      ...(thresholds === undefined ? {} : { thresholds: { mode: "absolute", steps: steps(thresholds) } }),
    },
    overrides: [],
  };
}

/** Grafana's steps begin at their value: where small is bad, the bad ones come first. */
function steps({ warning, problem, below = false }: NonNullable<MetricView["thresholds"]>): Json[] {
  return below
    ? [
        { value: null, color: "red" },
        { value: problem, color: "orange" },
        { value: warning, color: "text" },
      ]
    : [
        { value: null, color: "text" },
        { value: warning, color: "orange" },
        { value: problem, color: "red" },
      ];
}

/** Whether a chart shows what it computes from the answer's numbers: a share, a difference. */
export function isComputed(view: PanelView): boolean {
  return (
    view.kind === "vega-lite" && [...expressionsIn(view.spec as Json)].some((one) => /[/*]|(?:^|[^\w'"])-/.test(one))
  );
}

function* expressionsIn(node: Json): Generator<string> {
  if (typeof node !== "object" || node === null) return;
  for (const [key, inner] of Object.entries(node)) {
    if (key === "calculate" && typeof inner === "string") yield inner;
    else yield* expressionsIn(inner as Json);
  }
}

/** The title, with its unit, of the first axis of numbers. */
function yTitle(node: Json): string | undefined {
  if (typeof node !== "object" || node === null) return undefined;
  for (const [key, inner] of Object.entries(node)) {
    const y = key === "encoding" ? (inner as { y?: { title?: Json } }).y?.title : undefined;
    const found = typeof y === "string" ? y : yTitle(inner as Json);
    if (found !== undefined) return found;
  }
  return undefined;
}

function refId(at: number): string {
  return String.fromCharCode("A".charCodeAt(0) + at);
}
