import type { ColumnType } from "../../events/dataset.ts";
import type { Json } from "../../events/document.ts";
import type { ValueClass } from "../../search/fields/field-type.ts";
import { type Cell, fitColumn, isMisfit } from "./fit.ts";
import type { WideValues } from "./foreign-datasets.ts";
import { CLASS_COLUMNS, type WideRow } from "./wide-columns.ts";

/** The values of a journaled document by field, or in words what fits no column. */
export function fitWide(values: WideValues): { wide: WideRow } | { misfit: string } {
  const wide: { field: string; type: ColumnType; cells: readonly Cell[] }[] = [];
  for (const valueClass in values) {
    const type = CLASS_COLUMNS[valueClass as ValueClass];
    const byField = values[valueClass as ValueClass] ?? {};
    for (const field in byField) {
      const cells = fitColumn({ name: field, type, list: true }, byField[field] as Json);
      if (isMisfit(cells)) return { misfit: `${field} is not of type ${type}` };
      // No statement can hold the name.
      if (!field.includes("\0")) wide.push({ field, type, cells: cells as readonly Cell[] });
    }
  }
  return { wide };
}
