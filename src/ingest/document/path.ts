import { documentFault } from "../ingest-fault.ts";
import { isObject, type JsonObject, type JsonValue, javaType, MAX_LEVELS, ownValue, quoted } from "./json.ts";

/** Pipelines have some hundred paths; names from documents (templates, kv) may add others, which push them all out. */
const MAX_KNOWN_PATHS = 4_096;
const known = new Map<string, readonly string[]>();

/** The keys of `a.b.0.c`. Fails for an empty path, an empty part and for `__proto__`. */
export function pathKeys(path: string): readonly string[] {
  const before = known.get(path);
  if (before !== undefined) return before;
  if (path === "") throw documentFault("path cannot be null nor empty");
  const keys = path.split(".");
  if (keys.length > MAX_LEVELS || keys.some((key) => key === "" || key === "__proto__"))
    throw documentFault(`path [${quoted(path)}] is not valid`);
  if (known.size >= MAX_KNOWN_PATHS) known.clear();
  known.set(path, keys);
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
  for (const key of keys) value = stepInto(value, key, keys);
  return value;
}

/** Sets a value, making the objects on its way. */
export function setAt(root: JsonObject, keys: readonly string[], value: JsonValue): void {
  let parent: JsonValue = root;
  for (let index = 0; index < keys.length - 1; index += 1) {
    const key = keys[index] ?? "";
    if (isObject(parent) && !Object.hasOwn(parent, key)) parent[key] = {};
    parent = stepInto(parent, key, keys);
  }
  const last = keys.at(-1) ?? "";
  if (isObject(parent)) parent[last] = value;
  else if (Array.isArray(parent)) parent[listIndex(parent, last, keys)] = value;
  else throw cannot("set", last, parent, keys);
}

/** Takes a field away. Fails the document where there is none. */
export function removeAt(root: JsonObject, keys: readonly string[]): void {
  let parent: JsonValue = root;
  for (const key of keys.slice(0, -1)) parent = stepInto(parent, key, keys);
  const last = keys.at(-1) ?? "";
  if (isObject(parent)) {
    if (!Object.hasOwn(parent, last)) throw absent(last, keys);
    delete parent[last];
  } else if (Array.isArray(parent)) parent.splice(listIndex(parent, last, keys), 1);
  else throw cannot("remove", last, parent, keys);
}

function stepInto(value: JsonValue, key: string, path: readonly string[]): JsonValue {
  if (isObject(value)) {
    const next = ownValue(value, key);
    if (next === undefined) throw absent(key, path);
    return next;
  }
  if (Array.isArray(value)) return value[listIndex(value, key, path)] ?? null;
  throw cannot("resolve", key, value, path);
}

function absent(key: string, path: readonly string[]) {
  return documentFault(`field [${key}] not present as part of path [${path.join(".")}]`);
}

function listIndex(list: readonly JsonValue[], key: string, path: readonly string[]): number {
  const where = () => `as part of path [${path.join(".")}]`;
  if (!/^\d+$/.test(key)) throw documentFault(`[${key}] is not an integer, cannot be used as an index ${where()}`);
  const index = Number(key);
  if (index >= list.length)
    throw documentFault(`[${key}] is out of bounds for array with length [${list.length}] ${where()}`);
  return index;
}

function cannot(verb: "set" | "resolve" | "remove", key: string, parent: JsonValue, path: readonly string[]) {
  const setting = verb === "set";
  const kind = parent === null ? "null" : `object of type [${javaType(parent)}]`;
  const what = parent === null ? (setting ? "null parent" : kind) : setting ? `parent ${kind}` : kind;
  return documentFault(
    `cannot ${verb} [${key}] ${setting ? "with" : "from"} ${what} as part of path [${path.join(".")}]`,
  );
}
