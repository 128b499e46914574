import type { Json } from "../../events/document.ts";
import { messageOf } from "../../lib/fault.ts";
import { parseJsonExact } from "../../lib/json.ts";
import { documentFault } from "../ingest-fault.ts";

type Leaf = null | boolean | number | string;
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };
/** JSON of somebody else, which is only read. */
export type GivenObject = { readonly [key: string]: Json };

/** Levels of values on their way through a pipeline: more than a document may have in the end, less than the stack. */
export const MAX_LEVELS = 100;

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isGivenList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** One of the three things that a value of somebody else can be. */
export function sortGiven(
  value: Json,
): { kind: "object"; object: GivenObject } | { kind: "list"; list: readonly Json[] } | { kind: "leaf"; leaf: Leaf } {
  if (isGivenList(value)) return { kind: "list", list: value };
  return typeof value === "object" && value !== null
    ? { kind: "object", object: value }
    : { kind: "leaf", leaf: value };
}

/** The value of an own key: what objects inherit is not part of a document. */
export function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * Parses JSON text; integers beyond 2^53 become their decimal strings. Fails the document for anything else, and for
 * more than `MAX_LEVELS` levels.
 */
export function parseJson(text: string): JsonValue {
  let value: JsonValue;
  try {
    value = parseJsonExact(text) as JsonValue;
  } catch (error) {
    throw documentFault(messageOf(error), "parsing_exception");
  }
  if (isDeeper(value, MAX_LEVELS)) throw documentFault(`JSON has more than ${MAX_LEVELS} levels`, "parsing_exception");
  return value;
}

/** Whether values stand more than so many levels deep. */
export function isDeeper(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** Values within one: of an object's members and of lists, at any depth. */
export const MAX_VALUES = 100_000;

/** A copy that shares nothing that can be changed. Fails the document for a value too large to be copied again. */
export function cloned(value: JsonValue): JsonValue {
  let left = MAX_VALUES;
  const copy = (from: JsonValue): JsonValue => {
    left -= 1;
    if (left < 0) throw documentFault(`a value with more than ${MAX_VALUES} values within it is not copied`);
    if (Array.isArray(from)) return from.map(copy);
    if (!isObject(from)) return from;
    const to: JsonObject = {};
    for (const [key, member] of Object.entries(from)) {
      if (key === "__proto__") throw documentFault("field name [__proto__] is not allowed");
      to[key] = copy(member);
    }
    return to;
  };
  return copy(value);
}

/** A text as it stands in a message: its beginning. */
export function quoted(text: string): string {
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text;
}

/** As Java prints it in Elasticsearch's messages. */
export function javaType(value: JsonValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return "java.lang.String";
  if (typeof value === "boolean") return "java.lang.Boolean";
  if (Array.isArray(value)) return "java.util.ArrayList";
  if (typeof value === "object") return "java.util.HashMap";
  if (!Number.isInteger(value)) return "java.lang.Double";
  return Math.abs(value) < 2 ** 31 ? "java.lang.Integer" : "java.lang.Long";
}

/** A value within text: strings as they are, lists and objects as JSON, null as nothing. */
export function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
