import type { SqlResult } from "../hits/sql-result.ts";
import { MAX_BUCKETS } from "../limits.ts";
import { createSqlValues, type SqlValues } from "../sql-values.ts";
import type { KeyColumn, Level, PlannedBuckets, PlannedDocuments, Run } from "./aggregation.ts";
import { checkBucketCount } from "./bucket-limit.ts";
import type { Relation } from "./columns.ts";
import { inlineOf } from "./inline.ts";
import type { PlannedNode } from "./plan.ts";

/** Rows of the keys of a level and of the values beside them: those of an aggregation, and of the top without keys. */
export type StepRows = {
  of(node: PlannedNode): readonly (readonly SqlResult[])[];
  top: readonly SqlResult[] | undefined;
};

/** A part of the statement: a SELECT of keys and of values, which are called `v0`, `v1`… */
type Step = { node: PlannedNode | undefined; keys: readonly KeyColumn[]; width: number; sql: string };

/** A relation that later parts of the statement know by its name. What is not kept is made anew by each that reads it. */
type Definition = { name: string; kept: boolean; sql: Relation };

/**
 * Runs one statement for a whole tree of aggregations: what each of them is made of is defined once, and the rows of all
 * of them are put below one another. `counted`: the number of documents is asked for, whatever else is.
 */
export async function runSteps(options: {
  nodes: readonly PlannedNode[];
  documents: Relation;
  counted: boolean;
  run: Run;
}): Promise<StepRows> {
  const { nodes, documents, run } = options;
  const definitions: Definition[] = [{ name: "r0", kept: false, sql: documents }];
  const steps: Step[] = [];
  const define = (letter: string, definition: Omit<Definition, "name">): string => {
    const name = `${letter}${definitions.length}`;
    definitions.push({ name, ...definition });
    return name;
  };
  const topLevel: Level = { relation: () => "SELECT * FROM r0", keys: [] };

  const planBuckets = async (node: PlannedNode, buckets: PlannedBuckets, level: Level): Promise<void> => {
    const before = [...definitions];
    const alone: Relation = (values) => `${definedSql(before, values)}${level.relation(values)}`;
    await buckets.prepare?.({ relation: alone, keys: level.keys }, run);
    // The documents of a whole search are never kept: they may be more than the memory holds.
    const kept = buckets.isCostly === true && node.children.some(needsStep);
    const rows = define("r", { kept, sql: buckets.relation(level) });
    const metrics = metricSql(node.children);
    const found = define("b", { kept: true, sql: (values) => bucketSql({ buckets, metrics, level, rows, values }) });
    const keys = [...level.keys, ...buckets.keys];
    steps.push({ node, keys, width: OWN_VALUES + metrics.length, sql: `SELECT * FROM ${found}` });
    const same = keys.map(({ name }) => `r.${name} IS NOT DISTINCT FROM b.${name}`).join(" AND ");
    const selected = `SELECT r.* FROM ${rows} r SEMI JOIN ${found} b ON ${same}`;
    const inner = buckets.selection === undefined ? `SELECT * FROM ${rows}` : selected;
    await planLevel(node.children, { relation: () => inner, keys });
  };
  const planLevel = async (children: readonly PlannedNode[], level: Level): Promise<void> => {
    for (const node of children) {
      const { planned } = node;
      if (planned.family === "documents" && planned.documents.size > 0) {
        steps.push(documentsStep({ node, documents: planned.documents, level }));
      } else if (planned.family === "bucket" && needsStep(node)) {
        await planBuckets(node, planned.buckets, level);
      }
    }
  };

  const metrics = metricSql(nodes);
  if (options.counted || metrics.length > 0 || nodes.some(({ planned }) => planned.family === "documents")) {
    const sql = `SELECT ${["count(*) AS v0", ...metrics.map((one, i) => `${one} AS v${i + 1}`)].join(", ")} FROM r0`;
    steps.push({ node: undefined, keys: [], width: 1 + metrics.length, sql });
  }
  await planLevel(nodes, topLevel);
  return read(steps, definitions, run);
}

function needsStep(node: PlannedNode): boolean {
  const { family } = node.planned;
  return family === "documents" || (family === "bucket" && inlineOf(node) === undefined);
}

/** The number of documents and the total that a bucket's values begin with. */
const OWN_VALUES = 2;

/** Steps of one statement at most: each has a column for every value of all of them. */
const MAX_TOGETHER = 16;

async function read(steps: readonly Step[], definitions: readonly Definition[], run: Run): Promise<StepRows> {
  const found = new Map<PlannedNode | undefined, SqlResult[][]>();
  for (let from = 0; from < steps.length; from += MAX_TOGETHER) {
    const together = steps.slice(from, from + MAX_TOGETHER);
    for (const [step, rows] of await readTogether(together, definitions, run)) {
      checkBucketCount(rows.length);
      found.set(step.node, rows);
    }
  }
  return { of: (node) => found.get(node) ?? [], top: found.get(undefined)?.[0] };
}

async function readTogether(
  steps: readonly Step[],
  definitions: readonly Definition[],
  run: Run,
): Promise<Map<Step, SqlResult[][]>> {
  const values = createSqlValues();
  const begin = definedSql(definitions, values);
  const keys = [...new Set(steps.flatMap((step) => step.keys.map(({ name }) => name)))];
  // Each step has columns of its own for its values: those of two are not of the same types.
  const parts = steps.map((step, place) => {
    const own = new Set(step.keys.map(({ name }) => name));
    const keyColumns = keys.map((name) => (own.has(name) ? name : `NULL AS ${name}`));
    const valueColumns = steps.flatMap(({ width }, other) =>
      Array.from({ length: width }, (_, i) => `${other === place ? `v${i}` : "NULL"} AS v${other}_${i}`),
    );
    return `SELECT ${[`${place} AS step`, ...keyColumns, ...valueColumns].join(", ")} FROM (${step.sql})`;
  });
  const rows = await run({ sql: `${begin}${parts.join(" UNION ALL ")}`, values: values.list() });
  const byPlace = Map.groupBy(rows, ([place]) => Number(place));
  const found = new Map<Step, SqlResult[][]>();
  let begins = 1 + keys.length;
  for (const [place, step] of steps.entries()) {
    const [from, to] = [begins, begins + step.width];
    begins = to;
    const keyPlaces = step.keys.map(({ name }) => 1 + keys.indexOf(name));
    const own = byPlace.get(place) ?? [];
    found.set(
      step,
      own.map((row) => [...keyPlaces.map((at) => row[at] as SqlResult), ...row.slice(from, to)]),
    );
  }
  return found;
}

function definedSql(definitions: readonly Definition[], values: SqlValues): string {
  const parts = definitions.map(
    ({ name, kept, sql }) => `${name} AS ${kept ? "" : "NOT "}MATERIALIZED (${sql(values)})`,
  );
  return `WITH ${parts.join(", ")} `;
}

/** Buckets with the values `v0`, how many documents, `v1`, how many there are in all buckets of the same parent, and metrics. */
function bucketSql(options: {
  buckets: PlannedBuckets;
  metrics: readonly string[];
  level: Level;
  rows: string;
  values: SqlValues;
}): string {
  const { buckets, metrics, level, rows, values } = options;
  const path = level.keys.map(({ name }) => name);
  const keys = [...path, ...buckets.keys.map(({ name }) => name)];
  const numbered = metrics.map((sql, i) => `${sql} AS v${i + OWN_VALUES}`);
  const group = keys.length === 0 ? "" : ` GROUP BY ${keys.join(", ")}`;
  const { selection } = buckets;
  if (selection === undefined) {
    const columns = [...keys, "count(*) AS v0", "count(*) AS v1", ...numbered].join(", ");
    // A group of all documents is there even when there is none.
    const having = keys.length === 0 ? " HAVING count(*) > 0" : "";
    return `SELECT ${columns} FROM ${rows}${group}${having} LIMIT ${MAX_BUCKETS + 1}`;
  }
  const after = selection.having?.(values);
  const having = [`count(*) >= ${selection.minDocCount}`, ...(after === undefined ? [] : [after])].join(" AND ");
  if (path.length === 0) {
    const columns = [...keys, "count(*) AS v0", "sum(count(*)) OVER () AS v1", ...numbered].join(", ");
    const limit = Math.min(selection.size, MAX_BUCKETS + 1);
    return `SELECT ${columns} FROM ${rows}${group} HAVING ${having} ORDER BY ${selection.orderBy} LIMIT ${limit}`;
  }
  const partition = `PARTITION BY ${path.join(", ")}`;
  const total = `sum(count(*)) OVER (${partition}) AS v1`;
  const rank = `row_number() OVER (${partition} ORDER BY ${selection.orderBy}) AS rank`;
  const columns = [...keys, "count(*) AS v0", total, ...numbered, rank].join(", ");
  const ranked = `SELECT ${columns} FROM ${rows}${group} HAVING ${having}`;
  const first = `SELECT * EXCLUDE (rank) FROM (${ranked}) WHERE rank <= ${selection.size}`;
  return `${first} ORDER BY rank LIMIT ${MAX_BUCKETS + 1}`;
}

/** The first documents of each bucket of a level, with place, position and the columns asked for. */
function documentsStep(options: { node: PlannedNode; documents: PlannedDocuments; level: Level }): Step {
  const { node, level } = options;
  const { size, from, columns, orderBy, where } = options.documents;
  const keys = level.keys.map(({ name }) => name);
  const partition = keys.length === 0 ? "" : `PARTITION BY ${keys.join(", ")} `;
  const rank = `row_number() OVER (${partition}ORDER BY ${[...orderBy, "_seq"].join(", ")}) AS rank`;
  const wanted = ["place", "_seq", ...columns].map((column, i) => `${column} AS v${i}`);
  // A relation takes no value here: what it is made of is defined before.
  const relation = level.relation(createSqlValues());
  const filtered = where === undefined ? relation : `SELECT * FROM (${relation}) WHERE ${where}`;
  const ranked = `SELECT *, ${rank} FROM (${filtered})`;
  const chosen = `SELECT ${[...keys, ...wanted].join(", ")} FROM (${ranked}) WHERE rank > ${from} AND rank <= ${from + size}`;
  return {
    node,
    keys: level.keys,
    width: wanted.length,
    sql: `${chosen} ORDER BY rank LIMIT ${MAX_BUCKETS + 1}`,
  };
}

function metricSql(nodes: readonly PlannedNode[]): string[] {
  return nodes.flatMap((node) => inlineOf(node)?.sql ?? []);
}
