import type { Json } from "../../events/document.ts";
import { isoFromUs } from "../dates/iso-date.ts";
import type { FieldType } from "../fields/field-type.ts";
import type { SearchColumn } from "../target.ts";
import { type SqlResult, safeInteger } from "./sql-result.ts";

/** `_source` of a document of ours from its values, which stand in the order of the columns. */
export function sourceOfColumns(
  columns: Iterable<SearchColumn>,
  { timestampUs, cells }: { timestampUs: bigint; cells: readonly (SqlResult | undefined)[] },
): Record<string, Json> {
  const source: Record<string, Json> = { "@timestamp": isoFromUs(timestampUs) };
  let i = 0;
  for (const column of columns) {
    const cell = cells[i++];
    if (cell !== null && cell !== undefined) placeAt(source, column.name, shapeColumn(column, cell));
  }
  return source;
}

/** `a.b.c` becomes nested objects, as Elasticsearch's documents are. */
export function placeAt(source: Record<string, Json>, path: string, value: Json): void {
  let at: Record<string, Json> = source;
  let from = 0;
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", from)) {
    const part = path.slice(from, dot);
    at[part] ??= {};
    at = at[part] as Record<string, Json>;
    from = dot + 1;
  }
  at[path.slice(from)] = value;
}

function shapeColumn({ type, list }: SearchColumn, cell: SqlResult): Json {
  return list ? (cell as readonly SqlResult[]).map((item) => shapeValue(type, item)) : shapeValue(type, cell);
}

function shapeValue(type: FieldType, value: SqlResult): Json {
  if (value === null) return null;
  if (type === "date") return isoFromUs(value as bigint);
  if (type === "flattened") return JSON.parse(value as string) as Json;
  return typeof value === "bigint" ? safeInteger(value) : (value as Json);
}
