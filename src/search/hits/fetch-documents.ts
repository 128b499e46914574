import type { PlannedTable } from "../reached-tables.ts";
import { type CellRows, cellSql, readSources } from "../source/read-sources.ts";
import { guessFields } from "../source/shapes-of-late.ts";
import type { Statement } from "../sql-values.ts";
import type { SearchColumn } from "../target.ts";
import {
  besidePlace,
  columnsOf,
  type Fetched,
  type FetchedDocument,
  fetchStatement,
  readDocument,
  shapeOf,
} from "./documents.ts";
import { includesLeaf, type SourceFilter } from "./source-filter.ts";
import type { SqlResult } from "./sql-result.ts";

type Run = (statement: Statement) => Promise<SqlResult[][]>;

/**
 * The documents of rows that begin with (place of the table, `_seq`), by `"<place> <seq>"`: one statement a table, and
 * one more for texts of others' documents that are of other shapes than the last ones.
 */
export async function fetchDocuments(options: {
  rows: readonly (readonly SqlResult[])[];
  tables: readonly PlannedTable[];
  wanted: Fetched;
  run: Run;
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
    const { read, texts } = await readTable({ table, seqs, fetched, source, run });
    for (const row of read) {
      const text = texts.get(row[0] as bigint);
      documents.set(`${place} ${row[0]}`, readDocument({ target: table.target, fetched }, row, text));
    }
  }
  return documents;
}

/** Rows of `fetchStatement`, and the texts of others' documents, where they are shown. */
async function readTable(options: {
  table: PlannedTable;
  seqs: readonly bigint[];
  fetched: readonly [string, SearchColumn][];
  source: SourceFilter;
  run: Run;
}): Promise<{ read: SqlResult[][]; texts: ReadonlyMap<bigint, string> }> {
  const { table, seqs, fetched, source, run } = options;
  const { target, sql } = table;
  if (target.foreign === undefined || source === false) {
    const read = await run(fetchStatement(table, { seqs, fetched, source: source !== false, beside: [] }));
    return { read, texts: new Map() };
  }
  const { columnOf } = target.foreign;
  const isWanted = source.includes.length === 0 ? undefined : (path: string) => includesLeaf(source, path);
  const guess = guessFields({ table: sql, isWanted, isKnown: (field) => target.columns.has(field) });
  const beside = guess.fields.map((field) => cellSql({ columnOf }, field));
  const read = await run(fetchStatement(table, { seqs, fetched, source: true, beside }));
  const shapes = new Map(read.map((row) => [row[0] as bigint, shapeOf(row)]));
  guess.note([...shapes.values()]);
  const given: CellRows = {
    rows: new Map(read.map((row) => [row[0] as bigint, row])),
    places: new Map(guess.fields.map((field, i) => [field, besidePlace(fetched) + i])),
  };
  return {
    read,
    texts: await readSources({ table: { sql, columnOf }, shapes, given, ...(isWanted && { isWanted }), run }),
  };
}
