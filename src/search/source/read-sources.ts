import type { SqlResult } from "../hits/sql-result.ts";
import type { Statement } from "../sql-values.ts";
import { quotedName, seqIn } from "../target.ts";
import { type IsWanted, partsOf, putTogether } from "./put-together.ts";
import { readShape, type SourceShape } from "./source-shape.ts";

/** A table of documents of others. */
export type SourceTable = {
  /** Qualified and quoted. */
  sql: string;
  /** The name of a field's column. */
  columnOf: (field: string) => string;
};

/**
 * The JSON texts of documents by `_seq`, put together from the columns that their shapes mention; no other is read. A
 * document without a shape stands whole in `_rest`.
 */
export async function readSources(options: {
  table: SourceTable;
  shapes: ReadonlyMap<bigint, string | null>;
  isWanted?: IsWanted;
  run: (statement: Statement) => Promise<SqlResult[][]>;
}): Promise<Map<bigint, string>> {
  const { table, shapes, isWanted = () => true, run } = options;
  const read = new Map<bigint, SourceShape | undefined>();
  for (const [seq, shape] of shapes) read.set(seq, shape === null ? undefined : readShape(shape));
  const fields = new Set<string>();
  let rest = false;
  for (const shape of new Set(read.values())) {
    const parts = shape === undefined ? undefined : partsOf(shape, isWanted);
    for (const field of parts?.fields ?? []) fields.add(field);
    rest ||= parts?.rest ?? true;
  }
  const places = new Map([...fields].map((field, i) => [field, i + LEADING]));
  const names = [...fields].map((field) => quotedName(field === TIMESTAMP ? TIMESTAMP : table.columnOf(field)));
  const rows = new Map<bigint, readonly SqlResult[]>();
  if (names.length > 0 || rest) {
    const columns = ["_seq", rest ? "_rest" : "NULL", ...names].join(", ");
    const sql = `SELECT ${columns} FROM ${table.sql} WHERE ${seqIn(shapes.keys())}`;
    for (const row of await run({ sql, values: [] })) rows.set(row[0] as bigint, row);
  }
  const texts = new Map<bigint, string>();
  for (const [seq, shape] of read) {
    const row = rows.get(seq) ?? [];
    const whole = (row[1] ?? null) as string | null;
    const cellsOf = (field: string) => listOf(row[places.get(field) ?? -1]);
    texts.set(seq, shape === undefined ? (whole ?? "null") : putTogether(shape, { cellsOf, rest: whole, isWanted }));
  }
  return texts;
}

const LEADING = 2;
const TIMESTAMP = "@timestamp";

function listOf(cell: SqlResult | undefined): readonly SqlResult[] {
  if (cell === null || cell === undefined) return [];
  return Array.isArray(cell) ? (cell as readonly SqlResult[]) : [cell];
}
