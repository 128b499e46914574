import type { Json } from "../../events/document.ts";
import { javaDouble } from "./java-text.ts";
import { fail, MAX_NESTING, type Place, spend } from "./scope.ts";
import { className, double, isKind, isList, isMap, isWhole, memberOf, numberOf, type Value } from "./values.ts";

const TEXT_STEP = 64;

/** What stands before and behind an operator. */
type Sides = readonly [Value, Value];

/** Java's `equals`, with numbers by their value as Painless compares them. */
export function equal([a, b]: Sides, place: Place): boolean {
  const same = (left: Value, right: Value, depth: number): boolean => {
    spend(place);
    const [x, y] = [numberOf(left), numberOf(right)];
    if (x !== undefined && y !== undefined) return x === y;
    if (depth > MAX_NESTING) throw tooDeep(place);
    if (isList(left) && isList(right))
      return left.length === right.length && left.every((item, index) => same(item, right[index] ?? null, depth + 1));
    if (!isMap(left) || !isMap(right)) return left === right;
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    return keys.every((key) => Object.hasOwn(right, key) && same(memberOf(left, key), memberOf(right, key), depth + 1));
  };
  return same(a, b, 0);
}

function tooDeep(place: Place) {
  return fail(place, { type: "stack_overflow_error", reason: `values nested more than ${MAX_NESTING} deep` });
}

export type Operation<Operator> = { operator: Operator; sides: Sides };

export type Order = "<" | "<=" | ">" | ">=";

export function ordered({ operator, sides }: Operation<Order>, place: Place): boolean {
  const [x, y] = numbers({ operator, sides }, place);
  if (operator === "<") return x < y;
  if (operator === "<=") return x <= y;
  return operator === ">" ? x > y : x >= y;
}

export type Arithmetic = "+" | "-" | "*" | "/" | "%";

/** Whole numbers stay whole, and are divided as Java divides them; beyond 2^53 they are doubles. */
export function calculated({ operator, sides }: Operation<Arithmetic>, place: Place): Value {
  const [a, b] = sides;
  if (operator === "+" && (typeof a === "string" || typeof b === "string")) {
    const text = textOf(a, place) + textOf(b, place);
    spend(place, Math.ceil(text.length / TEXT_STEP));
    return text;
  }
  const [x, y] = numbers({ operator, sides }, place);
  const whole = isWhole(a) && isWhole(b);
  if (whole && y === 0 && (operator === "/" || operator === "%"))
    throw fail(place, { type: "arithmetic_exception", reason: "/ by zero" });
  const result = plain(operator, [x, y]);
  if (!whole) return double(result);
  const rounded = Math.trunc(result) + 0;
  return Number.isSafeInteger(rounded) ? rounded : double(rounded);
}

function plain(operator: Arithmetic, [x, y]: readonly [number, number]): number {
  if (operator === "+") return x + y;
  if (operator === "-") return x - y;
  if (operator === "*") return x * y;
  return operator === "/" ? x / y : x % y;
}

function numbers({ operator, sides: [a, b] }: Operation<string>, place: Place): readonly [number, number] {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return [x, y];
  if (a === null || b === null)
    throw fail(place, { type: "null_pointer_exception", reason: `cannot apply [${operator}] to a null def reference` });
  throw fail(place, {
    type: "class_cast_exception",
    reason: `Cannot apply [${operator}] operation to types [${className(a)}] and [${className(b)}].`,
  });
}

/** What `+` with a text makes of a value: Java's `toString`. */
export function textOf(value: Value, place: Place): string {
  const told = (inner: Value, depth: number): string => {
    spend(place);
    if (typeof inner === "string") return inner;
    if (isWhole(inner)) return String(inner);
    const number = numberOf(inner);
    if (number !== undefined) return javaDouble(number);
    if (inner === null || typeof inner === "boolean") return String(inner);
    if (depth > MAX_NESTING) throw tooDeep(place);
    if (isList(inner)) return `[${inner.map((item) => told(item, depth + 1)).join(", ")}]`;
    if (!isMap(inner)) throw fail(place, { type: "class_cast_exception", reason: `[${className(inner)}] has no text` });
    return `{${Object.keys(inner)
      .map((key) => `${key}=${told(memberOf(inner, key), depth + 1)}`)
      .join(", ")}}`;
  };
  return told(value, 0);
}

/** A result as JSON: copied, so that its size counts as steps. */
export function jsonOf(value: Value, place: Place): Json {
  const copied = (inner: Value, depth: number): Json => {
    spend(place);
    if (inner === null || typeof inner === "boolean" || typeof inner === "string") return inner;
    const number = numberOf(inner);
    if (number !== undefined) return finite(number, place);
    if (depth > MAX_NESTING) throw tooDeep(place);
    if (isList(inner)) return inner.map((item) => copied(item, depth + 1));
    if (isMap(inner))
      return Object.fromEntries(Object.keys(inner).map((key) => [key, copied(memberOf(inner, key), depth + 1)]));
    const reason = `cannot write xcontent for unknown value of type ${className(inner)}`;
    throw fail(place, { type: "illegal_argument_exception", reason });
  };
  return copied(value, 0);
}

function finite(number: number, place: Place): number {
  if (Number.isFinite(number)) return number;
  throw fail(place, { type: "illegal_argument_exception", reason: `[${javaDouble(number)}] cannot be told in JSON` });
}

/** `value[key]`, `value.name`: a member of a map, an element of a list. */
export function memberAt({ target, key }: { target: Value; key: Value }, place: Place): Value {
  spend(place);
  if (target === null) {
    const name = isMap(key) || isList(key) ? className(key) : textOf(key, place);
    throw fail(place, {
      type: "null_pointer_exception",
      reason: `cannot access method/field [${name}] from a null def reference`,
    });
  }
  if (isMap(target)) return typeof key === "string" ? memberOf(target, key) : null;
  if (isList(target) && key === "length") return target.length;
  const index = typeof key === "string" && /^\d{1,9}$/.test(key) ? Number(key) : numberOf(key);
  if (isList(target) && index !== undefined) {
    // Painless counts negative indices from the end.
    const item = target[index < 0 ? target.length + index : index];
    if (item !== undefined) return item;
    throw fail(place, {
      type: "index_out_of_bounds_exception",
      reason: `Index ${index} out of bounds for length ${target.length}`,
    });
  }
  const what = isKind(target, "stream") ? "a stream" : className(target);
  throw fail(place, {
    type: "illegal_argument_exception",
    reason: `dynamic getter [${what}, ${isMap(key) || isList(key) ? className(key) : textOf(key, place)}] not found`,
  });
}
