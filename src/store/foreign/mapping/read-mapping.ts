import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { isJsonObject } from "../../../events/json-object.ts";
import { refusal } from "../../../events/refusal.ts";
import { dateFormat } from "../../../search/dates/date-format.ts";
import { readDynamicTemplates } from "./dynamic-template.ts";
import { javaClass, mappingFault, unsupportedMapping } from "./mapping-fault.ts";
import {
  type Dynamic,
  emptyMapping,
  emptyObject,
  type Field,
  type MappingTree,
  type ObjectField,
} from "./mapping-tree.ts";
import { type FieldDefaults, readLeaf } from "./read-field.ts";

const OBJECT_KEYS = ["type", "properties", "dynamic", "enabled", "subobjects", "include_in_parent", "include_in_root"];
/** Kept and told; none of them changes what is stored. */
const KEPT_KEYS = ["_meta", "_routing", "_size", "_field_names", "_data_stream_timestamp", "_source"];
const MAX_NAME_BYTES = 512;
export const MAX_DEPTH = 20;

/**
 * Elasticsearch's mapping JSON: `properties`, `dynamic`, `dynamic_templates`, `date_detection`, `numeric_detection`,
 * `dynamic_date_formats`, `_meta`. Throws `mapper_parsing_exception` for what is unknown or not supported, by its name.
 */
export function readMapping(json: JsonObject, defaults: FieldDefaults): MappingTree {
  const tree = parseMapping(json, defaults);
  checkAliases(tree.root);
  return tree;
}

/** `readMapping` for a part of a mapping, whose aliases may lead to fields elsewhere. */
export function parseMapping(given: JsonObject, defaults: FieldDefaults): MappingTree {
  const json = unwrapped(given);
  const tree = emptyMapping();
  tree.root.dynamic = readDynamic(json["dynamic"]);
  refuseUnsupported(json);
  const more: Record<string, Json> = {};
  for (const [key, value] of Object.entries(json) as [string, Json][]) {
    switch (key) {
      case "properties":
        addProperties(tree.root, { json: value, path: "", depth: 1, defaults });
        break;
      case "dynamic_templates":
        tree.templates = readDynamicTemplates(value);
        break;
      case "date_detection":
        tree.dateDetection = flag(value, key);
        break;
      case "numeric_detection":
        tree.numericDetection = flag(value, key);
        break;
      case "dynamic_date_formats":
        tree.dateFormats = readFormats(value);
        break;
      case "dynamic":
      case "subobjects":
      case "runtime":
      case "enabled":
        break;
      default:
        if (!KEPT_KEYS.includes(key)) {
          throw mappingFault(`Root mapping definition has unsupported parameters:  [${key} : ${told(value)}]`);
        }
        more[key] = value;
    }
  }
  return { ...tree, more };
}

/** `{"_doc": {…}}`, as mappings had types once. */
function unwrapped(json: JsonObject): JsonObject {
  const [[key, inner] = [], ...others] = Object.entries(json);
  return key === "_doc" && others.length === 0 && isJsonObject(inner) ? inner : json;
}

function refuseUnsupported(json: JsonObject): void {
  const { enabled, subobjects, runtime, _source: source, _routing: routing } = json;
  if (enabled === false || enabled === "false") throw unsupportedMapping("[enabled] false of a whole mapping");
  if (subobjects !== undefined && subobjects !== true && subobjects !== "true")
    throw unsupportedMapping("[subobjects] false");
  if (isJsonObject(runtime) && Object.keys(runtime).length > 0) throw unsupportedMapping("[runtime] of a mapping");
  if (isJsonObject(source)) {
    const strange = Object.entries(source).find(
      ([key, value]) => !(key === "enabled" && value === true) && !(key === "mode" && value === "stored"),
    );
    if (strange !== undefined) throw unsupportedMapping(`[${strange[0]}] of [_source]`);
  }
  if (isJsonObject(routing) && routing["required"] === true) throw unsupportedMapping("[required] of [_routing]");
}

type Properties = { json: Json; path: string; depth: number; defaults: FieldDefaults };

function addProperties(object: ObjectField, { json, path, depth, defaults }: Properties): void {
  if (Array.isArray(json) && json.length === 0) return;
  if (!isJsonObject(json))
    throw mappingFault(`Expected map for property [properties] on field [${path}] but got a class ${javaClass(json)}`);
  for (const [name, property] of Object.entries(json) as [string, Json][]) {
    const keys = keysOf(name);
    let parent = object;
    let level = depth;
    let parentPath = path;
    for (const key of keys.slice(0, -1)) {
      level += 1;
      parentPath = join(parentPath, key);
      const known = parent.children.get(key) ?? emptyObject();
      if (known.kind !== "object")
        throw mappingFault(`can't merge a non object mapping [${parentPath}] with an object mapping`);
      parent.children.set(key, known);
      parent = known;
    }
    const key = keys.at(-1) ?? name;
    const place = { path: join(parentPath, key), depth: level, defaults };
    const field = readField(property, place);
    const known = parent.children.get(key);
    if (known?.kind === "object" && field.kind === "object")
      for (const [inner, one] of field.children) known.children.set(inner, one);
    else parent.children.set(key, field);
  }
}

type Place = { path: string; depth: number; defaults: FieldDefaults };

/** One property: a field, an object with those below it, or an alias. */
export function readField(property: Json, { path, depth, defaults }: Place): Field {
  if (!isJsonObject(property))
    throw mappingFault(`Expected map for property [fields] on field [${path}] but got a class ${javaClass(property)}`);
  const keys = Object.keys(property);
  const type = typeOf(property);
  if (type === undefined && !keys.includes("properties") && !(keys.length === 1 && keys[0] === "enabled")) {
    throw mappingFault(`No type specified for field [${path}]`);
  }
  if (type === "alias") return { kind: "alias", path: aliasPath(path, property) };
  if (type !== undefined && type !== "object" && type !== "nested") return readLeaf(path, property, defaults);
  const strange = keys.find((key) => !OBJECT_KEYS.includes(key));
  if (strange !== undefined) {
    throw mappingFault(
      `Mapping definition for [${path}] has unsupported parameters:  [${strange} : ${told(property[strange])}]`,
    );
  }
  for (const key of ["include_in_parent", "include_in_root"]) {
    if (property[key] === true) throw unsupportedMapping(`[${key}] of field [${path}]`);
  }
  const { subobjects } = property;
  if (subobjects !== undefined && subobjects !== true && subobjects !== "true")
    throw unsupportedMapping(`[subobjects] of field [${path}]`);
  if (depth >= MAX_DEPTH) throw tooDeep(path);
  const object = emptyObject({ nested: type === "nested" });
  object.enabled = property["enabled"] === undefined || flag(property["enabled"], "enabled");
  object.dynamic = readDynamic(property["dynamic"]);
  addProperties(object, { json: property["properties"] ?? {}, path, depth: depth + 1, defaults });
  return object;
}

/**
 * What a dynamic template makes of an object. A template for all types, such as Telegraf's with `norms`, may hold
 * parameters of other types: of an object Elasticsearch passes over them (ObjectMapper.TypeParser).
 */
export function readTemplateObject(mapping: JsonObject, place: Place): Field {
  const type = typeOf(mapping);
  if (type !== "object" && type !== "nested") return readField(mapping, place);
  return readField(Object.fromEntries(Object.entries(mapping).filter(([key]) => OBJECT_KEYS.includes(key))), place);
}

function typeOf({ type }: JsonObject): string | undefined {
  return type === undefined || type === null ? undefined : String(type);
}

function aliasPath(name: string, json: JsonObject): string {
  const { path } = json;
  if (typeof path === "string" && path !== "") return path;
  throw mappingFault(`The [path] property must be specified for field [${name}].`);
}

/** An alias leads to a field that there is, and to no object or other alias. */
export function checkAliases(root: ObjectField): void {
  const visit = (object: ObjectField, path: string): void => {
    for (const [name, field] of object.children) {
      const own = join(path, name);
      if (field.kind === "object") visit(field, own);
      if (field.kind !== "alias" || fieldAt(root, field.path)?.kind === "leaf") continue;
      const reason = `Invalid [path] value [${field.path}] for field alias [${own}]: an alias must refer to an existing field in the mappings.`;
      throw refusal({ type: "mapper_parsing_exception", reason, status: 400 });
    }
  };
  visit(root, "");
}

/** The field of a dotted path, also a multi-field. */
export function fieldAt(root: ObjectField, path: string): Field | undefined {
  let at: Field = root;
  for (const key of path.split(".")) {
    const next: Field | undefined =
      at.kind === "object" ? at.children.get(key) : at.kind === "leaf" ? at.fields.get(key) : undefined;
    if (next === undefined) return undefined;
    at = next;
  }
  return at;
}

/** The keys of a name. Throws for one that no field can have. */
function keysOf(name: string): string[] {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES)
    throw mappingFault(`field name [${name.slice(0, 50)}…] is longer than ${MAX_NAME_BYTES} bytes`);
  const keys = name.split(".");
  if (name.trim() === "") throw mappingFault("field name cannot be an empty string");
  if (keys.some((key) => key.trim() === ""))
    throw mappingFault(`field name cannot contain only whitespace: ['${name}']`);
  if (keys.includes("__proto__")) throw mappingFault("field name [__proto__] is not allowed");
  return keys;
}

function tooDeep(path: string): Error {
  return mappingFault(`Limit of mapping depth [${MAX_DEPTH}] has been exceeded due to object field [${path}]`);
}

export function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function readDynamic(value: Json | undefined): Dynamic | undefined {
  if (value === undefined) return undefined;
  const word = String(value);
  if (word === "true" || word === "false" || word === "strict") return word;
  if (word === "runtime") throw unsupportedMapping("[dynamic] runtime");
  throw mappingFault(`Failed to parse value [${word}] as only [true], [false], [strict] or [runtime] are allowed.`);
}

function readFormats(value: Json): readonly string[] {
  const formats = (Array.isArray(value) ? value : [value]).map(String);
  for (const format of formats) {
    if (!["none", "disabled"].includes(format)) dateFormat(format);
  }
  return formats.filter((format) => !["none", "disabled"].includes(format));
}

function flag(value: Json, name: string): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw mappingFault(`Could not convert [${name}] to boolean`);
}

function told(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
