import type { ColumnType, Dataset } from "../../events/dataset.ts";
import type { Document, Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isoFromUs } from "../../search/dates/iso-date.ts";
import { placeAt } from "../../search/hits/source-of-columns.ts";
import { safeInteger } from "../../search/hits/sql-result.ts";

/** `_source` of our own documents as searches give it, made without the store. */
export function createSourceMaker(datasets: readonly Dataset[]): (document: Document) => JsonObject {
  const types = new Map(
    datasets.map(({ name, columns }) => [name, new Map(columns.map((column) => [column.name, column.type]))]),
  );
  return ({ dataset, timestampUs, fields }) => {
    const typeOf = types.get(dataset);
    const source: Record<string, Json> = { "@timestamp": isoFromUs(BigInt(timestampUs)) };
    for (const name in fields) {
      const value = fields[name];
      if (value !== undefined && value !== null) placeAt(source, name, shaped(typeOf?.get(name), value));
    }
    return source;
  };
}

/** Dates are microseconds in documents; an `unsigned_long` may be a decimal string. */
function shaped(type: ColumnType | undefined, value: Json): Json {
  if (type === "date") return isoFromUs(BigInt(value as number));
  if (type === "unsigned_long" && typeof value === "string") return safeInteger(BigInt(value));
  return value;
}
