import type { ColumnType } from "../events/dataset.ts";
import { parseDateUs } from "./dates.ts";
import type { Scalar } from "./query.ts";
import { invalid, unsupported } from "./search-fault.ts";

/** A value bound to a statement: bigints are 64-bit integers, numbers are doubles. */
export type SqlValue = string | number | bigint | boolean;

export type SqlValues = {
  /** Remembers a value and gives the place-holder for it. */
  bind(value: SqlValue): string;
  list(): SqlValue[];
};

export function createSqlValues(): SqlValues {
  const values: SqlValue[] = [];
  return {
    bind(value) {
      values.push(value);
      return `$${values.length}`;
    },
    list: () => values,
  };
}

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;
const INTEGER = /^[+-]?\d+$/;

/** Refuses the types whose values cannot be compared. */
export function checkComparable(field: string, type: ColumnType, clause: string): void {
  if (type === "flattened" || type === "text") throw unsupported(`[${clause}] on [${field}] of type [${type}]`);
}

/**
 * The value as a column of `type` holds it; undefined when no document can hold it (5.5 in a column of integers).
 * Throws `search_invalid` for what Elasticsearch refuses too (a word in a column of numbers).
 */
export function exactValue(type: ColumnType, value: Scalar, field: string): SqlValue | undefined {
  switch (type) {
    case "keyword":
      return String(value);
    case "boolean":
      return booleanValue(value);
    case "date":
      return parseDateUs(dateText(value, field), false);
    case "double":
      return Number(numberValue(value, field));
    default: {
      const number = numberValue(value, field);
      return typeof number === "bigint" || Number.isInteger(number) ? integerInRange(BigInt(number)) : undefined;
    }
  }
}

/** A bound of a range; a number may be one that no document can hold. */
export function boundValue(options: {
  type: ColumnType;
  value: string | number;
  field: string;
  roundUp: boolean;
}): SqlValue {
  const { type, value, field, roundUp } = options;
  if (type === "keyword") return String(value);
  if (type === "boolean") throw unsupported(`[range] on [${field}] of type [boolean]`);
  if (type === "date") return parseDateUs(value, roundUp);
  const number = numberValue(value, field);
  if (typeof number === "bigint") return integerInRange(number) ?? Number(number);
  return number;
}

/** The SQL of a bound value: dates are bound as microseconds. */
export function valueSql(type: ColumnType, placeholder: string): string {
  return type === "date" ? `make_timestamp(${placeholder})` : placeholder;
}

/** Fits BIGINT or UBIGINT columns: what lies beyond both is in no document. */
function integerInRange(value: bigint): bigint | undefined {
  return value >= MIN_LONG && value <= 2n * MAX_LONG + 1n ? value : undefined;
}

function numberValue(value: Scalar, field: string): number | bigint {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  const text = typeof value === "string" ? value.trim() : "";
  if (INTEGER.test(text) && text.length <= 40) return BigInt(text.replace("+", ""));
  const number = text === "" ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw invalid(`failed to create query: For input string: "${value}" in field [${field}]`, "number_format_exception");
}

function booleanValue(value: Scalar): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false" || value === "") return false;
  throw invalid(`Can't parse boolean value [${value}], expected [true] or [false]`, "illegal_argument_exception");
}

export function dateText(value: Scalar, field: string): string | number {
  if (typeof value !== "boolean") return value;
  throw invalid(`failed to parse date field [${field}]: a boolean is no date`, "parse_exception");
}
