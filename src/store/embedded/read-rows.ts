import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { Fault } from "../../lib/fault.ts";

/** Runs one statement and reads all its rows. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[] = [],
): Promise<DuckDBValue[][]> {
  const reader = await connection.runAndReadAll(sql, values);
  return reader.getRows();
}

/** The journal position up to which all documents stand in the database. */
export async function readPosition(connection: DuckDBConnection): Promise<number> {
  const [row] = await readRows(connection, "SELECT position FROM main._ethmon");
  if (row === undefined) throw new Fault("store_unavailable", "The database has lost its journal position");
  return Number(row[0]);
}
