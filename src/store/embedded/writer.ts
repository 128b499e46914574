import { setImmediate as nextTurn } from "node:timers/promises";
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  TIMESTAMP,
  UBIGINT,
  UINTEGER,
  VARCHAR,
} from "@duckdb/node-api";
import type { ColumnType } from "../../events/dataset.ts";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import { type Database, tableOf } from "./database.ts";
import type { Cell, Row } from "./fit.ts";
import { oddTable } from "./foreign-datasets.ts";
import type { Sorted } from "./sort-out.ts";
import { createSplitSql, isSplit, type SplitDataset, sharedFields, sharedTable } from "./split-tables.ts";
import { appendParts, type SharedNumbers } from "./split-writer.ts";
import { createTableSql, ID_COLUMN, quoted, type TableColumn, type TableDataset } from "./tables.ts";

const CHUNK_ROWS = 2048;

const DUCKDB_TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  keyword: VARCHAR,
  text: VARCHAR,
  long: BIGINT,
  unsigned_long: UBIGINT,
  double: DOUBLE,
  boolean: BOOLEAN,
  date: TIMESTAMP,
  // The appender takes text into a JSON column as it is.
  flattened: VARCHAR,
};

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
  const created: string[] = [];
  let addedRows = 0;
  await connection.run("BEGIN TRANSACTION");
  for (const { dataset, ids } of sorted.replaced) {
    for (const table of [dataset.name, oddTable(dataset.name)]) {
      if (database.tables.has(table)) addedRows -= await deleteReplaced({ connection, namespace, table, ids });
    }
  }
  for (const { table, dataset, rows, parts } of sorted.batches) {
    if (!database.tables.has(table)) {
      for (const sql of createSql({ schema: namespace, table, dataset })) await connection.run(sql);
      created.push(table);
      shared.forget(table);
    }
    if (isSplit(dataset)) {
      const { numbers, added } = await shared.of({ connection, schema: namespace, table, parts });
      const into = { table: sharedTable(table), types: sharedTypes(dataset), rows: added };
      await appendRows({ connection, namespace, ...into });
      addedRows += await appendParts({ connection, schema: namespace, table, dataset, parts, numbers });
      continue;
    }
    await appendRows({ connection, namespace, table, types: duckdbTypes(dataset), rows });
    addedRows += rows.length;
  }
  await connection.run("UPDATE main._ethmon SET position = $1", [BigInt(position)]);
  await connection.run("COMMIT");
  for (const name of created) database.tables.set(name, tableOf(name));
  if (sorted.replaced.some(({ dataset }) => dataset.name === foreignIndexDataset.name)) database.noteIndices();
  return { addedRows };
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

function createSql(place: { schema: string; table: string; dataset: TableDataset }): string[] {
  const { dataset } = place;
  return isSplit(dataset) ? createSplitSql({ ...place, dataset }) : [createTableSql(place)];
}

function duckdbTypes(dataset: TableDataset): DuckDBType[] {
  return [TIMESTAMP, BIGINT, ...(dataset.kind === "index" ? [VARCHAR] : []), ...dataset.columns.map(columnType)];
}

function sharedTypes(dataset: SplitDataset): DuckDBType[] {
  const shared = new Set(sharedFields(dataset).map(({ name }) => name));
  return [UINTEGER, BIGINT, ...dataset.columns.filter(({ name }) => shared.has(name)).map(columnType)];
}

function columnType({ type, list }: TableColumn): DuckDBType {
  return list ? LIST(DUCKDB_TYPES[type]) : DUCKDB_TYPES[type];
}

function chunkOf(types: readonly DuckDBType[], rows: readonly Row[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(types, rows.length);
  chunk.setColumns(types.map((type, i) => rows.map((row) => duckdbValue(type, row[i] as Cell))));
  return chunk;
}

function duckdbValue(type: DuckDBType, cell: Cell): DuckDBValue {
  if (cell === null) return null;
  if (type === TIMESTAMP) return new DuckDBTimestampValue(cell as bigint);
  if (!Array.isArray(cell)) return cell as DuckDBValue;
  const itemType = (type as ReturnType<typeof LIST>).valueType;
  return listValue(cell.map((item: Cell) => duckdbValue(itemType, item)));
}
