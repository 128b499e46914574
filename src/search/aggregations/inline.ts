import type { SqlResult } from "../hits/sql-result.ts";
import type { BucketRow, PlannedBuckets } from "./aggregation.ts";
import { applyParentPipelines, applySiblingPipelines } from "./pipelines/apply.ts";
import type { PlannedNode } from "./plan.ts";
import type { AggResult, Results } from "./result.ts";

/** An aggregation that needs no statement of its own: its numbers come with the rows of the level that it is on. */
export type Inline = {
  /** SQL of aggregate functions over the rows of a level. */
  sql: readonly string[];
  /** The result of the numbers in the order of `sql`; of no documents without them. */
  shape(numbers: readonly SqlResult[] | undefined): AggResult;
};

/**
 * Metrics, and buckets that are one condition (`filter`, `missing`) with nothing but such aggregations within. Undefined
 * for all others. `where`: the conditions of the buckets around it.
 */
export function inlineOf({ planned, children }: PlannedNode, where: readonly string[] = []): Inline | undefined {
  const filter = where.length === 0 ? "" : ` FILTER (WHERE ${where.join(" AND ")})`;
  if (planned.family === "metric") return { sql: planned.metric.sql(filter), shape: planned.metric.shape };
  if (planned.family !== "bucket" || planned.buckets.condition === undefined) return undefined;
  const conditions = [...where, `(${planned.buckets.condition})`];
  const inner: { node: PlannedNode; inline: Inline }[] = [];
  for (const node of children) {
    if (node.planned.family === "pipeline") continue;
    const inline = inlineOf(node, conditions);
    if (inline === undefined) return undefined;
    inner.push({ node, inline });
  }
  return {
    sql: [`count(*) FILTER (WHERE ${conditions.join(" AND ")})`, ...inner.flatMap(({ inline }) => inline.sql)],
    shape: (numbers) => shapeCondition({ buckets: planned.buckets, children, inner }, numbers),
  };
}

function shapeCondition(
  options: {
    buckets: PlannedBuckets;
    children: readonly PlannedNode[];
    inner: readonly { node: PlannedNode; inline: Inline }[];
  },
  [counted, ...metrics]: readonly SqlResult[] = [],
): AggResult {
  const { buckets, children, inner } = options;
  const count = Number(counted ?? 0);
  const rows: BucketRow[] = count === 0 ? [] : [{ keys: [], count, total: count, metrics }];
  const result = buckets.shape(
    rows,
    (row) => {
      const results: Results = new Map();
      let place = 0;
      for (const { node, inline } of inner) {
        const end = place + inline.sql.length;
        results.set(node.name, withMeta(node, inline.shape(row?.metrics.slice(place, end))));
        place = end;
      }
      return applySiblingPipelines(children, results);
    },
    "",
  );
  return applyParentPipelines(children, result);
}

export function withMeta({ meta }: PlannedNode, result: AggResult): AggResult {
  return meta === undefined ? result : { ...result, meta };
}
