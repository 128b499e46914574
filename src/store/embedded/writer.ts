import { setImmediate as nextTurn } from "node:timers/promises";
import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  LIST,
  listValue,
  TIMESTAMP,
  UINTEGER,
  VARCHAR,
} from "@duckdb/node-api";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import { type Database, tableOf } from "./database.ts";
import { CHUNK_ROWS, duckdbType, duckdbValue } from "./duckdb-values.ts";
import type { Cell, Row } from "./fit.ts";
import type { Sorted, TableBatch } from "./sort-out.ts";
import { createSplitSql, isSplit, type SplitDataset, sharedFields, sharedTable } from "./split-tables.ts";
import { appendParts, type SharedNumbers } from "./split-writer.ts";
import { createTableSql, ID_COLUMN, quoted, type TableDataset } from "./tables.ts";
import { columnsFor, type WideColumns, widenSql, wideSqlColumns } from "./wide-columns.ts";
import { withOverflow } from "./wide-overflow.ts";
import { withShapes } from "./wide-shapes.ts";
import { appendWideRows } from "./wide-writer.ts";

/**
 * Writes batches and the journal position they reach in one transaction each. After any error the caller must take a
 * new connection and read the position: the commit may have happened.
 */
export async function commitBatch(options: {
  connection: DuckDBConnection;
  shared: SharedNumbers;
  database: Database;
  namespace: string;
  sorted: Sorted;
  position: number;
}): Promise<{ addedRows: number }> {
  const { connection, shared, database, namespace, sorted, position } = options;
  let addedRows = 0;
  await connection.run("BEGIN TRANSACTION");
  // Before any row is removed or added: the database alters no table that has changed rows.
  const changed = new Map<string, WideColumns>();
  for (const batch of sorted.batches) {
    const wide = await prepareTable({ connection, namespace, batch, present: database.tables.get(batch.table)?.wide });
    if (wide === undefined) continue;
    changed.set(batch.table, wide);
    if (!database.tables.has(batch.table)) shared.forget(batch.table);
  }
  for (const { dataset, ids } of sorted.replaced) {
    if (!database.tables.has(dataset.name)) continue;
    addedRows -= await deleteReplaced({ connection, namespace, table: dataset.name, ids });
  }
  for (const { table, dataset, rows, wide, parts } of sorted.batches) {
    if (isSplit(dataset)) {
      const { numbers, added } = await shared.of({ connection, schema: namespace, table, parts });
      const into = { table: sharedTable(table), types: sharedTypes(dataset), rows: added };
      await appendRows({ connection, namespace, ...into });
      addedRows += await appendParts({ connection, schema: namespace, table, dataset, parts, numbers });
      continue;
    }
    const types = duckdbTypes(dataset);
    if (wide.length === 0) await appendRows({ connection, namespace, table, types, rows });
    else {
      const columns = changed.get(table) ?? database.tables.get(table)?.wide ?? new Map();
      const whole = withOverflow({ dataset, columns, rows, wide });
      const shaped = withShapes({ dataset, columns, rows: whole, wide });
      await appendWideRows({ connection, schema: namespace, table, types, columns, ...shaped });
    }
    addedRows += rows.length;
  }
  await connection.run("UPDATE main._ethmon SET position = $1", [BigInt(position)]);
  await connection.run("COMMIT");
  for (const [name, wide] of changed) database.tables.set(name, tableOf(name, wide));
  const isMapped = sorted.replaced.some(({ dataset }) => dataset.name === foreignIndexDataset.name);
  if (isMapped || changed.size > 0) database.noteIndices();
  return { addedRows };
}

/** Makes the table of a batch, or the columns that it lacks: the columns it has then, or undefined where all is there. */
async function prepareTable(options: {
  connection: DuckDBConnection;
  namespace: string;
  batch: TableBatch;
  /** Undefined for a table that is not there yet. */
  present: WideColumns | undefined;
}): Promise<WideColumns | undefined> {
  const { connection, namespace, batch, present } = options;
  const { table, dataset } = batch;
  const columns = columnsFor(present ?? new Map(), batch.wide);
  const statements =
    present === undefined
      ? createSql({ schema: namespace, table, dataset, columns })
      : widenSql(`${quoted(namespace)}.${quoted(table)}`, { from: present, to: columns });
  for (const sql of statements) await connection.run(sql);
  return statements.length === 0 ? undefined : columns;
}

/** The bounds let the database skip what cannot hold these ids. */
async function deleteReplaced(options: {
  connection: DuckDBConnection;
  namespace: string;
  table: string;
  ids: readonly string[];
}): Promise<number> {
  const { connection, namespace, table, ids } = options;
  // By UTF-8 bytes, as the database compares; JavaScript compares UTF-16 units.
  const ordered = ids.map((id) => Buffer.from(id)).sort(Buffer.compare);
  const result = await connection.run(
    `DELETE FROM ${quoted(namespace)}.${quoted(table)}
     WHERE ${ID_COLUMN} BETWEEN $1 AND $2 AND ${ID_COLUMN} IN (SELECT unnest($3))`,
    [String(ordered[0]), String(ordered.at(-1)), listValue(ids)],
    [VARCHAR, VARCHAR, LIST(VARCHAR)],
  );
  return result.rowsChanged;
}

async function appendRows(options: {
  connection: DuckDBConnection;
  namespace: string;
  table: string;
  types: readonly DuckDBType[];
  rows: readonly Row[];
}): Promise<void> {
  const { connection, namespace, table, types, rows } = options;
  if (rows.length === 0) return;
  const appender = await connection.createAppender(table, namespace);
  try {
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      // The appender is synchronous: searches get their turn between chunks.
      if (from > 0) await nextTurn();
      appender.appendDataChunk(chunkOf(types, rows.slice(from, from + CHUNK_ROWS)));
    }
    appender.flushSync();
  } catch (error) {
    // Closing would flush what is left, and fail again.
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
}

function createSql(place: { schema: string; table: string; dataset: TableDataset; columns: WideColumns }): string[] {
  const { dataset, columns } = place;
  if (isSplit(dataset)) return createSplitSql({ ...place, dataset });
  return [createTableSql({ ...place, more: wideSqlColumns(columns) })];
}

function duckdbTypes(dataset: TableDataset): DuckDBType[] {
  return [TIMESTAMP, BIGINT, ...(dataset.kind === "index" ? [VARCHAR] : []), ...dataset.columns.map(duckdbType)];
}

function sharedTypes(dataset: SplitDataset): DuckDBType[] {
  const shared = new Set(sharedFields(dataset).map(({ name }) => name));
  return [UINTEGER, BIGINT, ...dataset.columns.filter(({ name }) => shared.has(name)).map(duckdbType)];
}

function chunkOf(types: readonly DuckDBType[], rows: readonly Row[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(types, rows.length);
  chunk.setColumns(types.map((type, i) => rows.map((row) => duckdbValue(type, row[i] as Cell))));
  return chunk;
}
