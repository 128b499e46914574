import type { Row } from "./fit.ts";
import { SHAPE_FIELD, type WideRow } from "./wide-columns.ts";
import { kindOf } from "./wide-shapes.ts";

/** Vectors of the database: fewer rows stand in one anyway. */
const FEWEST_ROWS = 2_048;

/**
 * Puts rows of the same kind side by side, in the order in which the kinds first came. Many senders bring documents with
 * other fields in turn: a column then has its values in one place, and nothing for long, which takes a third less room.
 * Which order rows have in a table says nothing of their own: `_seq` does.
 */
export function gatherKinds(batch: { rows: readonly Row[]; wide: readonly WideRow[] }): {
  rows: readonly Row[];
  wide: readonly WideRow[];
} {
  const { rows, wide } = batch;
  if (rows.length <= FEWEST_ROWS) return batch;
  const kinds = new Map<string, number[]>();
  for (const [i, values] of wide.entries()) {
    const kind = shapeOrKind(values);
    const places = kinds.get(kind);
    if (places === undefined) kinds.set(kind, [i]);
    else places.push(i);
  }
  if (kinds.size < 2) return batch;
  const places = [...kinds.values()].flat();
  return { rows: places.map((i) => rows[i] as Row), wide: places.map((i) => wide[i] as WideRow) };
}

/** A shape stands behind the values; without one documents are told apart by how many fields they have, and which. */
function shapeOrKind(values: WideRow): string {
  const shape = values.findLast(({ field }) => field === SHAPE_FIELD);
  return shape === undefined ? kindOf(values) : String(shape.cells[0]);
}
