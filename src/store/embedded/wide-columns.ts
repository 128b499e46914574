import type { ColumnType } from "../../events/dataset.ts";
import type { ValueClass } from "../../search/fields/field-type.ts";
import type { Cell } from "./fit.ts";
import { quoted, SQL_TYPES } from "./tables.ts";

/**
 * Tables of others' documents have a column for each field that a document has values in: one value, or a list from the
 * first document with several on. So a search reads the fields it asks for, and nothing else.
 */
export type WideColumn = { type: ColumnType; list: boolean };
/** By field. */
export type WideColumns = ReadonlyMap<string, WideColumn>;

/** The values of one document of others by field, as the fields' columns take them; never none. */
export type WideRow = readonly { field: string; type: ColumnType; cells: readonly Cell[] }[];

/**
 * A table has no more: what is appended to a column takes memory, and to write many empty ones takes time. Values of
 * further fields stand in one JSON.
 */
export const MAX_WIDE_COLUMNS = 400;

export const CLASS_COLUMNS: Readonly<Record<ValueClass, ColumnType>> = {
  keyword: "keyword",
  text: "keyword",
  long: "long",
  unsigned_long: "unsigned_long",
  double: "double",
  boolean: "boolean",
  date: "date",
  ip: "keyword",
  flattened: "flattened",
  object: "flattened",
};

/**
 * The column of a document's text without what columns hold (`search/source`). No field has this name. It stands among
 * the columns of fields, since tables from before got it behind those that they had.
 */
export const SHAPE_FIELD = "";
export const SHAPE_COLUMN = "_shape";

/** No column of ours begins so. `^` stands before a capital letter, since the database tells no case apart. */
const MARK = ".";

/** The column of a field. Injective, also where names differ in case alone, and never the name of a column of ours. */
export function wideColumnName(field: string): string {
  return field === SHAPE_FIELD ? SHAPE_COLUMN : `${MARK}${field.replace(/[A-Z^]/g, "^$&")}`;
}

function fieldOfColumn(column: string): string | undefined {
  if (column === SHAPE_COLUMN) return SHAPE_FIELD;
  return column.startsWith(MARK) ? column.slice(MARK.length).replace(/\^(.)/g, "$1") : undefined;
}

export function wideSqlType({ type, list }: WideColumn): string {
  return `${SQL_TYPES[type]}${list ? "[]" : ""}`;
}

const TYPES = new Map(Object.values(CLASS_COLUMNS).map((type) => [SQL_TYPES[type], type]));

/** Table, column and type of the columns of fields in a schema. */
export const WIDE_COLUMNS_SQL = `SELECT table_name, column_name, data_type FROM duckdb_columns()
  WHERE schema_name = $1 AND (starts_with(column_name, '${MARK}') OR column_name = '${SHAPE_COLUMN}')
  ORDER BY table_name, column_index`;

/** A field with its column; undefined for a column of ours. */
export function readWideColumn(column: string, sqlType: string): [string, WideColumn] | undefined {
  const field = fieldOfColumn(column);
  const list = sqlType.endsWith("[]");
  const type = TYPES.get(list ? sqlType.slice(0, -2) : sqlType);
  return field === undefined || type === undefined ? undefined : [field, { type, list }];
}

/** The columns that a table needs for its own rows and these; those beyond the bound are not among them. */
export function columnsFor(present: WideColumns, rows: readonly WideRow[]): WideColumns {
  const columns = new Map(present);
  if (rows.length > 0 && !columns.has(SHAPE_FIELD)) columns.set(SHAPE_FIELD, { type: "keyword", list: false });
  for (const row of rows) {
    for (const { field, type, cells } of row) {
      const known = columns.get(field);
      if (known === undefined) {
        if (columns.size < MAX_WIDE_COLUMNS) columns.set(field, { type, list: cells.length > 1 });
      } else if (cells.length > 1 && !known.list) columns.set(field, { ...known, list: true });
    }
  }
  return columns;
}

/** Statements that take a table from the columns it has to those that it needs. */
export function widenSql(table: string, { from, to }: { from: WideColumns; to: WideColumns }): string[] {
  return [...to].flatMap(([field, column]) => {
    const before = from.get(field);
    const name = quoted(wideColumnName(field));
    const type = wideSqlType(column);
    if (before === undefined) return [`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`];
    if (before.list === column.list) return [];
    return [`ALTER TABLE ${table} ALTER ${name} TYPE ${type} USING CASE WHEN ${name} IS NOT NULL THEN [${name}] END`];
  });
}
