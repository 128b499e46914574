import type { Document, Json } from "../../events/document.ts";
import type { DocumentValues } from "../../search/document-values.ts";
import { hasColumns, type ValueClass, valueClassOf } from "../../search/fields/field-type.ts";
import type { Mapping } from "../../search/target.ts";
import type { ForeignRecord } from "../foreign/foreign-tables.ts";
import { ID_COLUMN, type TableColumn, type TableDataset, TIMESTAMP_COLUMN } from "./tables.ts";

/**
 * Documents of others in the embedded store. A data stream `x` is the dataset `~x`, a plain index the dataset `=x`: no
 * dataset of ours begins so. Their tables have these columns and one for each field with values (`wide-columns`).
 */
const PREFIXES = { stream: "~", index: "=" } as const;

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

export const VERSION_COLUMN = "_version";
/** Of a document that has no shape the whole text, else long leaves that no column gives back. */
export const REST_COLUMN = "_rest";
/** Values of fields that have no column. */
export const VALUES_COLUMN = "_values";
/** Fields of a foreign document in the journal that are no columns: its text, values by class and field, and that it is no more. */
export const SOURCE_FIELD = "_source";
export const WIDE_FIELD = "_wide";
export const DELETED_FIELD = "_deleted";

const OWN_COLUMNS: readonly TableColumn[] = [
  { name: VERSION_COLUMN, type: "long", list: false },
  // Long, read for hits alone, and much the same from document to document.
  { name: REST_COLUMN, type: "text", list: false, compression: "zstd" },
  { name: VALUES_COLUMN, type: "flattened", list: false },
];

/** How the tables of a foreign dataset begin; undefined for one of ours. */
export function foreignDataset(name: string): TableDataset | undefined {
  const foreign = readForeignName(name);
  if (foreign === undefined) return undefined;
  return foreign.kind === "stream"
    ? {
        name,
        kind: "stream",
        keep: "raw",
        columns: [{ name: ID_COLUMN, type: "keyword", list: false }, ...OWN_COLUMNS],
      }
    : { name, kind: "index", keep: "ever", columns: OWN_COLUMNS };
}

/** Values of fields that can have columns, by class and field. */
export type WideValues = Partial<Record<ValueClass, DocumentValues>>;

/** A record as the journal holds it; `mapping` is that of its index. */
export function foreignDocument(record: ForeignRecord, mapping: Mapping): Document {
  const { index, kind, timestampUs, id, version, source, values, deleted } = record;
  const fields: Record<string, Json> = {
    ...(kind === "stream" && id !== undefined ? { [ID_COLUMN]: id } : {}),
    [VERSION_COLUMN]: version,
  };
  if (deleted) fields[DELETED_FIELD] = true;
  else {
    const { wide, rest } = splitValues(values, mapping);
    fields[SOURCE_FIELD] = source;
    fields[WIDE_FIELD] = wide as Json;
    if (rest !== undefined) fields[VALUES_COLUMN] = rest as Json;
  }
  const document = { dataset: foreignDatasetName({ index, kind }), timestampUs, fields };
  return kind === "index" && id !== undefined ? { ...document, id } : document;
}

function splitValues(values: DocumentValues, mapping: Mapping): { wide: WideValues; rest: DocumentValues | undefined } {
  const wide: WideValues = {};
  let rest: DocumentValues | undefined;
  for (const name in values) {
    // The time of a document has its own column.
    if (name === TIMESTAMP_COLUMN) continue;
    const list = values[name] as DocumentValues[string];
    const type = mapping.get(name)?.type;
    const valueClass = type === undefined ? undefined : valueClassOf(type);
    if (valueClass !== undefined && hasColumns(valueClass)) {
      const ofClass = wide[valueClass] ?? {};
      wide[valueClass] = ofClass;
      ofClass[name] = list;
    } else {
      rest ??= {};
      rest[name] = list;
    }
  }
  return { wide, rest };
}
