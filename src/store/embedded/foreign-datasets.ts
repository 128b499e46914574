import type { ColumnType } from "../../events/dataset.ts";
import type { Document, Json } from "../../events/document.ts";
import type { ValueClass } from "../../search/fields/field-type.ts";
import type { ForeignRecord } from "../foreign/foreign-tables.ts";
import { HOT_FIELDS, splitHot } from "../foreign/hot-fields.ts";
import { ID_COLUMN, type TableColumn, type TableDataset } from "./tables.ts";

/**
 * Documents of others in the embedded store. A data stream `x` is the dataset `~x`, a plain index the dataset `=x`: no
 * dataset of ours begins so. A document with several values in a hot field stands in a table of its own, `#odd`, in
 * which no hot field has a column's value.
 */
const PREFIXES = { stream: "~", index: "=" } as const;
const ODD = "#odd";

export type ForeignName = { index: string; kind: "stream" | "index" };

export function foreignDatasetName({ index, kind }: ForeignName): string {
  return `${PREFIXES[kind]}${index}`;
}

/** Undefined for a dataset of ours. */
export function readForeignName(dataset: string): ForeignName | undefined {
  if (dataset.startsWith(PREFIXES.stream)) return { kind: "stream", index: dataset.slice(1) };
  if (dataset.startsWith(PREFIXES.index)) return { kind: "index", index: dataset.slice(1) };
  return undefined;
}

export const oddTable = (table: string): string => `${table}${ODD}`;
/** The name without the mark, and whether it was there. */
export function readOdd(table: string): { table: string; odd: boolean } {
  return table.endsWith(ODD) ? { table: table.slice(0, -ODD.length), odd: true } : { table, odd: false };
}

export const VERSION_COLUMN = "_version";
export const SOURCE_COLUMN = "_source";
const VALUES_COLUMN = "_values";
/** Fields of a foreign document that are no columns. */
export const ODD_FIELD = "_odd";
export const DELETED_FIELD = "_deleted";

const COLUMN_TYPES: Readonly<Record<ValueClass, ColumnType>> = {
  keyword: "keyword",
  text: "text",
  long: "long",
  unsigned_long: "unsigned_long",
  double: "double",
  boolean: "boolean",
  date: "date",
  ip: "keyword",
  flattened: "keyword",
  object: "keyword",
};

const HOT_COLUMNS: readonly TableColumn[] = [...HOT_FIELDS].map(([name, valueClass]) => ({
  name,
  type: COLUMN_TYPES[valueClass],
  list: false,
}));

const OWN_COLUMNS: readonly TableColumn[] = [
  { name: VERSION_COLUMN, type: "long", list: false },
  { name: SOURCE_COLUMN, type: "text", list: false },
  { name: VALUES_COLUMN, type: "flattened", list: false },
];

const STREAM_COLUMNS: readonly TableColumn[] = [
  { name: ID_COLUMN, type: "keyword", list: false },
  ...OWN_COLUMNS,
  ...HOT_COLUMNS,
];

/** How the tables of a foreign dataset look; undefined for one of ours. */
export function foreignDataset(name: string): TableDataset | undefined {
  const foreign = readForeignName(name);
  if (foreign === undefined) return undefined;
  return foreign.kind === "stream"
    ? { name, kind: "stream", keep: "raw", columns: STREAM_COLUMNS }
    : { name, kind: "index", keep: "ever", columns: [...OWN_COLUMNS, ...HOT_COLUMNS] };
}

/** A record as the journal holds it; `hot` are the fields that have columns under its index's mapping. */
export function foreignDocument(record: ForeignRecord, hot: ReadonlyMap<string, unknown>): Document {
  const { index, kind, timestampUs, id, version, source, values, deleted } = record;
  const parts = splitHot(values, hot);
  const fields: Record<string, Json> = {
    ...(kind === "stream" && id !== undefined ? { [ID_COLUMN]: id } : {}),
    [VERSION_COLUMN]: version,
    ...(deleted
      ? { [DELETED_FIELD]: true }
      : { [SOURCE_COLUMN]: source, [VALUES_COLUMN]: (parts?.rest ?? values) as Json, ...parts?.columns }),
    ...(parts === undefined ? { [ODD_FIELD]: true } : {}),
  };
  const document = { dataset: foreignDatasetName({ index, kind }), timestampUs, fields };
  return kind === "index" && id !== undefined ? { ...document, id } : document;
}
