import type { ColumnType } from "../../events/dataset.ts";
import type { SqlResult } from "../hits/sql-result.ts";
import { LITERAL, wayOf } from "./cell-texts.ts";
import type { PathNode } from "./walk-leaves.ts";

/** The cells of a field's column in one document, as they are read again. */
export type StoredCells = { type: ColumnType; cells: readonly SqlResult[] };

/** Numbers that are rounded are often, not always, others than those sent: shapes would differ without end. */
const ALWAYS_FROM = 32;
const MAX_LITERALS = 256;
const EACH_LITERAL = 16;

const TRUE = "t".charCodeAt(0);
const FALSE = "f".charCodeAt(0);
const NULL = "n".charCodeAt(0);

/**
 * How a leaf is told in the shape: by the way in which the cell of its field gives just this token, or by `LITERAL`;
 * undefined for one that stays as it is.
 */
export function wayToTake(
  token: string,
  { node, stored, at }: { node: PathNode; stored: StoredCells | undefined; at: number },
): string | undefined {
  const cell = stored?.cells[at];
  const first = token.charCodeAt(0);
  if (first === NULL) return undefined;
  if (stored === undefined || cell === undefined) return first === TRUE || first === FALSE ? undefined : LITERAL;
  const way = wayOf(token, { type: stored.type, cell, usual: node.usualWay });
  if (way === undefined) node.literals = Math.min(MAX_LITERALS, node.literals + EACH_LITERAL);
  else if (node.literals > 0) node.literals -= 1;
  if (way === undefined || node.literals > ALWAYS_FROM) return LITERAL;
  node.usualWay = way;
  return way;
}
