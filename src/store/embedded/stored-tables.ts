import type { DuckDBValue } from "@duckdb/node-api";
import type { Keep } from "../../events/dataset.ts";
import { readPart, rowsTable, sharedTable } from "./split-tables.ts";
import { quoted, readTableName } from "./tables.ts";

/** One table of any network in the file; `dayStartUs` where it holds one day of a stream. */
export type StoredTable = {
  network: string;
  name: string;
  /** Qualified and quoted: what a search reads, and the tables that hold it, its rows first. */
  sql: string;
  parts: readonly string[];
  split: boolean;
  dataset: string;
  keep: Keep;
  dayStartUs?: number;
};

export const STORED_TABLES_SQL = `SELECT schema_name, table_name FROM duckdb_tables()
  WHERE NOT internal AND schema_name <> 'main' ORDER BY ALL`;

/** The tables from the rows of `STORED_TABLES_SQL`. Days of datasets that the catalogue no longer has count as raw. */
export function storedTables(rows: readonly DuckDBValue[][], keepOf: ReadonlyMap<string, Keep>): StoredTable[] {
  return rows.flatMap(([network, table]) => {
    const { name, part } = readPart(String(table));
    if (part === "shared") return [];
    const split = part === "rows";
    const sqlOf = (part: string) => `${quoted(String(network))}.${quoted(part)}`;
    const { dataset, dayStartUs } = readTableName(name);
    return {
      network: String(network),
      name,
      sql: sqlOf(name),
      parts: (split ? [rowsTable(name), sharedTable(name)] : [name]).map(sqlOf),
      split,
      dataset,
      keep: keepOf.get(dataset) ?? (dayStartUs === undefined ? "ever" : "raw"),
      ...(dayStartUs === undefined ? {} : { dayStartUs }),
    };
  });
}
