import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBListValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  TIMESTAMP,
  UBIGINT,
  VARCHAR,
} from "@duckdb/node-api";
import type { ColumnType } from "../../events/dataset.ts";
import type { SqlResult } from "../../search/hits/sql-result.ts";
import type { Cell } from "./fit.ts";

/** Rows that the database takes together. */
export const CHUNK_ROWS = 2048;

const DUCKDB_TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  keyword: VARCHAR,
  text: VARCHAR,
  long: BIGINT,
  unsigned_long: UBIGINT,
  double: DOUBLE,
  boolean: BOOLEAN,
  date: TIMESTAMP,
  // The appender takes text into a JSON column as it is.
  flattened: VARCHAR,
};

const LIST_TYPES = Object.fromEntries(
  Object.entries(DUCKDB_TYPES).map(([name, type]) => [name, LIST(type)]),
) as Readonly<Record<ColumnType, DuckDBType>>;

export function duckdbType({ type, list }: { type: ColumnType; list: boolean }): DuckDBType {
  return list ? LIST_TYPES[type] : DUCKDB_TYPES[type];
}

/** A cell as the appender takes it into a column of the type. */
export function duckdbValue(type: DuckDBType, cell: Cell): DuckDBValue {
  if (cell === null) return null;
  if (type === TIMESTAMP) return new DuckDBTimestampValue(cell as bigint);
  if (!Array.isArray(cell)) return cell as DuckDBValue;
  const itemType = (type as ReturnType<typeof LIST>).valueType;
  return listValue(cell.map((item: Cell) => duckdbValue(itemType, item)));
}

/** A value that was read, as searches take it: dates are microseconds. */
export function plainValue(value: unknown): SqlResult {
  if (value instanceof DuckDBListValue) return value.items.map(plainValue);
  return value instanceof DuckDBTimestampValue ? value.micros : (value as SqlResult);
}
