import type { Json } from "../../events/document.ts";
import { documentFault } from "../ingest-fault.ts";
import {
  type GivenObject,
  isObject,
  type JsonObject,
  type JsonValue,
  MAX_VALUES,
  ownValue,
  sortGiven,
} from "./json.ts";

/** Bounds of a document, as Elasticsearch's mapping has them; a field is a leaf. */
export const MAX_DEPTH = 20;
export const MAX_FIELDS = 1_000;
const MAX_KEY = 512;
export const MAX_TEXT = 1_000_000;

/**
 * A document in which `{"a.b": 1}` and `{"a": {"b": 1}}` are the same field. Both in one document are two values of that
 * field, a list in the document's order, as Elasticsearch would index them; an object beside a plain value is refused,
 * as there; null gives way to anything. Also refused: more than `MAX_DEPTH` levels, more than `MAX_FIELDS` fields,
 * texts beyond a megabyte, empty parts of a name, and `__proto__`.
 */
export function expandDocument(source: GivenObject): JsonObject {
  const census = { fields: 0, values: 0 };
  const expanded = expandObject({ from: source, into: {}, depth: 1, path: "", census });
  if (census.fields > MAX_FIELDS) throw tooManyFields();
  return expanded;
}

type Census = { fields: number; values: number };
type Walk = { from: GivenObject; into: JsonObject; depth: number; path: string; census: Census };

function expandObject({ from, into, depth, path, census }: Walk): JsonObject {
  for (const [name, value] of Object.entries(from)) {
    const keys = keysOf(name);
    const last = keys.at(-1) ?? name;
    let parent = into;
    let level = depth;
    let parentPath = path;
    for (const key of keys.slice(0, -1)) {
      level += 1;
      parentPath = join(parentPath, key);
      if (level > MAX_DEPTH) throw tooDeep();
      parent = childObject(parent, key, parentPath);
    }
    putValue({ parent, key: last, value, depth: level, path: join(parentPath, last), census });
  }
  return into;
}

function keysOf(name: string): string[] {
  if (name.length > MAX_KEY) throw documentFault(`field name of ${name.length} characters is too long`);
  const keys = name.includes(".") ? name.split(".") : [name];
  for (const key of keys) {
    if (key === "__proto__") throw documentFault("field name [__proto__] is not allowed");
    if (key.trim() !== "") continue;
    throw documentFault(
      name.trim() === ""
        ? "field name cannot be an empty string"
        : `field name cannot contain only whitespace: ['${name}']`,
      "document_parsing_exception",
    );
  }
  return keys;
}

function childObject(parent: JsonObject, key: string, path: string): JsonObject {
  const known = ownValue(parent, key);
  if (isObject(known)) return known;
  if (known !== undefined && known !== null) throw mixed(path);
  const child: JsonObject = {};
  parent[key] = child;
  return child;
}

type Put = { parent: JsonObject; key: string; value: Json; depth: number; path: string; census: Census };

function putValue({ parent, key, value, depth, path, census }: Put): void {
  const given = sortGiven(value);
  const known = ownValue(parent, key);
  if (given.kind === "object") {
    if (depth + 1 > MAX_DEPTH && Object.keys(given.object).length > 0) throw tooDeep();
    const into = childObject(parent, key, path);
    expandObject({ from: given.object, into, depth: depth + 1, path, census });
    return;
  }
  const leaf = given.kind === "list" ? expandList({ list: given.list, depth, path, census }) : given.leaf;
  countValue(leaf, census);
  if (known === undefined) {
    census.fields += 1;
    if (census.fields > MAX_FIELDS) throw tooManyFields();
    parent[key] = leaf;
    return;
  }
  if (leaf === null) return;
  if (isObject(known)) throw mixed(path);
  parent[key] = known === null ? leaf : [known, leaf].flat();
}

function expandList(options: { list: readonly Json[]; depth: number; path: string; census: Census }): JsonValue[] {
  const { list, depth, path, census } = options;
  if (depth + 1 > MAX_DEPTH) throw tooDeep();
  return list.map((item) => {
    countValue(item, census);
    const given = sortGiven(item);
    if (given.kind === "leaf") return given.leaf;
    return given.kind === "object"
      ? expandObject({ from: given.object, into: {}, depth: depth + 1, path, census })
      : expandList({ list: given.list, depth: depth + 1, path, census });
  });
}

function countValue(value: Json, census: Census): void {
  census.values += 1;
  if (census.values > MAX_VALUES) throw documentFault(`document has more than ${MAX_VALUES} values`);
  if (typeof value === "string" && value.length > MAX_TEXT)
    throw documentFault(`a text of ${value.length} characters is longer than ${MAX_TEXT}`);
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function mixed(path: string) {
  const reason = `object mapping for [${path}] tried to parse field [${path}] as object, but found a concrete value`;
  return documentFault(reason, "document_parsing_exception");
}

function tooDeep() {
  return documentFault(`Limit of mapping depth [${MAX_DEPTH}] has been exceeded`);
}

function tooManyFields() {
  return documentFault(`Limit of total fields [${MAX_FIELDS}] has been exceeded`);
}
