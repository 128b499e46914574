import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";

/** Marks what is no JSON value: no document can hold it. */
const KIND: unique symbol = Symbol("kind");

/**
 * A value of a script. A plain number that is whole is one of Java's integers, any other a double; a double that happens
 * to be whole (`100.0`, an average) is a `Double`, so that division does as Painless does.
 */
export type Value = Json | Double | Stream | Optional | Collector | Values | ValueMap;
/** Lists and maps may hold what is not JSON yet. */
type Values = readonly Value[];
export type ValueMap = { readonly [key: string]: Value };

export type Double = { readonly [KIND]: "double"; readonly value: number };
/** Read once, as Java's are; `of` says whether it is one of numbers. */
export type Stream = {
  readonly [KIND]: "stream";
  readonly of: StreamOf;
  readonly items: Iterator<Value, undefined>;
  readonly state: { used: boolean };
};
export type StreamOf = "object" | "long" | "double";
export type Optional = { readonly [KIND]: "optional"; readonly of: StreamOf; readonly value: Value | undefined };
export type Collector = { readonly [KIND]: "collector"; readonly into: "list" | "set" };

type Kind = "double" | "stream" | "optional" | "collector";
type OfKind<K extends Kind> = Extract<Double | Stream | Optional | Collector, { readonly [KIND]: K }>;

/** The number as Java's `double`. */
export function double(value: number): Value {
  return Number.isInteger(value) ? { [KIND]: "double", value } : value;
}

export function stream(of: StreamOf, items: Iterator<Value, undefined>): Stream {
  return { [KIND]: "stream", of, items, state: { used: false } };
}

export function optional(of: StreamOf, value: Value | undefined): Optional {
  return { [KIND]: "optional", of, value };
}

export function collector(into: Collector["into"]): Collector {
  return { [KIND]: "collector", into };
}

export function isKind<K extends Kind>(value: Value, kind: K): value is OfKind<K> {
  return typeof value === "object" && value !== null && KIND in value && value[KIND] === kind;
}

export function isList(value: Value): value is Values {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(KIND in value);
}

/** A number as JavaScript has it; undefined for what is none. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  return isKind(value, "double") ? value.value : undefined;
}

/** Whether Java would have an `int` or a `long`. */
export function isWhole(value: Value): value is number {
  return Number.isInteger(value);
}

/** A member of an object of its own; what it inherits from JavaScript is not there. */
export function memberOf(map: ValueMap | JsonObject, key: string): Value {
  return Object.hasOwn(map, key) ? (map[key] ?? null) : null;
}

/** Java's name of the value's class, for messages. */
export function className(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string") return "java.lang.String";
  if (typeof value === "boolean") return "java.lang.Boolean";
  if (isWhole(value)) return Math.abs(value) < 2 ** 31 ? "java.lang.Integer" : "java.lang.Long";
  if (numberOf(value) !== undefined) return "java.lang.Double";
  if (isList(value)) return "java.util.ArrayList";
  if (isKind(value, "stream")) return "java.util.stream.Stream";
  if (isKind(value, "optional")) return "java.util.Optional";
  return isKind(value, "collector") ? "java.util.stream.Collector" : "java.util.HashMap";
}
