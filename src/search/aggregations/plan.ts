import type { Json } from "../../events/document.ts";
import { invalid } from "../search-fault.ts";
import type {
  Aggregation,
  Pipeline,
  PlanContext,
  PlannedBuckets,
  PlannedDocuments,
  PlannedMetric,
} from "./aggregation.ts";
import { splitProperty } from "./bucket-path.ts";

/** An aggregation whose columns are known. */
export type PlannedNode = {
  name: string;
  meta: { readonly [key: string]: Json } | undefined;
  children: readonly PlannedNode[];
  planned:
    | { family: "bucket"; buckets: PlannedBuckets }
    | { family: "metric"; metric: PlannedMetric }
    | { family: "documents"; documents: PlannedDocuments }
    | { family: "pipeline"; pipeline: Pipeline };
};

/** Finds the fields of a tree of aggregations, and refuses what does not fit them. */
export function planAggregations(aggregations: readonly Aggregation[], context: PlanContext): PlannedNode[] {
  let keys = 0;
  const keyName = () => `k${keys++}`;
  const plan = (aggregation: Aggregation): PlannedNode => {
    const { name, meta } = aggregation;
    const children = aggregation.children.map(plan);
    const base = { name, meta, children };
    switch (aggregation.family) {
      case "metric":
        return { ...base, planned: { family: "metric", metric: aggregation.plan(context) } };
      case "documents":
        return { ...base, planned: { family: "documents", documents: aggregation.plan(context) } };
      case "pipeline":
        return { ...base, planned: { family: "pipeline", pipeline: aggregation.pipeline } };
      case "bucket": {
        const orderSql = (path: string) => orderBySql({ path, children });
        return { ...base, planned: { family: "bucket", buckets: aggregation.plan({ ...context, keyName, orderSql }) } };
      }
    }
  };
  return aggregations.map(plan);
}

/** `metric`, `metric.property` or `metric[property]`, perhaps behind buckets that are one, as in `errors>rate.value`. */
function orderBySql(options: { path: string; children: readonly PlannedNode[] }): string | undefined {
  const { path } = options;
  let nodes = options.children;
  let where = "";
  const steps = path.split(">").map((step) => step.trim());
  for (const step of steps.slice(0, -1)) {
    const node = nodes.find(({ name }) => name === step);
    const condition = node?.planned.family === "bucket" ? node.planned.buckets.condition : undefined;
    if (node === undefined || condition === undefined) throw invalidPath(path);
    where = where === "" ? condition : `${where} AND ${condition}`;
    nodes = node.children;
  }
  const filter = where === "" ? "" : ` FILTER (WHERE ${where})`;
  const last = steps.at(-1) ?? "";
  if (last === "_count" && where !== "") return `count(*)${filter}`;
  const { name, property } = splitProperty(last);
  const node = nodes.find((candidate) => candidate.name === name) ?? nodes.find((candidate) => candidate.name === last);
  if (
    node?.planned.family === "bucket" &&
    node.planned.buckets.condition !== undefined &&
    (property ?? "doc_count") === "doc_count"
  ) {
    const condition = where === "" ? node.planned.buckets.condition : `${where} AND ${node.planned.buckets.condition}`;
    return `count(*) FILTER (WHERE ${condition})`;
  }
  if (node?.planned.family !== "metric") throw invalidPath(path);
  return node.planned.metric.orderSql(node.name === last ? undefined : property, filter);
}

function invalidPath(path: string): Error {
  return invalid(
    `Invalid aggregator order path [${path}]. The provided aggregation [${path}] either does not exist, or is a pipeline aggregation and cannot be used to sort the buckets.`,
    "aggregation_execution_exception",
  );
}
