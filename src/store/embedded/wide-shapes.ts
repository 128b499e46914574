import type { SqlResult } from "../../search/hits/sql-result.ts";
import { takeApart } from "../../search/source/take-apart.ts";
import type { StoredCells } from "../../search/source/take-cell.ts";
import type { Row } from "./fit.ts";
import { REST_COLUMN } from "./foreign-datasets.ts";
import { sqlColumns, type TableDataset, TIMESTAMP_COLUMN } from "./tables.ts";
import { SHAPE_FIELD, type WideColumns, type WideRow } from "./wide-columns.ts";

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
  const shaped: { rows: Row[]; wide: WideRow[] } = { rows: [], wide: [] };
  for (const [i, row] of rows.entries()) {
    const values = wide[i] ?? [];
    const storedOf = new Map<string, StoredCells>();
    for (const { field, type, cells } of values) {
      if (columns.has(field)) storedOf.set(field, { type, cells: cells as readonly SqlResult[] });
    }
    storedOf.set(TIMESTAMP_COLUMN, { type: "date", cells: [row[timeAt] as SqlResult] });
    const parts = takeApart(String(row[restAt]), { kind: kindOf(values), storedOf });
    shaped.rows.push(parts === undefined ? row : row.with(restAt, parts.rest ?? null));
    shaped.wide.push(
      parts === undefined ? values : [...values, { field: SHAPE_FIELD, type: "keyword", cells: [parts.shape] }],
    );
  }
  return shaped;
}

/** Documents with values of the same fields are likely of one shape: cheaper than all of their names. */
function kindOf(values: WideRow): string {
  return `${values.length} ${values[0]?.field} ${values.at(-1)?.field}`;
}
