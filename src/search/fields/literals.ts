import { type DateFormat, DEFAULT_FORMAT } from "../dates/date-format.ts";
import { readDateUs } from "../dates/date-math.ts";
import { type TimeZone, UTC } from "../dates/time-zone.ts";
import { invalid } from "../search-fault.ts";
import type { SqlValue } from "../sql-values.ts";
import type { FieldType, ValueClass } from "./field-type.ts";
import { cidrDigits, ipDigits } from "./ip-address.ts";

/** A value in a clause, as JSON has it. */
export type Scalar = string | number | boolean;

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;
const INTEGER = /^[+-]?\d+$/;

/** What a literal is compared with. */
export type LiteralField = { name: string; type: FieldType; valueClass: ValueClass; scalingFactor?: number };

export type DateOptions = { format: DateFormat; zone: TimeZone; nowMs: number };

export function dateOptions(nowMs: number): DateOptions {
  return { format: DEFAULT_FORMAT, zone: UTC, nowMs };
}

/** A literal of a `term`: one value, or a span of them (a whole day, a block of addresses), both ends included. */
export type TermLiteral = { value: SqlValue } | { from: SqlValue; to: SqlValue };

/**
 * The literal as the field's values are stored; undefined when no document can hold it (5.5 in a field of integers).
 * Throws `search_invalid` for what Elasticsearch refuses too (a word for a number).
 */
export function termLiteral(field: LiteralField, value: Scalar, dates: DateOptions): TermLiteral | undefined {
  switch (field.valueClass) {
    case "keyword":
    case "text":
    case "flattened":
      return { value: String(value) };
    case "boolean":
      return { value: booleanLiteral(value) };
    case "date": {
      const text = dateLiteral(value, field.name);
      return {
        from: readDateUs(text, { ...dates, roundUp: false }),
        to: readDateUs(text, { ...dates, roundUp: true }),
      };
    }
    case "ip":
      return ipLiteral(value);
    case "double":
      return { value: storedDouble(field, Number(numberLiteral(value, field.name))) };
    case "object":
      return undefined;
    default: {
      const number = numberLiteral(value, field.name);
      const whole = typeof number === "bigint" || Number.isInteger(number) ? integerInRange(BigInt(number)) : undefined;
      return whole === undefined ? undefined : { value: whole };
    }
  }
}

/** A bound of a range; a number may be one that no document can hold. */
export function boundLiteral(options: {
  field: LiteralField;
  value: Scalar;
  roundUp: boolean;
  dates: DateOptions;
}): SqlValue {
  const { field, value, roundUp, dates } = options;
  switch (field.valueClass) {
    case "keyword":
    case "text":
    case "flattened":
      return String(value);
    case "date":
      return readDateUs(dateLiteral(value, field.name), { ...dates, roundUp });
    case "ip":
      return addressLiteral(String(value));
    case "boolean":
      return booleanLiteral(value);
    case "double": {
      const number = Number(numberLiteral(value, field.name));
      // Of bounds Elasticsearch rounds those of a `float` alone: others may lie between two values that a field can hold.
      return field.type === "float" || field.type === "half_float" ? Math.fround(number) : number;
    }
    default: {
      const number = numberLiteral(value, field.name);
      return typeof number === "bigint" ? (integerInRange(number) ?? Number(number)) : number;
    }
  }
}

/** The SQL of a bound value: dates are bound as microseconds. */
export function literalSql(valueClass: ValueClass, placeholder: string): string {
  return valueClass === "date" ? `make_timestamp(${placeholder})` : placeholder;
}

/** A number as the field's documents hold it: a `float` has 24 bits, a `scaled_float` whole steps. */
export function storedDouble(
  { type, scalingFactor }: Pick<LiteralField, "type" | "scalingFactor">,
  value: number,
): number {
  if (type === "float") return Math.fround(value);
  if (type === "half_float") return halfRounded(value);
  if (type === "scaled_float" && scalingFactor !== undefined) return Math.round(value * scalingFactor) / scalingFactor;
  return value;
}

/** The nearest number of 11 significant bits, even at a tie, with the exponents of IEEE 754's binary16. */
function halfRounded(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -14);
  const step = 2 ** (exponent - 10);
  const steps = value / step;
  const down = Math.floor(steps);
  const rest = steps - down;
  const rounded = rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
  return rounded * step;
}

/** Fits BIGINT or UBIGINT columns: what lies beyond both is in no document. */
function integerInRange(value: bigint): bigint | undefined {
  return value >= MIN_LONG && value <= 2n * MAX_LONG + 1n ? value : undefined;
}

export function numberLiteral(value: Scalar, field: string): number | bigint {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  const text = typeof value === "string" ? value.trim() : "";
  if (INTEGER.test(text) && text.length <= 40) return BigInt(text.replace("+", ""));
  const number = text === "" ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw invalid(`For input string: "${value}" in field [${field}]`, "number_format_exception");
}

export function booleanLiteral(value: Scalar): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw invalid(`Can't parse boolean value [${value}], expected [true] or [false]`, "illegal_argument_exception");
}

export function dateLiteral(value: Scalar, field: string): string | number {
  if (typeof value !== "boolean") return value;
  throw invalid(`failed to parse date field [${field}]: a boolean is no date`, "parse_exception");
}

function ipLiteral(value: Scalar): TermLiteral {
  const text = String(value);
  if (!text.includes("/")) return { value: addressLiteral(text) };
  const block = cidrDigits(text);
  if (block === undefined) throw invalid(`'${text}' is not an IP string literal.`, "illegal_argument_exception");
  return { from: block.first, to: block.last };
}

function addressLiteral(text: string): string {
  const digits = ipDigits(text);
  if (digits === undefined) throw invalid(`'${text}' is not an IP string literal.`, "illegal_argument_exception");
  return digits;
}
