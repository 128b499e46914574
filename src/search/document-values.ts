import type { Json } from "../events/document.ts";
import { DEFAULT_FORMAT } from "./dates/date-format.ts";
import { UTC } from "./dates/time-zone.ts";
import { valueClassOf } from "./fields/field-type.ts";
import { ipDigits } from "./fields/ip-address.ts";
import { booleanLiteral, numberLiteral, storedDouble } from "./fields/literals.ts";
import { isObject, isScalar } from "./json-shape.ts";
import { invalid } from "./search-fault.ts";
import type { MappedField, Mapping } from "./target.ts";

/** What stands in `_values`, and in the columns, of a document of others; see `SearchTarget`. */
export type DocumentValues = { [field: string]: (string | number | boolean | DocumentValues)[] };

const MIN_LONG = -(2n ** 63n);
const LIMITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  long: [MIN_LONG, -MIN_LONG - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  short: [-32_768n, 32_767n],
  byte: [-128n, 127n],
  unsigned_long: [0n, 2n ** 64n - 1n],
};

/**
 * The values of a document by field. Fields that the mapping does not have are passed over, as with `dynamic: false`.
 * Throws a `document_parsing_exception` for a value that is none of its field's type.
 */
export function documentValues(source: { readonly [key: string]: Json }, mapping: Mapping): DocumentValues {
  const values: DocumentValues = {};
  addObject(values, { value: source, path: "", mapping });
  return values;
}

type Placed<T> = { value: T; path: string; mapping: Mapping };

function addObject(values: DocumentValues, { value, path, mapping }: Placed<{ readonly [key: string]: Json }>): void {
  for (const [key, inner] of Object.entries(value)) {
    addValue(values, { value: inner, path: path === "" ? key : `${path}.${key}`, mapping });
  }
}

function addValue(values: DocumentValues, { value, path, mapping }: Placed<Json>): void {
  if (value === null) return;
  const field = mapping.get(path);
  if (field?.type === "flattened") {
    addLeaves(values, { value, path, root: path });
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) addValue(values, { value: item, path, mapping });
    return;
  }
  if (isObject(value)) {
    const object = value as { readonly [key: string]: Json };
    if (field !== undefined && valueClassOf(field.type) !== "object") throw wrongType(path, field, value);
    if (field?.type !== "nested") {
      addObject(values, { value: object, path, mapping });
      return;
    }
    const inner: DocumentValues = {};
    addObject(inner, { value: object, path, mapping });
    add(values, path, inner);
    return;
  }
  if (field === undefined) return;
  if (valueClassOf(field.type) === "object") throw wrongType(path, field, value);
  add(values, path, storedValue(path, field, value as string | number | boolean));
}

/** A flattened field holds all of its leaves as text, and each under its own path. */
function addLeaves(values: DocumentValues, { value, path, root }: { value: Json; path: string; root: string }): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) addLeaves(values, { value: item, path, root });
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value))
      addLeaves(values, { value: inner as Json, path: `${path}.${key}`, root });
  } else {
    add(values, root, String(value));
    if (path !== root) add(values, path, String(value));
  }
}

function add(values: DocumentValues, path: string, value: string | number | boolean | DocumentValues): void {
  const list = Object.hasOwn(values, path) ? values[path] : undefined;
  if (list === undefined) values[path] = [value];
  else list.push(value);
}

function storedValue(path: string, field: MappedField, value: string | number | boolean): string | number | boolean {
  try {
    return readValue(path, field, value);
  } catch (cause) {
    throw wrongType(path, field, value, cause);
  }
}

function readValue(name: string, field: MappedField, value: string | number | boolean): string | number | boolean {
  switch (valueClassOf(field.type)) {
    case "boolean":
      return value !== "" && booleanLiteral(value);
    case "date":
      return Number(DEFAULT_FORMAT.parse(String(value), { zone: UTC, roundUp: false }));
    case "ip": {
      const digits = ipDigits(String(value));
      if (digits === undefined) throw invalid(`'${value}' is not an IP string literal.`, "illegal_argument_exception");
      return digits;
    }
    case "double":
      return storedDouble(field, Number(numberLiteral(value, name)));
    case "long":
    case "unsigned_long": {
      const number = numberLiteral(value, name);
      const whole = typeof number === "bigint" ? number : BigInt(Math.trunc(number));
      const [least, most] = LIMITS[field.type] ?? [MIN_LONG, -MIN_LONG];
      if (whole < least || whole > most) {
        throw invalid(`Value [${value}] is out of range for a ${field.type}`, "illegal_argument_exception");
      }
      return Number.isSafeInteger(Number(whole)) ? Number(whole) : String(whole);
    }
    default:
      return String(value);
  }
}

function wrongType(path: string, { type }: MappedField, value: unknown, cause?: unknown): Error {
  const preview = isScalar(value) ? String(value) : JSON.stringify(value);
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return invalid(
    `failed to parse field [${path}] of type [${type}]. Preview of field's value: '${preview.slice(0, 100)}'${why}`,
    "document_parsing_exception",
  );
}
