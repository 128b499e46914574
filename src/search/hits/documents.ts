import type { Json } from "../../events/document.ts";
import { parseJsonExact } from "../../lib/json.ts";
import { fitsPattern } from "../fields/field-pattern.ts";
import { valueClassOf } from "../fields/field-type.ts";
import { fieldNames } from "../fields/find-field.ts";
import type { PlannedTable } from "../reached-tables.ts";
import { seqIn } from "../seq-in.ts";
import type { Statement } from "../sql-values.ts";
import { idSql, quotedName, type SearchColumn, type SearchTarget } from "../target.ts";
import type { FieldAsked } from "./asked-fields.ts";
import type { SourceFilter } from "./source-filter.ts";
import { sourceOfColumns } from "./source-of-columns.ts";
import type { SqlResult } from "./sql-result.ts";

/** One document as it was fetched. */
export type FetchedDocument = {
  target: SearchTarget;
  seq: bigint;
  id: string;
  source(): { readonly [key: string]: Json };
  /** The values of a field that is no multi-field, as they are stored; empty where there are none. */
  values(field: string): readonly SqlResult[];
};

const LEADING = 5;
const SHAPE_PLACE = 3;

/**
 * The columns that the given fields stand in. Documents of ours are put together from all of them, those of others have
 * hundreds and are stored whole.
 */
export function columnsOf(target: SearchTarget, asked: readonly FieldAsked[]): readonly [string, SearchColumn][] {
  const all = [...target.columns];
  if (target.foreign === undefined) return all;
  const { mapping } = target.foreign;
  const wanted = new Set(
    asked.flatMap(({ pattern }) => {
      const names = pattern.includes("*") ? fieldNames(target).filter((name) => fitsPattern(pattern, name)) : [pattern];
      return names.map((name) => mapping.get(name)?.of ?? name);
    }),
  );
  return all.filter(([name]) => wanted.has(name));
}

/** What is read of documents: the values of fields, and of others' what of `_source` is shown. */
export type Fetched = { fields: readonly FieldAsked[]; source: SourceFilter };

/** The documents of one planned table with the given positions, with the values of these columns. */
export function fetchStatement(
  { target, sql }: PlannedTable,
  wanted: {
    seqs: readonly bigint[];
    fetched: readonly [string, SearchColumn][];
    source: boolean;
    /** Columns behind those, as they are. */
    beside: readonly string[];
  },
): Statement {
  const { seqs, fetched, source, beside } = wanted;
  const columns = fetched.map(([, { name, type, list }]) => {
    const column = quotedName(name);
    if (valueClassOf(type) !== "date") return column;
    return list ? `list_transform(${column}, lambda item: epoch_us(item))` : `epoch_us(${column})`;
  });
  const kept = target.foreign === undefined ? ["NULL", "NULL"] : [source ? "_shape" : "NULL", "_values"];
  const leading = ["_seq", idSql(target), 'epoch_us("@timestamp")', ...kept];
  const all = [...leading, ...columns, ...beside];
  return { sql: `SELECT ${all.join(", ")} FROM ${sql} WHERE ${seqIn(seqs, all.length)}`, values: [] };
}

/** Where the columns `beside` begin in a row of `fetchStatement`. */
export function besidePlace(fetched: readonly unknown[]): number {
  return LEADING + fetched.length;
}

/** The shape of others' document in a row of `fetchStatement`. */
export function shapeOf(row: readonly SqlResult[]): string | null {
  return row[SHAPE_PLACE] as string | null;
}

/** The document of one row of `fetchStatement`; of others with the JSON text of what is shown of it. */
export function readDocument(
  { target, fetched }: { target: SearchTarget; fetched: readonly [string, SearchColumn][] },
  row: readonly SqlResult[],
  text: string | undefined,
): FetchedDocument {
  const [seq, id, timestampUs, , values] = row;
  const places = new Map(fetched.map(([name], i) => [name, LEADING + i]));
  let parsed: Record<string, SqlResult[]> | undefined;
  return {
    target,
    seq: seq as bigint,
    id: String(id),
    source: () =>
      target.foreign === undefined
        ? sourceOfColumns(target.columns.values(), { timestampUs: timestampUs as bigint, cells: row.slice(LEADING) })
        : (parseJsonExact(text ?? "{}") as Record<string, Json>),
    values(field) {
      if (field === "@timestamp") return [timestampUs ?? null];
      const place = places.get(field);
      const cell = place === undefined ? undefined : row[place];
      if (cell !== undefined && cell !== null) return Array.isArray(cell) ? (cell as SqlResult[]) : [cell];
      if (place !== undefined || typeof values !== "string") return [];
      parsed ??= parseJsonExact(values) as Record<string, SqlResult[]>;
      return Object.hasOwn(parsed, field) ? (parsed[field] ?? []) : [];
    },
  };
}
