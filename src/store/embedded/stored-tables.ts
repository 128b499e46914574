import type { DuckDBValue } from "@duckdb/node-api";
import type { Keep } from "../../events/dataset.ts";
import { quoted, readTableName } from "./tables.ts";

/** One table of any network in the file; `dayStartUs` where it holds one day of a stream. */
export type StoredTable = {
  network: string;
  name: string;
  /** Qualified and quoted. */
  sql: string;
  dataset: string;
  keep: Keep;
  dayStartUs?: number;
};

export const STORED_TABLES_SQL = `SELECT schema_name, table_name FROM duckdb_tables()
  WHERE NOT internal AND schema_name <> 'main' ORDER BY ALL`;

/** The tables from the rows of `STORED_TABLES_SQL`. Days of datasets that the catalogue no longer has count as raw. */
export function storedTables(rows: readonly DuckDBValue[][], keepOf: ReadonlyMap<string, Keep>): StoredTable[] {
  return rows.map(([network, table]) => {
    const name = String(table);
    const { dataset, dayStartUs } = readTableName(name);
    return {
      network: String(network),
      name,
      sql: `${quoted(String(network))}.${quoted(name)}`,
      dataset,
      keep: keepOf.get(dataset) ?? (dayStartUs === undefined ? "ever" : "raw"),
      ...(dayStartUs === undefined ? {} : { dayStartUs }),
    };
  });
}
