import { type ColumnType, type Dataset, type Keep, keepOf } from "../../events/dataset.ts";
import { DAY_US } from "../retention.ts";

/** What the store needs of a dataset; it can be sent to another process. */
export type TableColumn = {
  name: string;
  type: ColumnType;
  list: boolean;
  /** What the database would not choose by itself. */
  compression?: "zstd";
};
export type TableDataset = {
  name: string;
  kind: "stream" | "index";
  keep: Keep;
  columns: readonly TableColumn[];
  /** Fields that differ row by row, where a day is held in two tables (`split-tables`). */
  rowFields?: readonly string[];
};

/** Columns that the store adds: `_seq` is the journal's position, `_id` the key of a document that is replaced. */
export const TIMESTAMP_COLUMN = "@timestamp";
export const SEQ_COLUMN = "_seq";
export const ID_COLUMN = "_id";

export const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  keyword: "VARCHAR",
  text: "VARCHAR",
  long: "BIGINT",
  unsigned_long: "UBIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  date: "TIMESTAMP",
  flattened: "JSON",
};

export function tableDataset(dataset: Dataset): TableDataset {
  const columns = dataset.columns
    .filter(({ name }) => name !== TIMESTAMP_COLUMN)
    .map(({ name, type, list = false }) => ({ name, type, list }));
  const rowFields = dataset.kind === "stream" ? dataset.rowFields : undefined;
  return {
    name: dataset.name,
    kind: dataset.kind,
    keep: keepOf(dataset),
    columns,
    ...(rowFields === undefined ? {} : { rowFields }),
  };
}

export type SqlColumn = { name: string; type: string; compression?: "zstd" };

/** The columns before those of the catalogue. */
export function leadingColumns(dataset: TableDataset): SqlColumn[] {
  return [
    { name: TIMESTAMP_COLUMN, type: "TIMESTAMP" },
    { name: SEQ_COLUMN, type: "BIGINT" },
    ...(dataset.kind === "index" ? [{ name: ID_COLUMN, type: "VARCHAR" }] : []),
  ];
}

/** The place of `_id` among the columns of an index. */
export const ID_PLACE = 2;

/** Name and SQL type of every column of a dataset's tables, in their order. */
export function sqlColumns(dataset: TableDataset): SqlColumn[] {
  const own = dataset.columns.map(({ name, type, list, compression }) => ({
    name,
    type: `${SQL_TYPES[type]}${list ? "[]" : ""}`,
    ...(compression === undefined ? {} : { compression }),
  }));
  return [...leadingColumns(dataset), ...own];
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** The table of a document: one a UTC day for a stream, one in all for an index. */
export function tableName(dataset: TableDataset, timestampUs: number): string {
  return dataset.kind === "index" ? dataset.name : `${dataset.name}@${utcDay(timestampUs)}`;
}

/** The dataset and the day (microseconds of its first moment) that a table's name stands for. */
export function readTableName(name: string): { dataset: string; dayStartUs?: number } {
  const at = name.lastIndexOf("@");
  if (at < 0) return { dataset: name };
  return { dataset: name.slice(0, at), dayStartUs: Date.parse(`${name.slice(at + 1)}T00:00:00Z`) * 1000 };
}

let lastDay = Number.NaN;
let lastDayText = "";

function utcDay(timestampUs: number): string {
  const day = Math.floor(timestampUs / DAY_US);
  if (day !== lastDay) {
    lastDay = day;
    lastDayText = new Date((day * DAY_US) / 1000).toISOString().slice(0, 10);
  }
  return lastDayText;
}

export function createTableSql(options: {
  schema: string;
  table: string;
  dataset: TableDataset;
  /** Columns behind those of the dataset. */
  more?: readonly SqlColumn[];
}): string {
  const { schema, table, dataset, more = [] } = options;
  const columns = [...sqlColumns(dataset), ...more].map(
    ({ name, type, compression }) =>
      `${quoted(name)} ${type}${compression === undefined ? "" : ` USING COMPRESSION ${compression}`}`,
  );
  return `CREATE TABLE IF NOT EXISTS ${quoted(schema)}.${quoted(table)} (${columns.join(", ")})`;
}
