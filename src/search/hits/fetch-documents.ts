import type { PlannedTable } from "../reached-tables.ts";
import type { Statement } from "../sql-values.ts";
import { columnsOf, type Fetched, type FetchedDocument, fetchStatement, readDocument } from "./documents.ts";
import type { SqlResult } from "./sql-result.ts";

/** The documents of rows that begin with (place of the table, `_seq`), by `"<place> <seq>"`: one statement a table. */
export async function fetchDocuments(options: {
  rows: readonly (readonly SqlResult[])[];
  tables: readonly PlannedTable[];
  wanted: Fetched;
  run: (statement: Statement) => Promise<SqlResult[][]>;
}): Promise<Map<string, FetchedDocument>> {
  const { rows, tables, run } = options;
  const { fields, source } = options.wanted;
  const byTable = Map.groupBy(rows, ([place]) => Number(place));
  const documents = new Map<string, FetchedDocument>();
  for (const [place, found] of byTable) {
    const table = tables[place];
    if (table === undefined) continue;
    const seqs = [...new Set(found.map(([, seq]) => seq as bigint))];
    const columns = columnsOf(table.target, fields);
    for (const row of await run(fetchStatement(table, { seqs, fetched: columns, source }))) {
      documents.set(`${place} ${row[0]}`, readDocument(table.target, row, columns));
    }
  }
  return documents;
}
