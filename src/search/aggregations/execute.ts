import type { SqlResult } from "../hits/sql-result.ts";
import type { BucketRow, PlannedBuckets, Run } from "./aggregation.ts";
import { NOBODY, NOWHERE, pathBelow, pathOf } from "./bucket-path.ts";
import type { Relation } from "./columns.ts";
import { inlineOf, withMeta } from "./inline.ts";
import { applyParentPipelines, applySiblingPipelines } from "./pipelines/apply.ts";
import type { PlannedNode } from "./plan.ts";
import type { AggResult, Results } from "./result.ts";
import { runSteps, type StepRows } from "./steps.ts";

/** The results of aggregations in each bucket of a level, by the bucket's path. */
type Collected = (path: string, row: BucketRow | undefined) => Results;

/**
 * The results of a tree of aggregations. `counted` asks for the number of documents, too, which is told where it is
 * known: undefined otherwise.
 */
export async function collectResults(options: {
  nodes: readonly PlannedNode[];
  documents: Relation;
  counted: boolean;
  run: Run;
}): Promise<{ results: Results; documents: number | undefined }> {
  const { nodes, run } = options;
  const steps = await runSteps(options);
  const [count, ...numbers] = steps.top ?? [0];
  const row: BucketRow = { keys: [], count: Number(count), total: Number(count), metrics: numbers };
  const collected = await collectLevel({ nodes, width: 0, steps, run });
  return { results: collected("", row), documents: steps.top === undefined ? undefined : row.count };
}

/** Aggregations within buckets that are told by `width` keys. */
type LevelNodes = { nodes: readonly PlannedNode[]; width: number; steps: StepRows; run: Run };

/** The inner results of every bucket of a level. Metrics come with the rows of the level itself. */
async function collectLevel({ nodes, width, steps, run }: LevelNodes): Promise<Collected> {
  const found = new Map<string, (path: string, row: BucketRow | undefined) => AggResult>();
  let place = 0;
  for (const node of nodes) {
    const { name, planned } = node;
    const inline = inlineOf(node);
    if (inline !== undefined) {
      const [from, to] = [place, place + inline.sql.length];
      place = to;
      found.set(name, (_, row) => withMeta(node, inline.shape(row?.metrics.slice(from, to))));
    } else if (planned.family === "documents") {
      const rows = steps.of(node);
      await planned.documents.fetch?.(
        rows.map((row) => row.slice(width)),
        run,
      );
      const byPath = Map.groupBy(rows, (row) => pathOf(row.slice(0, width)));
      const rowsOf = (path: string) => (byPath.get(path) ?? []).map((row) => row.slice(width));
      found.set(name, (path, row) => withMeta(node, planned.documents.shape(rowsOf(path), row?.count ?? 0)));
    } else if (planned.family === "bucket") {
      const resultOf = await collectBuckets({ node, buckets: planned.buckets, width, steps, run });
      found.set(name, (path) => withMeta(node, resultOf(path)));
    }
  }
  return (path, row) => {
    const results: Results = new Map();
    for (const [name, resultOf] of found) results.set(name, resultOf(path, row));
    return applySiblingPipelines(nodes, results);
  };
}

async function collectBuckets(options: {
  node: PlannedNode;
  buckets: PlannedBuckets;
  width: number;
  steps: StepRows;
  run: Run;
}): Promise<(path: string) => AggResult> {
  const { node, buckets, width, steps, run } = options;
  const { children } = node;
  const ownWidth = buckets.keys.length;
  const byPath = new Map<string, BucketRow[]>();
  for (const row of steps.of(node)) {
    const path = pathOf(row.slice(0, width));
    const [count, total, ...metrics] = row.slice(width + ownWidth);
    const keys = row.slice(width, width + ownWidth);
    const read: BucketRow = { keys, count: Number(count), total: Number(total), metrics };
    const list = byPath.get(path);
    if (list === undefined) byPath.set(path, [read]);
    else list.push(read);
  }
  const everyKey = (await buckets.everyKey?.(run)) ?? [];
  const collected = await collectLevel({ nodes: children, width: width + ownWidth, steps, run });
  return (path) => {
    const present = byPath.get(path) ?? [];
    // Elasticsearch never looks into a bucket that only fills a gap.
    const all = withEveryKey(present, path === NOWHERE ? [] : everyKey);
    const result = buckets.shape(
      all,
      (row) =>
        row === undefined || row.count === 0
          ? collected(path === NOWHERE || buckets.fillsGaps === true ? NOWHERE : NOBODY, undefined)
          : collected(pathBelow(path, width, row.keys), row),
      path,
    );
    return applyParentPipelines(children, result);
  };
}

function withEveryKey(rows: readonly BucketRow[], everyKey: readonly (readonly SqlResult[])[]): readonly BucketRow[] {
  if (everyKey.length === 0) return rows;
  const present = new Set(rows.map(({ keys }) => pathOf(keys)));
  const empty = everyKey
    .filter((keys) => !present.has(pathOf(keys)))
    .map((keys) => ({ keys, count: 0, total: rows[0]?.total ?? 0, metrics: [] }));
  return [...rows, ...empty];
}
