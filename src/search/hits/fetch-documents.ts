import type { PlannedTable } from "../reached-tables.ts";
import type { Statement } from "../sql-values.ts";
import type { FieldAsked } from "./asked-fields.ts";
import { columnsOf, type FetchedDocument, fetchStatement, readDocument } from "./documents.ts";
import type { SqlResult } from "./sql-result.ts";

/** The documents of rows that begin with (place of the table, `_seq`), by `"<place> <seq>"`: one statement a table. */
export async function fetchDocuments(options: {
  rows: readonly (readonly SqlResult[])[];
  tables: readonly PlannedTable[];
  /** The fields that the documents are asked for. */
  fields: readonly FieldAsked[];
  run: (statement: Statement) => Promise<SqlResult[][]>;
}): Promise<Map<string, FetchedDocument>> {
  const { rows, tables, fields, run } = options;
  const wanted = Map.groupBy(rows, ([place]) => Number(place));
  const documents = new Map<string, FetchedDocument>();
  for (const [place, found] of wanted) {
    const table = tables[place];
    if (table === undefined) continue;
    const seqs = [...new Set(found.map(([, seq]) => seq as bigint))];
    const columns = columnsOf(table.target, fields);
    for (const row of await run(fetchStatement(table, seqs, columns))) {
      documents.set(`${place} ${row[0]}`, readDocument(table.target, row, columns));
    }
  }
  return documents;
}
