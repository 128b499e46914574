import { parseJsonExact } from "../../lib/json.ts";
import type { Cell, Row } from "./fit.ts";
import { VALUES_COLUMN } from "./foreign-datasets.ts";
import { sqlColumns, type TableDataset } from "./tables.ts";
import type { WideColumns, WideRow } from "./wide-columns.ts";

/** Puts the values of fields without a column, as the journal had them, to those that never have one. */
export function withOverflow(options: {
  dataset: TableDataset;
  columns: WideColumns;
  rows: readonly Row[];
  wide: readonly WideRow[];
}): readonly Row[] {
  const { dataset, columns, rows, wide } = options;
  const place = sqlColumns(dataset).findIndex(({ name }) => name === VALUES_COLUMN);
  return rows.map((row, i) => {
    const beyond = (wide[i] ?? []).filter(({ field }) => !columns.has(field));
    if (beyond.length === 0) return row;
    const values = typeof row[place] === "string" ? (parseJsonExact(row[place]) as object) : {};
    const added = Object.fromEntries(beyond.map(({ field, cells }) => [field, cells.map(jsonCell)]));
    return row.with(place, JSON.stringify({ ...values, ...added }));
  });
}

/** An integer beyond 2^53 is its decimal text. */
function jsonCell(cell: Cell): Cell {
  if (typeof cell !== "bigint") return cell;
  const number = Number(cell);
  return Number.isSafeInteger(number) ? number : String(cell);
}
