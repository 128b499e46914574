import { Fault } from "../lib/fault.ts";
import type { Column, IndexDataset, StreamDataset } from "./dataset.ts";
import type { Document, Json } from "./document.ts";

/**
 * A column of one of our own datasets, and the key under which records hold its value. Records are what the measures
 * compute and the API answers: snake_case as in the Beacon API, times as Unix milliseconds with a fraction.
 */
export type RecordColumn = Column & { key: string };

export type RecordDataset = (Omit<StreamDataset, "columns"> | Omit<IndexDataset, "columns">) & {
  columns: readonly RecordColumn[];
};

/** The document of a record: keys become ECS names, Unix milliseconds become microseconds. */
export function documentOf(input: {
  dataset: RecordDataset;
  record: Readonly<Record<string, unknown>>;
  timestampUs: number;
  id?: string;
}): Document {
  const { dataset, record, timestampUs, id } = input;
  const fields: Record<string, Json> = {};
  for (const column of dataset.columns) {
    const value = record[column.key] as Json | undefined;
    if (value === undefined || value === null) continue;
    fields[column.name] = column.type === "date" ? Math.round((value as number) * 1000) : value;
  }
  return { dataset: dataset.name, timestampUs, fields, ...(id === undefined ? {} : { id }) };
}

/** The record of a stored document, given as the nested `_source` of a search hit with its dates as ISO strings. */
export function recordOfSource(
  dataset: RecordDataset,
  source: { readonly [key: string]: Json },
): Record<string, Json | null> {
  const record: Record<string, Json | null> = {};
  for (const column of dataset.columns) {
    const value = valueAt(source, column.name) ?? null;
    record[column.key] = column.type === "date" && typeof value === "string" ? usOfIso(value) / 1000 : value;
  }
  return record;
}

/** The name in the store of the field that records hold under `key`. */
export function fieldOf(dataset: RecordDataset, key: string): string {
  const column = dataset.columns.find((one) => one.key === key);
  if (column === undefined) throw new Fault("internal_error", `The dataset ${dataset.name} has no field ${key}.`);
  return column.name;
}

/** The value at a dotted path of a stored document's nested `_source`. */
export function valueAt(source: { readonly [key: string]: Json }, path: string): Json | undefined {
  let value: Json | undefined = source;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    value = (value as { readonly [key: string]: Json })[part];
  }
  return value;
}

/** Unix microseconds; `Date.parse` alone would drop the last three digits. */
export function usOfIso(iso: string): number {
  const microseconds = /\.\d{3}(\d{1,3})/.exec(iso)?.[1] ?? "0";
  return Date.parse(iso) * 1000 + Number(microseconds.padEnd(3, "0"));
}
