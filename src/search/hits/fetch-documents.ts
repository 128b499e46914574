import type { PlannedTable } from "../reached-tables.ts";
import { readSources } from "../source/read-sources.ts";
import type { Statement } from "../sql-values.ts";
import { columnsOf, type Fetched, type FetchedDocument, fetchStatement, readDocument, shapeOf } from "./documents.ts";
import { includesLeaf, type SourceFilter } from "./source-filter.ts";
import type { SqlResult } from "./sql-result.ts";

/**
 * The documents of rows that begin with (place of the table, `_seq`), by `"<place> <seq>"`: one statement a table, and
 * one more for the texts of others' documents.
 */
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
    const fetched = columnsOf(table.target, fields);
    const read = await run(fetchStatement(table, { seqs, fetched, source: source !== false }));
    const texts = await readTexts({ table, rows: read, source, run });
    for (const row of read) {
      const text = texts.get(row[0] as bigint);
      documents.set(`${place} ${row[0]}`, readDocument({ target: table.target, fetched }, row, text));
    }
  }
  return documents;
}

/** The texts of others' documents, where they are shown. */
async function readTexts(options: {
  table: PlannedTable;
  rows: readonly (readonly SqlResult[])[];
  source: SourceFilter;
  run: (statement: Statement) => Promise<SqlResult[][]>;
}): Promise<ReadonlyMap<bigint, string>> {
  const { table, rows, source, run } = options;
  const { target, sql } = table;
  if (target.foreign === undefined || source === false || rows.length === 0) return new Map();
  return readSources({
    table: { sql, columnOf: target.foreign.columnOf },
    shapes: new Map(rows.map((row) => [row[0] as bigint, shapeOf(row)])),
    isWanted: (path) => includesLeaf(source, path),
    run,
  });
}
