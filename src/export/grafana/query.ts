import type { Json } from "../../events/document.ts";
import { luceneOf } from "./lucene.ts";
import { isUnmapped, type Unmapped } from "./lucene-words.ts";

/** One query of Grafana's data source Elasticsearch. */
export type GrafanaQuery = { metrics: readonly Metric[]; bucketAggs: readonly BucketAgg[]; filter?: string };
export type Metric = {
  id: string;
  type: string;
  field?: string;
  settings?: { readonly [name: string]: Json };
};
export type BucketAgg = {
  id: string;
  type: "date_histogram" | "terms" | "filters" | "histogram";
  field?: string;
  settings: { readonly [name: string]: Json };
};

type Tree = { readonly [part: string]: Json };
type Named = readonly [string, Tree];

export const COUNT: Metric = { id: "1", type: "count" };

const PLAIN = ["avg", "min", "max", "sum", "cardinality"];

/**
 * The queries whose buckets are those of one aggregation: its buckets, those within, and at the innermost level the
 * metrics. Filters beside metrics become a query of their own.
 */
export function queriesOf(aggregations: Json | undefined, name: string): readonly GrafanaQuery[] | Unmapped {
  const aggregation = (aggregations as Tree | undefined)?.[name] as Tree | undefined;
  if (aggregation === undefined) return { unmapped: `it has no aggregation ${name}` };
  return within({ outer: [], aggregation });
}

function within(input: { outer: readonly BucketAgg[]; aggregation: Tree }): readonly GrafanaQuery[] | Unmapped {
  const { outer, aggregation } = input;
  const { aggs, aggregations = aggs, meta: _meta, ...own } = aggregation;
  const inner = Object.entries((aggregations ?? {}) as Tree).map(([name, value]): Named => [name, value as Tree]);
  const levels = levelsOf(own as Tree, inner, outer.length);
  if (isUnmapped(levels)) return levels;
  const bucketAggs = [...outer, ...levels];
  const buckets = inner.filter(([, one]) => isBuckets(one));
  if (buckets.length > 1) return { unmapped: "it has several aggregations into buckets side by side" };
  if (buckets.length === 1) {
    const [only] = buckets;
    if (inner.length > 1 || only === undefined) return { unmapped: "it has metrics beside further buckets" };
    return within({ outer: bucketAggs, aggregation: only[1] });
  }
  const filters = inner.filter(([, one]) => "filter" in one);
  const metrics = metricsOf(inner.filter(([, one]) => !("filter" in one)));
  if (isUnmapped(metrics)) return metrics;
  const filtered = filters.length === 0 ? [] : filterQuery(filters, bucketAggs);
  if (isUnmapped(filtered)) return filtered;
  const plain = metrics.length > 0 || filters.length === 0;
  return [...(plain ? [{ metrics: metrics.length === 0 ? [COUNT] : metrics, bucketAggs }] : []), ...filtered];
}

function isBuckets(aggregation: Tree): boolean {
  return [
    "date_histogram",
    "terms",
    "multi_terms",
    "histogram",
    "composite",
    "range",
    "filters",
    "significant_terms",
  ].some((kind) => kind in aggregation);
}

function levelsOf(own: Tree, inner: readonly Named[], depth: number): BucketAgg[] | Unmapped {
  const [kind = "", settings] = Object.entries(own)[0] ?? [];
  const options = settings as Tree;
  const id = (at: number) => String(10 + depth + at);
  switch (kind) {
    case "date_histogram": {
      const interval = options["fixed_interval"] ?? options["calendar_interval"];
      const settings = {
        interval: typeof interval === "string" ? interval : "auto",
        min_doc_count: "0",
        trimEdges: "0",
      };
      return [{ id: id(0), type: "date_histogram", field: String(options["field"]), settings }];
    }
    case "terms":
      return [termsLevel(id(0), options, inner)];
    case "multi_terms":
      // Terms within terms are the same pairs, with as many of each as there may be of all.
      return (options["terms"] as readonly Tree[]).map((one, at) =>
        termsLevel(id(at), { ...one, size: options["size"] ?? 10 }, []),
      );
    case "histogram":
      return [
        {
          id: id(0),
          type: "histogram",
          field: String(options["field"]),
          settings: { interval: String(options["interval"]), min_doc_count: "0" },
        },
      ];
    default:
      return { unmapped: `Grafana's editor has no aggregation ${kind}` };
  }
}

function termsLevel(id: string, options: Tree, inner: readonly Named[]): BucketAgg {
  const order = options["order"];
  const [by = "_count", direction = "desc"] =
    Object.entries(((Array.isArray(order) ? order[0] : order) ?? {}) as Record<string, string>)[0] ?? [];
  const metricAt = inner.findIndex(([name, one]) => name === by && PLAIN.some((kind) => kind in one));
  const orderBy = by === "_key" ? "_term" : metricAt < 0 ? "_count" : metricId(metricAt);
  return {
    id,
    type: "terms",
    field: String(options["field"]),
    settings: { size: String(options["size"] ?? 10), order: direction, orderBy, min_doc_count: "1" },
  };
}

function metricsOf(inner: readonly Named[]): Metric[] | Unmapped {
  const ids = new Map(inner.map(([name], at) => [name, metricId(at)]));
  const metrics: Metric[] = [];
  for (const [name, aggregation] of inner) {
    const metric = metricOf(ids.get(name) ?? "", aggregation, ids);
    if (isUnmapped(metric)) return metric;
    metrics.push(metric);
  }
  return metrics;
}

/** A metric of a query. */
export function metricOf(id: string, aggregation: Tree, ids: ReadonlyMap<string, string>): Metric | Unmapped {
  const [kind = "", settings] = Object.entries(aggregation).filter(([name]) => name !== "meta")[0] ?? [];
  const { field, ...options } = settings as Tree;
  if (kind === "derivative") {
    const of = ids.get(String(options["buckets_path"]));
    if (of === undefined) return { unmapped: "its derivative is of no metric beside it" };
    const { unit } = options;
    return { id, type: kind, field: of, settings: unit === undefined ? {} : { unit } };
  }
  if (field === undefined || "script" in options)
    return { unmapped: `Grafana's editor has no metric ${kind} as it is here` };
  if (kind === "percentiles") {
    const percents = (options["percents"] ?? [1, 5, 25, 50, 75, 95, 99]) as readonly number[];
    return { id, type: kind, field: String(field), settings: { percents: percents.map(String) } };
  }
  return PLAIN.includes(kind)
    ? { id, type: kind, field: String(field) }
    : { unmapped: `Grafana's editor has no metric ${kind}` };
}

/** Filters side by side, each with its documents counted, between the outer buckets and the time. */
function filterQuery(filters: readonly Named[], bucketAggs: readonly BucketAgg[]): GrafanaQuery[] | Unmapped {
  const texts: { label: string; query: string }[] = [];
  for (const [label, { filter, aggs, aggregations = aggs }] of filters) {
    if (aggregations !== undefined) return { unmapped: "its filters have aggregations within" };
    const query = luceneOf(filter ?? null);
    if (isUnmapped(query)) return query;
    texts.push({ label, query });
  }
  const level: BucketAgg = { id: "5", type: "filters", settings: { filters: texts } };
  const timeAt = bucketAggs.findIndex(({ type }) => type === "date_histogram");
  const at = timeAt < 0 ? bucketAggs.length : timeAt;
  return [{ metrics: [COUNT], bucketAggs: [...bucketAggs.slice(0, at), level, ...bucketAggs.slice(at)] }];
}

function metricId(at: number): string {
  return String(at + 1);
}
