import type { ColumnType } from "../events/dataset.ts";
import { unsupported } from "./search-fault.ts";

export type SearchColumn = { name: string; type: ColumnType; list: boolean };

/** One data stream or index that a search reaches, and the tables that hold its documents. */
export type SearchTarget = {
  /** `_index` of its documents. */
  index: string;
  kind: "stream" | "index";
  /** The fields of `_source`. */
  columns: ReadonlyMap<string, SearchColumn>;
  /** Qualified and quoted; of a stream each holds one UTC day from `dayStartUs`. */
  tables: readonly { sql: string; dayStartUs?: number }[];
};

/** A field as SQL sees it. */
export type SearchField = { sql: string; type: ColumnType; list: boolean };

const ownFields: Readonly<Record<string, SearchField>> = {
  "@timestamp": { sql: '"@timestamp"', type: "date", list: false },
  _seq: { sql: "_seq", type: "long", list: false },
};

/** Undefined for a field that the target does not have: nothing matches it, as in Elasticsearch. */
export function findField(target: SearchTarget, name: string): SearchField | undefined {
  const column = target.columns.get(name);
  if (column !== undefined) return { sql: quotedName(name), type: column.type, list: column.list };
  const own = Object.hasOwn(ownFields, name) ? ownFields[name] : undefined;
  if (own !== undefined) return own;
  if (name === "_id" && target.kind === "index") return { sql: "_id", type: "keyword", list: false };
  if (name.startsWith("_")) throw unsupported(`the field [${name}]`);
  if (name.includes("*")) throw unsupported(`the field pattern [${name}]`);
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    if (target.columns.get(name.slice(0, dot))?.type === "flattened")
      throw unsupported(`[${name}] within a flattened field`);
  }
  return undefined;
}

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
