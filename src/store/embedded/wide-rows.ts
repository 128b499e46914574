import type { Json } from "../../events/document.ts";
import type { ValueClass } from "../../search/fields/field-type.ts";
import { type Cell, fitColumn, isMisfit } from "./fit.ts";
import type { WideValues } from "./foreign-datasets.ts";
import { CLASS_COLUMNS, type WideCells, type WideRow } from "./wide-columns.ts";

/** The values of a journaled document by field, or in words what fits no column. */
export function fitWide(values: WideValues): { wide: WideRow } | { misfit: string } {
  const wide: WideCells[] = [];
  for (const valueClass in values) {
    const type = CLASS_COLUMNS[valueClass as ValueClass];
    const byField = values[valueClass as ValueClass] ?? {};
    for (const field in byField) {
      const list = byField[field] as Json;
      const cells = type === "date" ? moments(list as number[]) : fitColumn({ name: field, type, list: true }, list);
      if (isMisfit(cells)) return { misfit: `${field} is not of type ${type}` };
      // No statement can hold the name.
      if (!field.includes("\0"))
        wide.push({ field, type, text: valueClass === "text", cells: cells as readonly Cell[] });
    }
  }
  return { wide };
}

/** Unlike the time of a document, other dates of others may lie before 1970. */
function moments(us: readonly number[]): readonly bigint[] {
  return us.map((moment) => BigInt(Math.round(moment)));
}
