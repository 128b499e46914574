import { refusal } from "../../events/refusal.ts";
import { Fault, messageOf } from "../../lib/fault.ts";
import { DEFAULT_FORMAT, dateFormat } from "../dates/date-format.ts";
import { UTC } from "../dates/time-zone.ts";
import type { ErrorBody } from "../search-fault.ts";
import type { MappedField } from "../target.ts";
import { valueClassOf } from "./field-type.ts";
import { ipDigits } from "./ip-address.ts";
import { booleanLiteral, numberLiteral, type Scalar, storedDouble } from "./literals.ts";

const MIN_LONG = -(2n ** 63n);
const LIMITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  long: [MIN_LONG, -MIN_LONG - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  short: [-32_768n, 32_767n],
  byte: [-128n, 127n],
  unsigned_long: [0n, 2n ** 64n - 1n],
};
const MAX_FLOAT: Readonly<Record<string, number>> = { float: 3.4028234663852886e38, half_float: 65_504 };
/** Lucene's longest term, in bytes of UTF-8. */
const MAX_TERM_BYTES = 32_766;

/**
 * A value of a document as its field stores it. Undefined for one that is passed over: an empty text for a number, and
 * what is malformed where the field ignores that. Throws Elasticsearch's `document_parsing_exception`.
 */
export function storedValue(path: string, field: MappedField, value: Scalar): Scalar | undefined {
  try {
    return readValue(field, value);
  } catch (cause) {
    if (field.ignoreMalformed === true && field.type !== "keyword" && field.type !== "constant_keyword")
      return undefined;
    const preview = String(value).slice(0, 100);
    const reason = `failed to parse field [${path}] of type [${field.type}]. Preview of field's value: '${preview}'`;
    throw invalidValue(reason, { type: typeOf(cause), reason: messageOf(cause) });
  }
}

function readValue(field: MappedField, value: Scalar): Scalar | undefined {
  switch (valueClassOf(field.type)) {
    case "boolean":
      return booleanOf(value);
    case "date":
      return typeof value === "string" && field.format === undefined
        ? (plainInstant(value) ?? dateUs(field, value))
        : dateUs(field, value);
    case "ip": {
      const digits = ipDigits(String(value));
      if (digits === undefined) throw illegal(`'${value}' is not an IP string literal.`);
      return digits;
    }
    case "double": {
      if (value === "") return undefined;
      const number = storedDouble(field, Number(numberOf(field, value)));
      if (Math.abs(number) <= (MAX_FLOAT[field.type] ?? Number.MAX_VALUE)) return number;
      throw illegal(`[${field.type}] supports only finite values, but got [${value}]`);
    }
    case "long":
    case "unsigned_long":
      return value === "" ? undefined : wholeNumber(field, value);
    case "keyword":
      return keyword(field, String(value));
    default:
      return String(value);
  }
}

function booleanOf(value: Scalar): boolean {
  // In a document, not in a query, an empty text is false.
  if (value === "") return false;
  try {
    return booleanLiteral(value);
  } catch {
    throw illegal(`Failed to parse value [${value}] as only [true] or [false] are allowed.`);
  }
}

function dateUs({ format }: MappedField, value: Scalar): number {
  if (value === "") throw illegal("cannot parse empty datetime");
  const known = format === undefined ? DEFAULT_FORMAT : dateFormat(format);
  try {
    return Number(known.parse(String(value), { zone: UTC, roundUp: false }));
  } catch (cause) {
    throw illegal(messageOf(cause));
  }
}

const PLAIN = /^\d{4}-\d\d-(?:[01]\d|2[0-8])T(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.(\d{1,9}))?Z$/;

/** The common form of dates, microseconds; undefined for all others, and for days that not every month has. */
function plainInstant(text: string): number | undefined {
  const parts = PLAIN.exec(text);
  if (parts === null) return undefined;
  const ms = Date.parse(`${text.slice(0, 19)}Z`);
  return Number.isNaN(ms) ? undefined : ms * 1000 + Number((parts[1] ?? "").slice(0, 6).padEnd(6, "0"));
}

function numberOf({ type }: Pick<MappedField, "type">, value: Scalar): number | bigint {
  try {
    return numberLiteral(value, "");
  } catch {
    const reason = `For input string: "${value}"`;
    throw type === "long" || type === "unsigned_long" ? illegal(reason) : notNumeric(reason);
  }
}

function wholeNumber({ type }: MappedField, value: Scalar): Scalar {
  if (type === "long" && Number.isSafeInteger(value)) return value;
  const number = numberOf({ type }, value);
  const whole = typeof number === "bigint" ? number : BigInt(Math.trunc(number));
  const [least, most] = LIMITS[type] ?? [MIN_LONG, -MIN_LONG];
  if (whole < least || whole > most) throw illegal(`Value [${value}] is out of range for a ${type}`);
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : String(whole);
}

function keyword({ type, value: constant, ignoreAbove }: MappedField, value: string): string {
  if (type === "constant_keyword" && constant !== undefined && value !== constant) {
    throw illegal(
      `[constant_keyword] field only accepts values that are equal to the value defined in the mappings [${constant}], but got [${value}]`,
    );
  }
  // Each UTF-16 unit is at most three bytes.
  const isLong = ignoreAbove === undefined && value.length * 3 > MAX_TERM_BYTES;
  if (isLong && Buffer.byteLength(value) > MAX_TERM_BYTES) {
    throw illegal(
      `Document contains at least one immense term (whose UTF8 encoding is longer than the max length ${MAX_TERM_BYTES})`,
    );
  }
  return value;
}

/** What is wrong with a document, as Elasticsearch tells it of an item. */
export function invalidValue(reason: string, cause?: { type: string; reason?: string }): Fault {
  return refusal({
    type: "document_parsing_exception",
    reason,
    status: 400,
    code: "document_invalid",
    ...(cause === undefined ? {} : { causedBy: { type: cause.type, reason: cause.reason ?? reason } }),
  });
}

function notNumeric(reason: string): Fault {
  return refusal({ type: "number_format_exception", reason, status: 400 });
}

function illegal(reason: string): Fault {
  return refusal({ type: "illegal_argument_exception", reason, status: 400 });
}

function typeOf(cause: unknown): string {
  const error = cause instanceof Fault ? (cause.details as Partial<ErrorBody>).error : undefined;
  return error?.type ?? "illegal_argument_exception";
}
