import { invalid } from "../../search-fault.ts";
import type { Pipeline } from "../aggregation.ts";
import type { PlannedNode } from "../plan.ts";
import type { AggResult, Results } from "../result.ts";

type Named = { name: string; meta: PlannedNode["meta"]; pipeline: Pipeline };

/** Adds the results of the pipelines that look at their neighbours. */
export function applySiblingPipelines(nodes: readonly PlannedNode[], results: Results): Results {
  for (const { name, meta, pipeline } of inOrder(nodes)) {
    if (pipeline.kind !== "sibling") continue;
    const result = pipeline.apply(results);
    results.set(name, meta === undefined ? result : { ...result, meta });
  }
  return results;
}

/** Lets the pipelines among the children work on the list of buckets. */
export function applyParentPipelines(children: readonly PlannedNode[], parent: AggResult): AggResult {
  let { buckets } = parent;
  if (buckets === undefined) return parent;
  for (const { name, pipeline } of inOrder(children)) {
    if (pipeline.kind === "parent") buckets = pipeline.apply(buckets, name, parent);
  }
  return { ...parent, buckets };
}

/** Pipelines behind those whose results they use; otherwise as they were given. */
function inOrder(nodes: readonly PlannedNode[]): Named[] {
  const pipelines = nodes.flatMap(({ name, meta, planned }): Named[] =>
    planned.family === "pipeline" ? [{ name, meta, pipeline: planned.pipeline }] : [],
  );
  const byName = new Map(pipelines.map((named) => [named.name, named]));
  const ordered: Named[] = [];
  const visit = (named: Named, above: readonly string[]): void => {
    if (ordered.includes(named)) return;
    if (above.includes(named.name)) {
      throw invalid(`Cyclical dependency found with pipeline aggregator [${named.name}]`, "illegal_argument_exception");
    }
    for (const path of named.pipeline.paths) {
      const used = byName.get(path.split(/[>.[]/)[0] ?? "");
      if (used !== undefined) visit(used, [...above, named.name]);
    }
    ordered.push(named);
  };
  for (const named of pipelines) visit(named, []);
  return ordered;
}
