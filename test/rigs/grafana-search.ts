import type { Json } from "../../src/events/document.ts";
import type { BucketAgg, Metric } from "../../src/export/grafana/query.ts";

type Tree = { [part: string]: Json };
export type GrafanaTarget = {
  refId: string;
  datasource: { type: string; uid: string };
  query: string;
  timeField: string;
  metrics: readonly Metric[];
  bucketAggs: readonly BucketAgg[];
};

type Playing = {
  target: GrafanaTarget;
  time: { fromMs: number; toMs: number };
  intervalMs: number;
  chosen?: Readonly<Record<string, string>>;
};

/** The search that Grafana's data source makes of a query, as its documentation and its requests show. */
export function askedByGrafana({ target, time, intervalMs, chosen = {} }: Playing): Tree {
  const { query, timeField, metrics, bucketAggs } = target;
  const filled = query.replaceAll(/\$\{(\w+):lucene\}/g, (_, name: string) => chosen[name] ?? "*");
  const range = { range: { [timeField]: { gte: time.fromMs, lte: time.toMs, format: "epoch_millis" } } };
  const words = filled === "" ? [] : [{ query_string: { analyze_wildcard: true, query: filled } }];
  const filter = [range, ...words];
  const [first] = metrics;
  if (first?.type === "raw_data") {
    return {
      size: Number(first.settings?.["size"]),
      query: { bool: { filter } },
      sort: [{ [timeField]: { order: "desc", unmapped_type: "boolean" } }, { _doc: { order: "desc" } }],
    };
  }
  const innermost: Tree = Object.fromEntries(
    metrics.filter(({ type }) => type !== "count").map((metric) => [metric.id, dslOfMetric(metric)]),
  );
  const aggs = bucketAggs.toReversed().reduce<Tree>((inner, level) => {
    const own = dslOfBuckets(level, { time, intervalMs });
    return { [level.id]: Object.keys(inner).length === 0 ? own : { ...own, aggs: inner } };
  }, innermost);
  return { size: 0, query: { bool: { filter } }, aggs };
}

function dslOfMetric({ type, field, settings = {} }: Metric): Tree {
  const { percents, ...rest } = settings as Tree;
  const own = percents === undefined ? rest : { ...rest, percents: (percents as string[]).map(Number) };
  return { [type]: type === "derivative" ? { buckets_path: field ?? "", ...own } : { field: field ?? "", ...own } };
}

function dslOfBuckets({ type, field = "", settings }: BucketAgg, at: Pick<Playing, "time" | "intervalMs">): Tree {
  switch (type) {
    case "date_histogram": {
      const bounds = { min: at.time.fromMs, max: at.time.toMs };
      const interval = settings["interval"] === "auto" ? `${at.intervalMs}ms` : String(settings["interval"]);
      return {
        date_histogram: {
          field,
          fixed_interval: interval,
          min_doc_count: 0,
          extended_bounds: bounds,
          format: "epoch_millis",
        },
      };
    }
    case "terms": {
      const orderBy = settings["orderBy"] === "_term" ? "_key" : String(settings["orderBy"]);
      const order = { [orderBy]: settings["order"] ?? "desc" };
      return {
        terms: { field, size: Number(settings["size"]), order, min_doc_count: Number(settings["min_doc_count"]) },
      };
    }
    case "histogram":
      return { histogram: { field, interval: Number(settings["interval"]), min_doc_count: 0 } };
    case "filters": {
      const filters = settings["filters"] as unknown as readonly { label: string; query: string }[];
      const each = filters.map(({ label, query }) => [label, { query_string: { analyze_wildcard: true, query } }]);
      return { filters: { filters: Object.fromEntries(each) as Tree } };
    }
  }
}

/** The numbers of the innermost buckets, and of documents their number: what Grafana has something to show of. */
export function numbersShown(answer: unknown, target: GrafanaTarget): number[] {
  const { hits, aggregations } = answer as { hits: { hits: unknown[] }; aggregations?: Tree };
  if (target.metrics[0]?.type === "raw_data") return hits.hits.map(() => 1);
  const counts = target.metrics[0]?.type === "count";
  const walk = (level: Tree, depth: number): number[] => {
    const agg = target.bucketAggs[depth];
    if (agg === undefined) return counts ? [Number(level["doc_count"])] : numbersIn(level, target.metrics);
    const { buckets = [] } = (level[agg.id] ?? {}) as unknown as { buckets?: Tree[] | Record<string, Tree> };
    return Object.values(buckets).flatMap((bucket) => walk(bucket, depth + 1));
  };
  return walk(aggregations ?? {}, 0);
}

function numbersIn(bucket: Tree, metrics: readonly Metric[]): number[] {
  return metrics.flatMap(({ id }) => {
    const { value, values } = (bucket[id] ?? {}) as { value?: number | null; values?: Record<string, number | null> };
    return [value, ...Object.values(values ?? {})].filter((one) => typeof one === "number");
  });
}
