import type { SqlResult } from "../hits/sql-result.ts";
import type { Statement } from "../sql-values.ts";
import { quotedName, seqIn } from "../target.ts";
import { LITERAL } from "./cell-texts.ts";
import { putTogether } from "./put-together.ts";
import { narrowShape, readShape, type SourceShape } from "./source-shape.ts";

/** A table of documents of others. */
export type SourceTable = {
  /** Qualified and quoted. */
  sql: string;
  /** The name of a field's column. */
  columnOf: (field: string) => string;
};

/**
 * The JSON texts of documents by `_seq`, put together from the columns that their shapes mention; no other is read. A
 * document without a shape stands whole in `_rest`. Of leaves that are not wanted a text may have null.
 */
export async function readSources(options: {
  table: SourceTable;
  shapes: ReadonlyMap<bigint, string | null>;
  isWanted?: (path: string) => boolean;
  run: (statement: Statement) => Promise<SqlResult[][]>;
}): Promise<Map<bigint, string>> {
  const { table, shapes, isWanted, run } = options;
  const read = new Map<string, SourceShape>();
  for (const text of new Set(shapes.values())) {
    if (text === null) continue;
    const shape = readShape(text);
    read.set(text, isWanted === undefined ? shape : narrowShape(shape, isWanted));
  }
  const gaps = [...read.values()].flatMap((shape) => shape.gaps);
  const fields = new Set(gaps.filter(({ way }) => way !== LITERAL).map(({ node }) => node.path));
  const rest = gaps.some(({ way }) => way === LITERAL) || [...shapes.values()].includes(null);
  const rows = fields.size === 0 && !rest ? [] : await run(columnsStatement({ table, fields, rest, shapes }));
  const bySeq = new Map(rows.map((row) => [row[0] as bigint, row]));
  const places = new Map([...fields].map((field, i) => [field, i + LEADING]));
  const texts = new Map<bigint, string>();
  for (const [seq, text] of shapes) {
    const row = bySeq.get(seq) ?? [];
    const whole = (row[1] ?? null) as string | null;
    const shape = text === null ? undefined : read.get(text);
    const cellsOf = (field: string) => listOf(row[places.get(field) ?? -1]);
    texts.set(seq, shape === undefined ? (whole ?? "") : putTogether(shape, { cellsOf, rest: whole }));
  }
  return texts;
}

function columnsStatement(options: {
  table: SourceTable;
  fields: ReadonlySet<string>;
  rest: boolean;
  shapes: ReadonlyMap<bigint, unknown>;
}): Statement {
  const { table, fields, rest, shapes } = options;
  const names = [...fields].map((field) => quotedName(field === TIMESTAMP ? TIMESTAMP : table.columnOf(field)));
  const columns = ["_seq", rest ? "_rest" : "NULL", ...names].join(", ");
  return { sql: `SELECT ${columns} FROM ${table.sql} WHERE ${seqIn(shapes.keys())}`, values: [] };
}

const LEADING = 2;
const TIMESTAMP = "@timestamp";

function listOf(cell: SqlResult | undefined): readonly SqlResult[] {
  if (cell === null || cell === undefined) return [];
  return Array.isArray(cell) ? (cell as readonly SqlResult[]) : [cell];
}
