import { BIGINT, BOOLEAN, DOUBLE, type DuckDBType, UBIGINT, VARCHAR } from "@duckdb/node-api";
import type { SqlValue, Statement } from "../../search/sql-values.ts";
import { quotedText } from "../../search/target.ts";

const MAX_LONG = 2n ** 63n - 1n;
/** Quoted texts and names, which may hold what looks like a place, and places. */
const PLACES = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/g;

/**
 * The statement with its values written into it: the database then plans it once, with what it compares, instead of
 * once before it knows the values and once after. Undefined where a text has a zero character, which no statement can hold.
 */
export function withLiterals({ sql, values }: Statement): string | undefined {
  if (values.some((value) => typeof value === "string" && value.includes("\0"))) return undefined;
  return sql.replace(PLACES, (found: string, place: string | undefined) => {
    const value = place === undefined ? undefined : values[Number(place) - 1];
    return value === undefined ? found : literal(value);
  });
}

/** The type of a value where it is bound: an integer is a bigint, and any other number a double. */
export function boundType(value: SqlValue): DuckDBType {
  switch (typeof value) {
    case "string":
      return VARCHAR;
    case "boolean":
      return BOOLEAN;
    case "bigint":
      return value > MAX_LONG ? UBIGINT : BIGINT;
    default:
      return DOUBLE;
  }
}

function literal(value: SqlValue): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return `${quotedText(text)}::${boundType(value)}`;
}
