import { isObject, type JsonValue } from "../document/json.ts";
import { documentFault } from "../ingest-fault.ts";

type Method = { arguments: number; words: string; call(on: JsonValue, args: readonly JsonValue[]): JsonValue };

const ofText =
  (call: (on: string, arg: string) => JsonValue): Method["call"] =>
  (on, [arg]) => {
    if (typeof on !== "string") throw noMethod(on);
    if (arg !== undefined && typeof arg !== "string") throw scriptFault("an argument is no text");
    return call(on, arg ?? "");
  };

const sizeOf = (on: JsonValue): number => {
  if (typeof on === "string" || Array.isArray(on)) return on.length;
  if (isObject(on)) return Object.keys(on).length;
  throw noMethod(on);
};

/** The methods that a condition may call, as Java has them. */
export const methods: Readonly<Record<string, Method>> = {
  contains: {
    arguments: 1,
    words: "of a text or a list",
    call(on, args) {
      if (Array.isArray(on)) return on.some((item) => equal(item, args[0] ?? null));
      return ofText((text, part) => text.includes(part))(on, args);
    },
  },
  containsKey: {
    arguments: 1,
    words: "of an object, `ctx` too",
    call(on, [key]) {
      if (!isObject(on)) throw noMethod(on);
      return typeof key === "string" && Object.hasOwn(on, key);
    },
  },
  startsWith: { arguments: 1, words: "of a text", call: ofText((text, part) => text.startsWith(part)) },
  endsWith: { arguments: 1, words: "of a text", call: ofText((text, part) => text.endsWith(part)) },
  indexOf: { arguments: 1, words: "of a text", call: ofText((text, part) => text.indexOf(part)) },
  equals: { arguments: 1, words: "of anything but null", call: (on, [other]) => equal(on, other ?? null) },
  equalsIgnoreCase: {
    arguments: 1,
    words: "of a text",
    call: ofText((text, other) => text.toLowerCase() === other.toLowerCase()),
  },
  toLowerCase: { arguments: 0, words: "of a text", call: ofText((text) => text.toLowerCase()) },
  toUpperCase: { arguments: 0, words: "of a text", call: ofText((text) => text.toUpperCase()) },
  trim: { arguments: 0, words: "of a text", call: ofText((text) => text.trim()) },
  length: { arguments: 0, words: "of a text", call: ofText((text) => text.length) },
  size: { arguments: 0, words: "of a list or an object", call: sizeOf },
  isEmpty: { arguments: 0, words: "of a text, a list or an object", call: (on) => sizeOf(on) === 0 },
};

/** What `instanceof` knows. */
export const types: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  String: (value) => typeof value === "string",
  Number: (value) => typeof value === "number",
  Integer: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  Long: (value) => Number.isInteger(value) && Math.abs(Number(value)) >= 2 ** 31,
  Double: (value) => typeof value === "number" && !Number.isInteger(value),
  Boolean: (value) => typeof value === "boolean",
  List: Array.isArray,
  Map: isObject,
};

export function equal(a: JsonValue, b: JsonValue): boolean {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What goes wrong while a condition is judged fails the processor, as a script's error does. */
export function scriptFault(reason: string) {
  return documentFault(`runtime error: ${reason}`, "script_exception");
}

function noMethod(on: JsonValue) {
  return scriptFault(on === null ? "cannot call a method on null" : "the value has no such method");
}
