import type { SqlResult } from "../../search/hits/sql-result.ts";
import { shapeVarietyOf } from "../../search/source/shape-variety.ts";
import { takeApart } from "../../search/source/take-apart.ts";
import type { StoredCells } from "../../search/source/take-cell.ts";
import type { Cell, Row } from "./fit.ts";
import { REST_COLUMN } from "./foreign-datasets.ts";
import { sqlColumns, type TableDataset, TIMESTAMP_COLUMN } from "./tables.ts";
import { LITERALS_FIELD, SHAPE_FIELD, type WideCells, type WideColumns, type WideRow } from "./wide-columns.ts";

/**
 * Longer ones go to `_rest`: they are rarely the same, which zstd makes smaller, and beyond 4096 bytes the database would
 * compress no literal that stands near.
 */
const MAX_LITERALS_LENGTH = 256;

/** Takes out of the documents' texts what the columns of their fields hold. */
export function withShapes(options: {
  dataset: TableDataset;
  columns: WideColumns;
  rows: readonly Row[];
  wide: readonly WideRow[];
}): { rows: readonly Row[]; wide: readonly WideRow[] } {
  const { dataset, columns, rows, wide } = options;
  const places = sqlColumns(dataset).map(({ name }) => name);
  const [restAt, timeAt] = [places.indexOf(REST_COLUMN), places.indexOf(TIMESTAMP_COLUMN)];
  const variety = shapeVarietyOf(dataset.name);
  const shaped: { rows: Row[]; wide: WideRow[] } = { rows: [], wide: [] };
  for (const [i, row] of rows.entries()) {
    const values = wide[i] ?? [];
    const parts = variety.tried(() =>
      takeApart(String(row[restAt]), {
        kind: kindOf(values),
        storedOf: storedIn({ values, columns, timestampUs: row[timeAt] }),
      }),
    );
    if (parts === undefined) {
      shaped.rows.push(row);
      shaped.wide.push(values);
      continue;
    }
    const { shape, rest } = parts;
    const isLong = rest !== undefined && rest.length > MAX_LITERALS_LENGTH;
    shaped.rows.push(row.with(restAt, isLong ? rest : null));
    const literals = rest === undefined || isLong ? [] : [textCell(LITERALS_FIELD, rest)];
    shaped.wide.push([...values, textCell(SHAPE_FIELD, shape), ...literals]);
  }
  return shaped;
}

function textCell(field: string, cell: string): WideCells {
  return { field, type: "keyword", text: false, cells: [cell] };
}

/** The cells that the table's columns hold of a document. */
function storedIn(options: {
  values: WideRow;
  columns: WideColumns;
  timestampUs: Cell | undefined;
}): Map<string, StoredCells> {
  const { values, columns, timestampUs } = options;
  const stored = new Map<string, StoredCells>();
  for (const { field, type, cells } of values) {
    if (columns.has(field)) stored.set(field, { type, cells: cells as readonly SqlResult[] });
  }
  return stored.set(TIMESTAMP_COLUMN, { type: "date", cells: [timestampUs as SqlResult] });
}

/** Documents with values of the same fields are likely of one shape: cheaper than all of their names. */
function kindOf(values: WideRow): string {
  return `${values.length} ${values[0]?.field} ${values.at(-1)?.field}`;
}
