import type { ColumnType } from "../../events/dataset.ts";
import type { ValueClass } from "../../search/fields/field-type.ts";
import type { Cell } from "./fit.ts";
import { quoted, SQL_TYPES, type SqlColumn } from "./tables.ts";

/**
 * Tables of others' documents have a column for each field that a document has values in: one value, or a list from the
 * first document with several on. So a search reads the fields it asks for, and nothing else.
 */
export type WideColumn = {
  type: ColumnType;
  list: boolean;
  /** Whether the column behind it holds the words of all of its texts; one that began without never has it. */
  words: boolean;
};
/** By field, in the order of the table. */
export type WideColumns = ReadonlyMap<string, WideColumn>;

/** A value of a document of others, or several, as the field's column takes them; `text` where words of it are looked for. */
export type WideCells = { field: string; type: ColumnType; text: boolean; cells: readonly Cell[] };

/** The values of one document of others by field, never none. */
export type WideRow = readonly WideCells[];

/**
 * A table has no more: what is appended to a column takes memory, and to write many empty ones takes time. Values of
 * further fields stand in one JSON.
 */
export const MAX_WIDE_COLUMNS = 400;
/** Of so many texts a table has the words in columns beside those; of further ones they are made when they are searched. */
export const MAX_WORDS_COLUMNS = 100;

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
/** Where the literals of a text stand unless they are long (`wide-shapes`). No field with a column has such a name. */
export const LITERALS_FIELD = "\0";
const LITERALS_COLUMN = "_literals";

const TEXT_COLUMNS: ReadonlyMap<string, string> = new Map([
  [SHAPE_FIELD, SHAPE_COLUMN],
  [LITERALS_FIELD, LITERALS_COLUMN],
]);

/** No column of ours begins so. `^` stands before a capital letter, since the database tells no case apart. */
const MARKS = { values: ".", words: ":" } as const;

/** The column of a field. Injective, also where names differ in case alone, and never the name of a column of ours. */
export function wideColumnName(field: string): string {
  return TEXT_COLUMNS.get(field) ?? markedName(MARKS.values, field);
}

/** The column with the words of a text field, as `storedWords` makes them. */
export function wordsColumnName(field: string): string {
  return markedName(MARKS.words, field);
}

function markedName(mark: string, field: string): string {
  return `${mark}${field.replace(/[A-Z^]/g, "^$&")}`;
}

/** Undefined for a column of ours, and for one of words. */
function fieldOfColumn(column: string): string | undefined {
  for (const [field, name] of TEXT_COLUMNS) if (name === column) return field;
  return column.startsWith(MARKS.values) ? column.slice(MARKS.values.length).replace(/\^(.)/g, "$1") : undefined;
}

function wideSqlType({ type, list }: WideColumn): string {
  return `${SQL_TYPES[type]}${list ? "[]" : ""}`;
}

const TYPES = new Map(Object.values(CLASS_COLUMNS).map((type) => [SQL_TYPES[type], type]));

/** Table, column and type of the columns of fields in a schema, in the order of each table. */
export const WIDE_COLUMNS_SQL = `SELECT table_name, column_name, data_type FROM duckdb_columns()
  WHERE schema_name = $1 AND (left(column_name, 1) IN ('${MARKS.values}', '${MARKS.words}') OR column_name IN ('${SHAPE_COLUMN}', '${LITERALS_COLUMN}'))
  ORDER BY table_name, column_index`;

/** The columns of one table, by field. */
export function readWideColumns(columns: readonly { name: string; sqlType: string }[]): WideColumns {
  const names = new Set(columns.map(({ name }) => name));
  const wide = new Map<string, WideColumn>();
  for (const { name, sqlType } of columns) {
    const field = fieldOfColumn(name);
    const list = sqlType.endsWith("[]");
    const type = TYPES.get(list ? sqlType.slice(0, -2) : sqlType);
    if (field === undefined || type === undefined) continue;
    wide.set(field, { type, list, words: names.has(wordsColumnName(field)) });
  }
  return wide;
}

/** Names and types of columns in the order of the table: words stand behind their text. */
export function wideSqlColumns(columns: WideColumns): SqlColumn[] {
  return [...columns].flatMap(([field, column]) => sqlColumnsOf(field, column));
}

function sqlColumnsOf(field: string, column: WideColumn): SqlColumn[] {
  const values = { name: wideColumnName(field), type: wideSqlType(column) };
  return column.words ? [values, { name: wordsColumnName(field), type: SQL_TYPES.text }] : [values];
}

/** The columns that a table needs for its own rows and these; those beyond the bound are not among them. */
export function columnsFor(present: WideColumns, rows: readonly WideRow[]): WideColumns {
  const columns = new Map(present);
  let wordsColumns = [...present.values()].filter(({ words }) => words).length;
  for (const field of rows.length > 0 ? TEXT_COLUMNS.keys() : []) {
    if (!columns.has(field)) columns.set(field, { type: "keyword", list: false, words: false });
  }
  for (const row of rows) {
    for (const { field, type, text, cells } of row) {
      const known = columns.get(field);
      if (known === undefined) {
        if (columns.size >= MAX_WIDE_COLUMNS) continue;
        const words = text && wordsColumns < MAX_WORDS_COLUMNS;
        if (words) wordsColumns += 1;
        columns.set(field, { type, list: cells.length > 1, words });
      } else if (cells.length > 1 && !known.list) columns.set(field, { ...known, list: true });
    }
  }
  return columns;
}

/** Statements that take a table from the columns it has to those that it needs. */
export function widenSql(table: string, { from, to }: { from: WideColumns; to: WideColumns }): string[] {
  return [...to].flatMap(([field, column]) => {
    const before = from.get(field);
    if (before === undefined) {
      return sqlColumnsOf(field, column).map(
        ({ name, type }) => `ALTER TABLE ${table} ADD COLUMN ${quoted(name)} ${type}`,
      );
    }
    if (before.list === column.list) return [];
    const name = quoted(wideColumnName(field));
    const type = wideSqlType(column);
    return [`ALTER TABLE ${table} ALTER ${name} TYPE ${type} USING CASE WHEN ${name} IS NOT NULL THEN [${name}] END`];
  });
}
