import type { DuckDBConnection } from "@duckdb/node-api";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import type { Database } from "./database.ts";
import { foreignDatasetName } from "./foreign-datasets.ts";
import { readRows } from "./read-rows.ts";
import { ID_COLUMN, quoted } from "./tables.ts";

/** Drops an index of others with what is known of it, in one transaction on the connection that writes. */
export async function dropForeign(options: {
  connection: DuckDBConnection;
  database: Database;
  schema: string;
  index: string;
}): Promise<{ removedRows: number }> {
  const { connection, database, schema, index } = options;
  const names = new Set((["stream", "index"] as const).map((kind) => foreignDatasetName({ index, kind })));
  const tables = [...database.tables.values()].filter(({ dataset }) => names.has(dataset)).map(({ name }) => name);
  database.forget(tables);
  let removedRows = 0;
  await connection.run("BEGIN TRANSACTION");
  for (const table of tables) {
    const at = `${quoted(schema)}.${quoted(table)}`;
    const [row] = await readRows(connection, `SELECT count(*) FROM ${at}`);
    removedRows += Number(row?.[0] ?? 0);
    await connection.run(`DROP TABLE ${at}`);
  }
  if (database.tables.has(foreignIndexDataset.name)) {
    const at = `${quoted(schema)}.${quoted(foreignIndexDataset.name)}`;
    const { rowsChanged } = await connection.run(`DELETE FROM ${at} WHERE ${ID_COLUMN} = $1`, [index]);
    removedRows += rowsChanged;
  }
  await connection.run("COMMIT");
  database.noteIndices();
  return { removedRows };
}
