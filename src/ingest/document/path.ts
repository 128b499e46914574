import { documentFault } from "../ingest-fault.ts";
import { isObject, type JsonObject, type JsonValue, javaType, ownValue } from "./json.ts";

/** The keys of `a.b.0.c`. Fails for an empty path, an empty part and for `__proto__`. */
export function pathKeys(path: string): string[] {
  if (path === "") throw documentFault("path cannot be null nor empty");
  const keys = path.split(".");
  if (keys.some((key) => key === "" || key === "__proto__")) throw documentFault(`path [${path}] is not valid`);
  return keys;
}

/** The value at a path; undefined where there is none. Numbers are positions in lists. */
export function valueAt(root: JsonObject, keys: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of keys) {
    if (isObject(value)) value = ownValue(value, key);
    else if (Array.isArray(value)) value = /^\d+$/.test(key) ? value[Number(key)] : undefined;
    else return undefined;
  }
  return value;
}

/** The value at a path. Fails the document in Elasticsearch's words where there is none. */
export function requireAt(root: JsonObject, keys: readonly string[]): JsonValue {
  let value: JsonValue = root;
  for (const key of keys) value = stepInto(value, key, keys.join("."));
  return value;
}

/** Sets a value, making the objects on its way. */
export function setAt(root: JsonObject, keys: readonly string[], value: JsonValue): void {
  const path = keys.join(".");
  let parent: JsonValue = root;
  for (const key of keys.slice(0, -1)) {
    if (isObject(parent) && !Object.hasOwn(parent, key)) parent[key] = {};
    parent = stepInto(parent, key, path);
  }
  const last = keys.at(-1) ?? "";
  if (isObject(parent)) parent[last] = value;
  else if (Array.isArray(parent)) parent[listIndex(parent, last, path)] = value;
  else throw cannot("set", last, parent, path);
}

/** Takes a field away. Fails the document where there is none. */
export function removeAt(root: JsonObject, keys: readonly string[]): void {
  const path = keys.join(".");
  let parent: JsonValue = root;
  for (const key of keys.slice(0, -1)) parent = stepInto(parent, key, path);
  const last = keys.at(-1) ?? "";
  if (isObject(parent)) {
    if (!Object.hasOwn(parent, last)) throw documentFault(`field [${last}] not present as part of path [${path}]`);
    delete parent[last];
  } else if (Array.isArray(parent)) parent.splice(listIndex(parent, last, path), 1);
  else throw cannot("remove", last, parent, path);
}

function stepInto(value: JsonValue, key: string, path: string): JsonValue {
  if (isObject(value)) {
    const next = ownValue(value, key);
    if (next === undefined) throw documentFault(`field [${key}] not present as part of path [${path}]`);
    return next;
  }
  if (Array.isArray(value)) return value[listIndex(value, key, path)] ?? null;
  throw cannot("resolve", key, value, path);
}

function listIndex(list: readonly JsonValue[], key: string, path: string): number {
  if (!/^\d+$/.test(key))
    throw documentFault(`[${key}] is not an integer, cannot be used as an index as part of path [${path}]`);
  const index = Number(key);
  if (index >= list.length)
    throw documentFault(`[${key}] is out of bounds for array with length [${list.length}] as part of path [${path}]`);
  return index;
}

function cannot(verb: "set" | "resolve" | "remove", key: string, parent: JsonValue, path: string) {
  const link = verb === "resolve" ? "from" : verb === "set" ? "with" : "from";
  const kind = verb === "set" ? "parent object of type" : "object of type";
  const what = parent === null ? (verb === "set" ? "null parent" : "null") : `${kind} [${javaType(parent)}]`;
  return documentFault(`cannot ${verb} [${key}] ${link} ${what} as part of path [${path}]`);
}
