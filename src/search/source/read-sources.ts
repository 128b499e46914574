import type { SqlResult } from "../hits/sql-result.ts";
import { seqIn } from "../seq-in.ts";
import type { Statement } from "../sql-values.ts";
import { quotedName } from "../target.ts";
import { LITERAL } from "./cell-texts.ts";
import { putTogether, referredIn } from "./put-together.ts";
import { narrowShape, readShape, type SourceShape } from "./source-shape.ts";

/** A table of documents of others. */
export type SourceTable = {
  /** Qualified and quoted. */
  sql: string;
  /** The name of a field's column. */
  columnOf: (field: string) => string;
};

/** Stands for `_literals` and `_rest` among fields: none with this character has a column. */
const REST = "\0";

/** Rows of documents by `_seq`, and the fields whose cells stand in them, by place. */
export type CellRows = { rows: ReadonlyMap<bigint, readonly SqlResult[]>; places: ReadonlyMap<string, number> };

/**
 * The JSON texts of documents by `_seq`, put together from the columns that their shapes mention; what was read before
 * (`given`) is not read again, and nothing else is. A document without a shape stands whole in `_rest`. Of leaves that
 * are not wanted a text may have null.
 */
export async function readSources(options: {
  table: SourceTable;
  shapes: ReadonlyMap<bigint, string | null>;
  given?: CellRows;
  isWanted?: (path: string) => boolean;
  run: (statement: Statement) => Promise<SqlResult[][]>;
}): Promise<Map<bigint, string>> {
  const { table, shapes, given = NOTHING, isWanted, run } = options;
  const wanted = new Map<string | null, WantedShape>([[null, { needs: new Set([REST]) }]]);
  for (const text of shapes.values()) {
    if (text !== null && !wanted.has(text)) wanted.set(text, wantedShape(text, isWanted));
  }
  const lacking = lackingOf({ shapes, wanted, given });
  const read = [given, await readCells({ table, lacking, run })];
  const referred = referredOf({ shapes, wanted, read });
  read.push(await readCells({ table, lacking: referred, run }));

  const texts = new Map<bigint, string>();
  for (const [seq, text] of shapes) {
    const { shape } = wanted.get(text) ?? {};
    const cellOf = cellsIn(read, seq);
    const rest = restIn(cellOf);
    const cellsOf = (field: string) => listOf(cellOf(field));
    texts.set(seq, shape === undefined ? (rest ?? "") : putTogether(shape, { cellsOf, rest }));
  }
  return texts;
}

const NOTHING: CellRows = { rows: new Map(), places: new Map() };

type WantedShape = { shape?: SourceShape; needs: ReadonlySet<string> };

/** What of a shape is wanted, and the fields whose cells it takes, as far as the shape tells; `REST` among them. */
export function wantedShape(text: string, isWanted: ((path: string) => boolean) | undefined): Required<WantedShape> {
  const whole = readShape(text);
  const shape = isWanted === undefined ? whole : narrowShape(whole, isWanted);
  const needs = new Set(shape.gaps.map(({ way, node }) => (way === LITERAL ? REST : node.path)));
  if (needs.has(REST)) for (const place of shape.referred) needs.add(shape.all[place]?.node.path ?? REST);
  return { shape, needs };
}

type Shapes = ReadonlyMap<bigint, string | null>;
type Wanted = ReadonlyMap<string | null, WantedShape>;
/** Documents that lack the cells of some of the fields. */
type Lacking = { seqs: Set<bigint>; fields: Set<string> };

function lackingOf({ shapes, wanted, given }: { shapes: Shapes; wanted: Wanted; given: CellRows }): Lacking {
  const lacking: Lacking = { seqs: new Set(), fields: new Set() };
  const byShape = new Map(
    [...wanted].map(([text, { needs }]) => [text, [...needs].filter((field) => !given.places.has(field))]),
  );
  for (const [seq, text] of shapes) if ((byShape.get(text)?.length ?? 0) > 0) lacking.seqs.add(seq);
  for (const text of new Set(shapes.values())) for (const field of byShape.get(text) ?? []) lacking.fields.add(field);
  return lacking;
}

/** To which cells the literals of a narrowed shape refer, they tell themselves. */
function referredOf({ shapes, wanted, read }: { shapes: Shapes; wanted: Wanted; read: readonly CellRows[] }): Lacking {
  const lacking: Lacking = { seqs: new Set(), fields: new Set() };
  for (const [seq, text] of shapes) {
    const { shape } = wanted.get(text) ?? {};
    if (shape === undefined || shape.gaps === shape.all) continue;
    const cellOf = cellsIn(read, seq);
    for (const { node } of referredIn(shape, restIn(cellOf))) {
      if (cellOf(node.path) !== undefined) continue;
      lacking.seqs.add(seq);
      lacking.fields.add(node.path);
    }
  }
  return lacking;
}

/** The cells of one document; undefined where they were not read. */
function cellsIn(read: readonly CellRows[], seq: bigint): (field: string) => SqlResult | undefined {
  const parts = read.flatMap(({ rows, places }) => {
    const row = rows.get(seq);
    return row === undefined ? [] : [{ row, places }];
  });
  return (field) => {
    for (const { row, places } of parts) {
      const place = places.get(field);
      if (place !== undefined) return row[place] ?? null;
    }
    return undefined;
  };
}

function restIn(cellOf: (field: string) => SqlResult | undefined): string | null {
  return (cellOf(REST) ?? null) as string | null;
}

async function readCells(options: {
  table: SourceTable;
  lacking: Lacking;
  run: (statement: Statement) => Promise<SqlResult[][]>;
}): Promise<CellRows> {
  const { table, lacking, run } = options;
  const fields = [...lacking.fields];
  if (fields.length === 0) return NOTHING;
  const columns = ["_seq", ...fields.map((field) => cellSql(table, field))];
  const condition = seqIn(lacking.seqs, columns.length);
  const rows = await run({ sql: `SELECT ${columns.join(", ")} FROM ${table.sql} WHERE ${condition}`, values: [] });
  return {
    rows: new Map(rows.map((row) => [row[0] as bigint, row])),
    places: new Map(fields.map((field, i) => [field, i + 1])),
  };
}

/** The column with the cells of a field, or what `REST` stands for. */
export function cellSql({ columnOf }: Pick<SourceTable, "columnOf">, field: string): string {
  if (field === REST) return "coalesce(_literals, _rest)";
  return quotedName(field === TIMESTAMP ? TIMESTAMP : columnOf(field));
}

/** Whether what goes by this name has no column of a field's own. */
export function isColumnless(field: string): boolean {
  return field === REST || field === TIMESTAMP;
}

const TIMESTAMP = "@timestamp";

function listOf(cell: SqlResult | undefined): readonly SqlResult[] {
  if (cell === null || cell === undefined) return [];
  return Array.isArray(cell) ? (cell as readonly SqlResult[]) : [cell];
}
