import type { SqlResult } from "../hits/sql-result.ts";
import { MAX_BUCKETS } from "../limits.ts";
import { createSqlValues, type SqlValues } from "../sql-values.ts";
import type { BucketRow, KeyColumn, Level, PlannedBuckets, Run } from "./aggregation.ts";
import { checkBucketCount } from "./bucket-limit.ts";
import { jsonOf, NOBODY, NOWHERE, pathBelow, pathOf } from "./bucket-path.ts";
import type { Relation } from "./columns.ts";
import { inlineOf, withMeta } from "./inline.ts";
import { applyParentPipelines, applySiblingPipelines } from "./pipelines/apply.ts";
import type { PlannedNode } from "./plan.ts";
import type { AggResult, Results } from "./result.ts";

/** The results of aggregations in each bucket of a level, by the bucket's path. */
type Collected = (path: string, row: BucketRow | undefined) => Results;

/**
 * Runs one statement for each bucket aggregation of the tree that is no mere condition, outer ones first, and puts the
 * results together. `documents`: how many there are, where that was asked.
 */
export async function collectResults(
  nodes: readonly PlannedNode[],
  documents: Relation,
  run: Run,
): Promise<{ results: Results; documents: number | undefined }> {
  const level: Level = { relation: documents, keys: [] };
  const metrics = metricSql(nodes);
  const values = createSqlValues();
  const columns = ["count(*)", ...metrics].join(", ");
  // Without metrics at the top, and with nothing that needs the number of documents, there is nothing to ask.
  const asked = metrics.length > 0 || nodes.some(({ planned }) => planned.family === "documents");
  const sql = `SELECT ${columns} FROM (${asked ? documents(values) : "SELECT 1"})`;
  const [found] = asked ? await run({ sql, values: values.list() }) : [];
  const [count, ...numbers] = found ?? [0];
  const row: BucketRow = { keys: [], count: Number(count), total: Number(count), metrics: numbers };
  const collected = await collectLevel(nodes, level, run);
  return { results: collected("", row), documents: asked ? row.count : undefined };
}

/** The inner results of every bucket of a level. Metrics come with the rows of the level itself. */
async function collectLevel(nodes: readonly PlannedNode[], level: Level, run: Run): Promise<Collected> {
  const found = new Map<string, (path: string, row: BucketRow | undefined) => AggResult>();
  let place = 0;
  for (const node of nodes) {
    const { name, planned, children } = node;
    const inline = inlineOf(node);
    if (inline !== undefined) {
      const [from, to] = [place, place + inline.sql.length];
      place = to;
      found.set(name, (_, row) => withMeta(node, inline.shape(row?.metrics.slice(from, to))));
    } else if (planned.family === "documents") {
      const rowsOf = await collectDocuments(planned.documents, level, run);
      found.set(name, (path, row) => withMeta(node, planned.documents.shape(rowsOf(path), row?.count ?? 0)));
    } else if (planned.family === "bucket") {
      const resultOf = await collectBuckets({ buckets: planned.buckets, children, level, run });
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
  buckets: PlannedBuckets;
  children: readonly PlannedNode[];
  level: Level;
  run: Run;
}): Promise<(path: string) => AggResult> {
  const { buckets, children, level, run } = options;
  await buckets.prepare?.(level, run);
  const relation = buckets.relation(level);
  const rows = level.isEmpty === true ? [] : await run(bucketStatement({ buckets, children, level, relation }));
  checkBucketCount(rows.length);
  const width = level.keys.length;
  const ownWidth = buckets.keys.length;
  const byPath = new Map<string, BucketRow[]>();
  for (const row of rows) {
    const path = pathOf(row.slice(0, width));
    const [count, total, ...metrics] = row.slice(width + ownWidth);
    const read: BucketRow = {
      keys: row.slice(width, width + ownWidth),
      count: Number(count),
      total: Number(total),
      metrics,
    };
    const list = byPath.get(path);
    if (list === undefined) byPath.set(path, [read]);
    else list.push(read);
  }
  const selected = buckets.selection === undefined ? undefined : rows.map((row) => row.slice(0, width + ownWidth));
  const keys = [...level.keys, ...buckets.keys];
  const inner: Level = {
    relation: selected === undefined || holdsAll(buckets, byPath) ? relation : restricted(relation, keys, selected),
    keys,
    isEmpty: rows.length === 0,
  };
  const everyKey = (await buckets.everyKey?.(run)) ?? [];
  const collected = await collectLevel(children, inner, run);
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

function bucketStatement(options: {
  buckets: PlannedBuckets;
  children: readonly PlannedNode[];
  level: Level;
  relation: Relation;
}): { sql: string; values: ReturnType<SqlValues["list"]> } {
  const { buckets, children, level, relation } = options;
  const values = createSqlValues();
  const path = level.keys.map(({ name }) => name);
  const keys = [...path, ...buckets.keys.map(({ name }) => name)];
  const metrics = metricSql(children);
  const numbered = metrics.map((sql, i) => `${sql} AS m${i}`);
  const group = keys.length === 0 ? "" : ` GROUP BY ${keys.join(", ")}`;
  const given = [...keys, "n", "total", ...metrics.map((_, i) => `m${i}`)].join(", ");
  const { selection } = buckets;
  const from = `FROM (${relation(values)})`;
  if (selection === undefined) {
    const sql = `SELECT ${[...keys, "count(*) AS n", "count(*) AS total", ...numbered].join(", ")} ${from}${group}`;
    // A group of all documents is there even when there is none.
    const present = keys.length === 0 ? `SELECT ${given} FROM (${sql}) WHERE n > 0` : sql;
    return { sql: `${present} LIMIT ${MAX_BUCKETS + 1}`, values: values.list() };
  }
  const after = selection.having?.(values);
  const having = [`count(*) >= ${selection.minDocCount}`, ...(after === undefined ? [] : [after])].join(" AND ");
  const counted = [...keys, "count(*) AS n"].join(", ");
  const limited = Math.min(selection.size, MAX_BUCKETS + 1);
  if (path.length === 0) {
    const columns = [counted, "sum(count(*)) OVER () AS total", ...numbered].join(", ");
    const sql = `SELECT ${columns} ${from}${group} HAVING ${having} ORDER BY ${selection.orderBy} LIMIT ${limited}`;
    return { sql, values: values.list() };
  }
  const partition = `PARTITION BY ${path.join(", ")} `;
  const windows = [
    `sum(count(*)) OVER (${partition}) AS total`,
    `row_number() OVER (${partition}ORDER BY ${selection.orderBy}) AS rank`,
  ];
  const ranked = `SELECT ${[counted, ...numbered, ...windows].join(", ")} ${from}${group} HAVING ${having}`;
  return {
    sql: `SELECT ${given} FROM (${ranked}) WHERE rank <= ${selection.size} ORDER BY rank LIMIT ${MAX_BUCKETS + 1}`,
    values: values.list(),
  };
}

/** Whether the selected buckets have all documents that have a key: none were left out, and there is nothing to restrict. */
function holdsAll({ selection }: PlannedBuckets, byPath: ReadonlyMap<string, readonly BucketRow[]>): boolean {
  if (selection === undefined || selection.having !== undefined || selection.minDocCount > 1) return false;
  return [...byPath.values()].every(
    (rows) => rows.reduce((sum, { count }) => sum + count, 0) === (rows[0]?.total ?? 0),
  );
}

/** Up to here a list of keys is compared while documents are read; a longer one is joined. */
const MAX_LISTED_KEYS = 100;

/** The documents of the buckets that were selected. */
function restricted(
  relation: Relation,
  keys: readonly KeyColumn[],
  selected: readonly (readonly SqlResult[])[],
): Relation {
  const [only, second] = keys;
  if (only?.sqlType === "VARCHAR" && second === undefined && selected.length <= MAX_LISTED_KEYS) {
    const texts = selected.flatMap(([key]) => (typeof key === "string" ? [key] : []));
    if (texts.length === selected.length && texts.length > 0) {
      return (values) => {
        const listed = texts.map((text) => values.bind(text)).join(", ");
        return `SELECT * FROM (${relation(values)}) WHERE ${only.name} IN (${listed})`;
      };
    }
  }
  const shape = `[{${keys.map(({ name, sqlType }) => `"${name}":"${sqlType}"`).join(",")}}]`;
  const rows = selected.map((row) => `{${keys.map(({ name }, i) => `"${name}":${jsonOf(row[i] ?? null)}`).join(",")}}`);
  const json = `[${rows.join(",")}]`;
  return (values) => {
    const same = keys.map(({ name }) => `r.${name} IS NOT DISTINCT FROM s.${name}`).join(" AND ");
    return `SELECT r.* FROM (${relation(values)}) r SEMI JOIN (SELECT unnest(from_json(${values.bind(json)}, '${shape}'), recursive := true)) s ON ${same}`;
  };
}

function metricSql(nodes: readonly PlannedNode[]): string[] {
  return nodes.flatMap((node) => inlineOf(node)?.sql ?? []);
}

async function collectDocuments(
  documents: Extract<PlannedNode["planned"], { family: "documents" }>["documents"],
  level: Level,
  run: Run,
): Promise<(path: string) => readonly (readonly SqlResult[])[]> {
  const { size, from, columns, orderBy, where } = documents;
  if (size === 0 || level.isEmpty === true) return () => [];
  const values = createSqlValues();
  const keys = level.keys.map(({ name }) => name);
  const partition = keys.length === 0 ? "" : `PARTITION BY ${keys.join(", ")} `;
  const rank = `row_number() OVER (${partition}ORDER BY ${[...orderBy, "_seq"].join(", ")}) AS rank`;
  const wanted = [...keys, "place", "_seq", ...columns].join(", ");
  const relation = level.relation(values);
  const filtered = where === undefined ? relation : `SELECT * FROM (${relation}) WHERE ${where}`;
  const rows = await run({
    sql: `SELECT ${wanted} FROM (SELECT *, ${rank} FROM (${filtered})) WHERE rank > ${from} AND rank <= ${from + size} ORDER BY rank LIMIT ${MAX_BUCKETS + 1}`,
    values: values.list(),
  });
  checkBucketCount(rows.length);
  await documents.fetch?.(
    rows.map((row) => row.slice(keys.length)),
    run,
  );
  const byPath = Map.groupBy(rows, (row) => pathOf(row.slice(0, keys.length)));
  return (path) => (byPath.get(path) ?? []).map((row) => row.slice(keys.length));
}
