import type { Json } from "../../events/document.ts";
import { javaDouble } from "./java-text.ts";
import { fail, MAX_NESTING, type Place, spend } from "./scope.ts";
import { className, double, isKind, isList, isMap, isWhole, memberOf, numberOf, type Value } from "./values.ts";

const TEXT_STEP = 64;

/** Java's `equals`, with numbers by their value as Painless compares them. */
export function equal(a: Value, b: Value, place: Place, depth = 0): boolean {
  spend(place);
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return x === y;
  if (depth > MAX_NESTING) throw fail(place, "stack_overflow_error", `values nested more than ${MAX_NESTING} deep`);
  if (isList(a) && isList(b))
    return a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null, place, depth + 1));
  if (!isMap(a) || !isMap(b)) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal(memberOf(a, key), memberOf(b, key), place, depth + 1));
}

export type Order = "<" | "<=" | ">" | ">=";

export function ordered(operator: Order, [a, b]: readonly [Value, Value], place: Place): boolean {
  const [x, y] = numbers(operator, [a, b], place);
  if (operator === "<") return x < y;
  if (operator === "<=") return x <= y;
  return operator === ">" ? x > y : x >= y;
}

export type Arithmetic = "+" | "-" | "*" | "/" | "%";

/** Whole numbers stay whole, and are divided as Java divides them; beyond 2^53 they are doubles. */
export function calculated(operator: Arithmetic, [a, b]: readonly [Value, Value], place: Place): Value {
  if (operator === "+" && (typeof a === "string" || typeof b === "string")) {
    const text = textOf(a, place) + textOf(b, place);
    spend(place, Math.ceil(text.length / TEXT_STEP));
    return text;
  }
  const [x, y] = numbers(operator, [a, b], place);
  const whole = isWhole(a) && isWhole(b);
  if (whole && y === 0 && (operator === "/" || operator === "%"))
    throw fail(place, "arithmetic_exception", "/ by zero");
  const result = plain(operator, x, y);
  if (!whole) return double(result);
  const rounded = Math.trunc(result) + 0;
  return Number.isSafeInteger(rounded) ? rounded : double(rounded);
}

function plain(operator: Arithmetic, x: number, y: number): number {
  if (operator === "+") return x + y;
  if (operator === "-") return x - y;
  if (operator === "*") return x * y;
  return operator === "/" ? x / y : x % y;
}

function numbers(operator: string, [a, b]: readonly [Value, Value], place: Place): readonly [number, number] {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return [x, y];
  if (a === null || b === null)
    throw fail(place, "null_pointer_exception", `cannot apply [${operator}] to a null def reference`);
  throw fail(
    place,
    "class_cast_exception",
    `Cannot apply [${operator}] operation to types [${className(a)}] and [${className(b)}].`,
  );
}

/** What `+` with a text makes of a value: Java's `toString`. */
export function textOf(value: Value, place: Place, depth = 0): string {
  spend(place);
  if (typeof value === "string") return value;
  if (isWhole(value)) return String(value);
  const number = numberOf(value);
  if (number !== undefined) return javaDouble(number);
  if (value === null || typeof value === "boolean") return String(value);
  if (depth > MAX_NESTING) throw fail(place, "stack_overflow_error", `values nested more than ${MAX_NESTING} deep`);
  if (isList(value)) return `[${value.map((item) => textOf(item, place, depth + 1)).join(", ")}]`;
  if (!isMap(value)) throw fail(place, "class_cast_exception", `[${className(value)}] has no text`);
  const members = Object.keys(value).map((key) => `${key}=${textOf(memberOf(value, key), place, depth + 1)}`);
  return `{${members.join(", ")}}`;
}

/** A result as JSON: copied, so that its size counts as steps. */
export function jsonOf(value: Value, place: Place, depth = 0): Json {
  spend(place);
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  const number = numberOf(value);
  if (number !== undefined) {
    if (!Number.isFinite(number))
      throw fail(place, "illegal_argument_exception", `[${javaDouble(number)}] cannot be told in JSON`);
    return number;
  }
  if (depth > MAX_NESTING) throw fail(place, "stack_overflow_error", `values nested more than ${MAX_NESTING} deep`);
  if (isList(value)) return value.map((item) => jsonOf(item, place, depth + 1));
  if (!isMap(value))
    throw fail(
      place,
      "illegal_argument_exception",
      `cannot write xcontent for unknown value of type ${className(value)}`,
    );
  return Object.fromEntries(Object.keys(value).map((key) => [key, jsonOf(memberOf(value, key), place, depth + 1)]));
}

/** `value[key]`, `value.name`: a member of a map, an element of a list. */
export function memberAt(target: Value, key: Value, place: Place): Value {
  spend(place);
  if (target === null) {
    const name = isMap(key) || isList(key) ? className(key) : textOf(key, place);
    throw fail(place, "null_pointer_exception", `cannot access method/field [${name}] from a null def reference`);
  }
  if (isMap(target)) return typeof key === "string" ? memberOf(target, key) : null;
  if (isList(target) && key === "length") return target.length;
  const index = typeof key === "string" && /^\d{1,9}$/.test(key) ? Number(key) : numberOf(key);
  if (isList(target) && index !== undefined) {
    // Painless counts negative indices from the end.
    const item = target[index < 0 ? target.length + index : index];
    if (item !== undefined) return item;
    throw fail(place, "index_out_of_bounds_exception", `Index ${index} out of bounds for length ${target.length}`);
  }
  const what = isKind(target, "stream") ? "a stream" : className(target);
  throw fail(
    place,
    "illegal_argument_exception",
    `dynamic getter [${what}, ${isMap(key) || isList(key) ? className(key) : textOf(key, place)}] not found`,
  );
}
