import type { DuckDBConnection } from "@duckdb/node-api";
import { quotedText } from "../../search/target.ts";
import { readRows } from "./read-rows.ts";
import { TIMESTAMP_COLUMN } from "./tables.ts";
import { SHAPE_COLUMN } from "./wide-columns.ts";

/** What the database compresses together: a part of a table that holds just so many rows is written as it is. */
export const PIECE_ROWS = 122_880;
/** Of a statement: what it reads and sorts stays small, whatever the rows are. */
const STATEMENT_ROWS = 8_192;
/** More kinds have little in common: nothing would come to stand side by side. */
const MAX_KINDS = 2_048;
/** From this share on that one kind has of the rows, they stand side by side already. */
const ONE_KIND = 0.95;

/** Rows of a table by `_seq`: those behind `after`, up to `last`. */
export type Piece = { table: string; after: bigint; last: bigint; rows: number };

type Kind = { shape: string | null; rows: number };

/** The next rows behind a position; undefined where there are none. */
export async function nextPiece(
  connection: DuckDBConnection,
  { table, after }: { table: string; after: bigint },
): Promise<Piece | undefined> {
  const [row] = await readRows(
    connection,
    `SELECT max(_seq), count(*) FROM
     (SELECT _seq FROM ${table} WHERE _seq > ${after} ORDER BY _seq LIMIT ${PIECE_ROWS})`,
  );
  const rows = Number(row?.[1] ?? 0);
  return rows === 0 ? undefined : { table, after, last: BigInt(String(row?.[0])), rows };
}

/**
 * How the rows of a piece can be written kind by kind: the conditions of statements of few rows each. Undefined where
 * that is not worth it.
 */
export async function planPiece(connection: DuckDBConnection, piece: Piece): Promise<string[] | undefined> {
  const kinds = (
    await readRows(
      connection,
      `SELECT ${SHAPE_COLUMN}, count(*) FROM ${piece.table} WHERE ${within(piece)}
       GROUP BY ALL ORDER BY ALL LIMIT ${MAX_KINDS + 1}`,
    )
  ).map(([shape, rows]): Kind => ({ shape: shape === null ? null : String(shape), rows: Number(rows) }));
  if (kinds.length > MAX_KINDS || kinds.some(({ rows }) => rows > ONE_KIND * piece.rows)) return undefined;
  const conditions: string[] = [];
  for (const group of groupsOf(kinds)) {
    const [first] = group;
    if (first === undefined) continue;
    const isOfGroup = conditionOf(group);
    if (first.rows <= STATEMENT_ROWS) conditions.push(`${isOfGroup} AND ${within(piece)}`);
    else {
      let { after } = piece;
      for (const last of await cutsOf(connection, { piece, isOfGroup })) {
        conditions.push(`${isOfGroup} AND ${within({ after, last })}`);
        after = last;
      }
    }
  }
  return conditions;
}

/**
 * Writes the rows of a piece anew behind all others, kind by kind and by time, and removes those that were there; what
 * began before sees them as they were. To be called within a transaction.
 */
export async function writePiece(
  connection: DuckDBConnection,
  { piece, conditions }: { piece: Piece; conditions: readonly string[] },
): Promise<void> {
  const { table } = piece;
  // What is written here has larger ones.
  const [row] = await readRows(connection, `SELECT max(rowid) FROM ${table} WHERE ${within(piece)}`);
  const isThere = `rowid <= ${row?.[0]}`;
  for (const condition of conditions) {
    await connection.run(
      `INSERT INTO ${table} SELECT * FROM ${table} WHERE ${condition} AND ${isThere}
       ORDER BY ${SHAPE_COLUMN}, "${TIMESTAMP_COLUMN}", _seq`,
    );
  }
  await connection.run(`DELETE FROM ${table} WHERE ${within(piece)} AND ${isThere}`);
}

function within({ after, last }: Pick<Piece, "after" | "last">): string {
  return `_seq > ${after} AND _seq <= ${last}`;
}

/** Kinds that follow each other, together as many rows as a statement takes; one that has more is alone. */
function* groupsOf(kinds: readonly Kind[]): Generator<readonly Kind[]> {
  let group: Kind[] = [];
  let rows = 0;
  for (const kind of kinds) {
    // Texts without a shape compare to none.
    if (group.length > 0 && (kind.shape === null || rows + kind.rows > STATEMENT_ROWS)) {
      yield group;
      group = [];
      rows = 0;
    }
    group.push(kind);
    rows += kind.rows;
  }
  if (group.length > 0) yield group;
}

function conditionOf(group: readonly Kind[]): string {
  const [first, last] = [group[0]?.shape ?? null, group.at(-1)?.shape ?? null];
  if (first === null || last === null) return `${SHAPE_COLUMN} IS NULL`;
  return `${SHAPE_COLUMN} BETWEEN ${quotedText(first)} AND ${quotedText(last)}`;
}

/** The last position of each statement's rows. */
async function cutsOf(
  connection: DuckDBConnection,
  { piece, isOfGroup }: { piece: Piece; isOfGroup: string },
): Promise<bigint[]> {
  const rows = await readRows(
    connection,
    `SELECT max(_seq) AS last FROM (
       SELECT _seq, (row_number() OVER (ORDER BY _seq) - 1) // ${STATEMENT_ROWS} AS cut
       FROM ${piece.table} WHERE ${isOfGroup} AND ${within(piece)}
     ) GROUP BY cut ORDER BY last`,
  );
  return rows.map(([last]) => BigInt(String(last)));
}
