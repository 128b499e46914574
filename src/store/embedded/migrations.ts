import type { DuckDBConnection } from "@duckdb/node-api";
import { Fault } from "../../lib/fault.ts";
import { foreignDataset } from "./foreign-datasets.ts";
import { CREATE_MARKS_SQL } from "./gathered-marks.ts";
import { readRows } from "./read-rows.ts";
import { isSplit, readPart, rowColumns, sharedColumns, splitTableSql, viewSql } from "./split-tables.ts";
import { quoted, readTableName, type SqlColumn, sqlColumns, type TableDataset } from "./tables.ts";

/**
 * Each entry takes the file from the version of its place to the next; never change one that was released.
 * The columns of datasets are no matter of versions: they follow the catalogue.
 */
const MIGRATIONS: readonly ((connection: DuckDBConnection) => Promise<readonly string[]>)[] = [
  async () => [
    "CREATE TABLE main._ethmon (schema_version INTEGER NOT NULL, position BIGINT NOT NULL)",
    "INSERT INTO main._ethmon VALUES (0, 0)",
  ],
  // Texts of others' documents get shapes: those from before stay whole.
  async (connection) => {
    const tables = await readRows(
      connection,
      "SELECT schema_name, table_name FROM duckdb_columns() WHERE column_name = '_source' ORDER BY ALL",
    );
    return tables
      .filter(([, table]) => foreignDataset(readTableName(String(table)).dataset) !== undefined)
      .map(([schema, table]) => `ALTER TABLE ${quoted(String(schema))}.${quoted(String(table))}`)
      .flatMap((alter) => [`${alter} RENAME "_source" TO "_rest"`, `${alter} ADD COLUMN "_shape" VARCHAR`]);
  },
  // Short literals of texts get a column of their own: those from before stay with the long ones.
  async (connection) => {
    const tables = await readRows(
      connection,
      "SELECT schema_name, table_name FROM duckdb_columns() WHERE column_name = '_shape' ORDER BY ALL",
    );
    return tables
      .filter(([, table]) => foreignDataset(readTableName(String(table)).dataset) !== undefined)
      .map(
        ([schema, table]) =>
          `ALTER TABLE ${quoted(String(schema))}.${quoted(String(table))} ADD COLUMN "_literals" VARCHAR`,
      );
  },
  async () => [CREATE_MARKS_SQL],
];

/** Brings the file to this program's version. Throws `store_newer` for a file from a later one. */
export async function migrate(options: {
  connection: DuckDBConnection;
  namespace: string;
  datasets: readonly TableDataset[];
  file: string;
}): Promise<void> {
  const { connection, namespace, datasets, file } = options;
  const version = await checkVersion(connection, file);
  await connection.run("BEGIN TRANSACTION");
  for (const statementsFor of MIGRATIONS.slice(version)) {
    for (const sql of await statementsFor(connection)) await connection.run(sql);
  }
  if (version < MIGRATIONS.length)
    await connection.run("UPDATE main._ethmon SET schema_version = $1", [MIGRATIONS.length]);
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoted(namespace)}`);
  await followCatalogue({ connection, namespace, datasets });
  await connection.run("COMMIT");
}

/** The version of the file, 0 for a new one. Throws `store_newer` for a file from a later program. */
export async function checkVersion(connection: DuckDBConnection, file: string): Promise<number> {
  const version = await schemaVersion(connection);
  if (version <= MIGRATIONS.length) return version;
  throw new Fault("store_newer", `The database ${file} was written by a newer version of ethmon`);
}

async function schemaVersion(connection: DuckDBConnection): Promise<number> {
  const known = await readRows(
    connection,
    "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = '_ethmon'",
  );
  if (known.length === 0) return 0;
  const [row] = await readRows(connection, "SELECT schema_version FROM main._ethmon");
  return Number(row?.[0] ?? 0);
}

/** Adds columns that the catalogue gained to existing tables, and changes types that it changed. */
async function followCatalogue(options: {
  connection: DuckDBConnection;
  namespace: string;
  datasets: readonly TableDataset[];
}): Promise<void> {
  const { connection, namespace, datasets } = options;
  const rows = await readRows(
    connection,
    `SELECT table_name, column_name, data_type FROM duckdb_columns()
     WHERE schema_name = $1 AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE schema_name = $1)
     ORDER BY table_name, column_index`,
    [namespace],
  );
  const tables = new Map<string, Map<string, string>>();
  for (const [table, column, type] of rows) {
    const columns = tables.get(String(table)) ?? new Map<string, string>();
    columns.set(String(column), String(type));
    tables.set(String(table), columns);
  }
  for (const [table, present] of tables) {
    const { name: day, part } = readPart(table);
    const { dataset: own } = readTableName(day);
    const dataset = datasets.find(({ name }) => name === own) ?? foreignDataset(own);
    if (dataset === undefined) continue;
    const target = `${quoted(namespace)}.${quoted(table)}`;
    for (const { name, type } of columnsOf(part, dataset)) {
      const presentType = present.get(name);
      if (presentType === undefined) await connection.run(`ALTER TABLE ${target} ADD COLUMN ${quoted(name)} ${type}`);
      else if (presentType !== type) await connection.run(`ALTER TABLE ${target} ALTER ${quoted(name)} TYPE ${type}`);
    }
    if (!isSplit(dataset)) continue;
    const split = { schema: namespace, table: day, dataset };
    if (part === "whole") for (const sql of splitTableSql(split)) await connection.run(sql);
    // The tables of a day are listed one after the other: the view is right once its second one was looked at.
    else if (part === "shared") await connection.run(viewSql(split));
  }
}

function columnsOf(part: "whole" | "rows" | "shared", dataset: TableDataset): readonly SqlColumn[] {
  if (part === "whole" || !isSplit(dataset)) return sqlColumns(dataset);
  return part === "rows" ? rowColumns(dataset) : sharedColumns(dataset);
}
