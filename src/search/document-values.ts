import type { Json } from "../events/document.ts";
import { valueClassOf } from "./fields/field-type.ts";
import { invalidValue, storedValue } from "./fields/stored-value.ts";
import { isObject } from "./json-shape.ts";
import type { MappedField, Mapping } from "./target.ts";
import { type ValueNode, valueTree } from "./value-tree.ts";

/** What stands in `_values`, and in the columns, of a document of others; see `SearchTarget`. */
export type DocumentValues = { [field: string]: (string | number | boolean | DocumentValues)[] };

/**
 * Called with the path of what the mapping does not have (`isEmpty`: null or an empty list in an object that is there, which add nothing to it), and
 * of a `constant_keyword` whose value is not known yet.
 */
export type OnUnmapped = (path: string, isEmpty: boolean) => void;

type Walk = { values: DocumentValues; onUnmapped: OnUnmapped | undefined };
type JsonObject = { readonly [key: string]: Json };

const MAX_LEVELS = 200;

/**
 * The values of a document by field. Fields that the mapping does not have are passed over, as with `dynamic: false`,
 * and told. Throws a `document_parsing_exception` for a value that is none of its field's type.
 */
export function documentValues(source: JsonObject, mapping: Mapping, onUnmapped?: OnUnmapped): DocumentValues {
  const values: DocumentValues = {};
  addObject({ values, onUnmapped }, { object: source, node: valueTree(mapping), level: 0 });
  return values;
}

function addObject(walk: Walk, { object, node, level }: { object: JsonObject; node: ValueNode; level: number }): void {
  if (level > MAX_LEVELS) throw invalidValue(`[${node.path}] is more than ${MAX_LEVELS} levels deep`);
  for (const key of Object.keys(object)) {
    const value = object[key] as Json;
    const child = node.children.get(key);
    if (child !== undefined) addValue(walk, { value, node: child, level });
    else if (!key.includes(".") || !addBelow(walk, { value, node, name: key, level })) {
      const isEmpty = (value === null || (Array.isArray(value) && value.length === 0)) && hasParent(node, key);
      walk.onUnmapped?.(node.path === "" ? key : `${node.path}.${key}`, isEmpty);
    }
  }
}

/** Whether the object is there that a name with dots leads to: null below it makes it, where it is not. */
function hasParent(node: ValueNode, name: string): boolean {
  let at: ValueNode | undefined = node;
  for (let from = 0, dot = name.indexOf("."); dot >= 0 && at !== undefined; dot = name.indexOf(".", from)) {
    at = at.children.get(name.slice(from, dot));
    from = dot + 1;
  }
  return at !== undefined;
}

/** The value under a name with dots; false where the mapping does not have it. */
function addBelow(walk: Walk, given: { value: Json; node: ValueNode; name: string; level: number }): boolean {
  const { value, node, name, level } = given;
  const keys = name.split(".");
  let at: ValueNode | undefined = node;
  for (const [place, key] of keys.entries()) {
    if (at.field?.enabled === false) return true;
    if (at.field?.type === "flattened") {
      const path = [at.path, ...keys.slice(place)].join(".");
      addLeaves(walk.values, { value, path, root: at, level });
      return true;
    }
    if (at.field !== undefined && valueClassOf(at.field.type) !== "object") {
      const inner = { [keys.slice(place).join(".")]: value };
      addValue(walk, { value: inner, node: at, level });
      return true;
    }
    at = at.children.get(key);
    if (at === undefined) return false;
  }
  addValue(walk, { value, node: at, level });
  return true;
}

function addValue(walk: Walk, { value, node, level }: { value: Json; node: ValueNode; level: number }): void {
  const { path, field } = node;
  if (field?.enabled === false || field?.unsearched !== undefined) return;
  if (value === null) {
    if (field?.nullValue !== undefined) addLeaf(walk, { node, field, value: field.nullValue });
    return;
  }
  if (field?.alias === true) {
    throw invalidValue(`Cannot write to a field alias [${path}].`);
  }
  if (field?.type === "flattened") {
    addFlattened(walk.values, node, value);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) addValue(walk, { value: item, node, level: level + 1 });
  } else if (isObject(value)) {
    const object = value as JsonObject;
    if (field !== undefined && valueClassOf(field.type) !== "object") {
      // An object is never passed over as malformed.
      throw objectForLeaf(node, field, object);
    } else if (field?.type !== "nested") addObject(walk, { object, node, level: level + 1 });
    else {
      const inner: DocumentValues = {};
      addObject({ ...walk, values: inner }, { object, node, level: level + 1 });
      add(walk.values, path, inner);
    }
  } else if (field === undefined || valueClassOf(field.type) === "object") {
    const reason = `object mapping for [${path}] tried to parse field [${path}] as object, but found a concrete value`;
    throw invalidValue(reason);
  } else addLeaf(walk, { node, field, value: value as string | number | boolean });
}

function addLeaf(
  { values, onUnmapped }: Walk,
  { node, field, value }: { node: ValueNode; field: MappedField; value: string | number | boolean },
): void {
  if (field.type === "constant_keyword" && field.value === undefined) onUnmapped?.(node.path, false);
  const stored = storedValue(node.path, field, value);
  if (stored !== undefined && isKept(node, stored)) add(values, node.path, stored);
}

function isKept({ longest }: ValueNode, value: string | number | boolean): boolean {
  return longest === undefined || typeof value !== "string" || value.length <= longest;
}

/** A flattened field holds all of its leaves as text, and each under its own path. */
function addFlattened(values: DocumentValues, root: ValueNode, value: Json): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) addFlattened(values, root, item);
  } else if (isObject(value)) addLeaves(values, { value: value as JsonObject, path: root.path, root, level: 0 });
  else if (value !== null) {
    const reason = `Failed to parse object: expecting token of type [START_OBJECT] but found [${String(value)}]`;
    throw invalidValue(`failed to parse field [${root.path}] of type [flattened]`, {
      type: "parsing_exception",
      reason,
    });
  }
}

type Leaves = { value: Json; path: string; root: ValueNode; level: number };

function addLeaves(values: DocumentValues, { value, path, root, level }: Leaves): void {
  if (value === null) return;
  if (level > MAX_LEVELS) throw invalidValue(`[${root.path}] is more than ${MAX_LEVELS} levels deep`);
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) addLeaves(values, { value: item, path, root, level: level + 1 });
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value))
      addLeaves(values, { value: inner as Json, path: `${path}.${key}`, root, level: level + 1 });
  } else if (isKept(root, String(value))) {
    add(values, root.path, String(value));
    if (path !== root.path) add(values, path, String(value));
  }
}

function add(values: DocumentValues, path: string, value: string | number | boolean | DocumentValues): void {
  const list = Object.hasOwn(values, path) ? values[path] : undefined;
  if (list === undefined) values[path] = [value];
  else list.push(value);
}

function objectForLeaf({ path }: ValueNode, { type }: MappedField, value: JsonObject): Error {
  const preview = javaText(value).slice(0, MAX_PREVIEW);
  const isNumber = NUMERIC.includes(valueClassOf(type));
  return invalidValue(`failed to parse field [${path}] of type [${type}]. Preview of field's value: '${preview}'`, {
    type: "illegal_argument_exception",
    reason: isNumber ? "Cannot parse object as number" : "Expected text but found START_OBJECT",
  });
}

const NUMERIC: readonly string[] = ["long", "unsigned_long", "double"];
const MAX_PREVIEW = 100;

/** As Java prints maps and lists: `{a=1, b=[x, y]}`. */
function javaText(value: Json): string {
  if (Array.isArray(value)) return `[${value.slice(0, MAX_PREVIEW).map(javaText).join(", ")}]`;
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).slice(0, MAX_PREVIEW);
  return `{${members.map(([key, inner]) => `${key}=${javaText(inner as Json)}`).join(", ")}}`;
}
