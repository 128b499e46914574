import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { isJsonObject } from "../../../events/json-object.ts";
import { refusal } from "../../../events/refusal.ts";
import { invalidValue } from "../../../search/fields/stored-value.ts";
import { chainField, holdsChainFields } from "./chain-fields.ts";
import { dynamicTypeOf } from "./dynamic-type.ts";
import { documentFault } from "./mapping-fault.ts";
import {
  copyOf,
  countFields,
  type Dynamic,
  emptyObject,
  type Field,
  type LeafField,
  type MappingTree,
  type ObjectField,
} from "./mapping-tree.ts";
import type { FieldDefaults } from "./read-field.ts";
import { join, MAX_DEPTH, readField, readTemplateObject } from "./read-mapping.ts";

export type MappingLimits = {
  /** `index.mapping.total_fields.limit`. */
  totalFields: number;
  /** `index.mapping.total_fields.ignore_dynamic_beyond_limit`: passes over what is beyond, instead of refusing. */
  ignoreBeyond: boolean;
  defaults: FieldDefaults;
};

const METADATA = [
  "_id",
  "_index",
  "_source",
  "_routing",
  "_field_names",
  "_seq_no",
  "_version",
  "_ignored",
  "_tier",
  "_doc_count",
];
const MAX_NAME_BYTES = 512;
const MAX_LEVELS = 200;

type Place = { parent: ObjectField; path: string; dynamic: Dynamic; depth: number; level: number };

/**
 * The mapping with the fields that a document adds by Elasticsearch's dynamic rules; undefined when it adds none. Throws
 * the document's 400: for a strict mapping, for too many fields or levels, for names that no field can have.
 */
export function mappingWith(tree: MappingTree, source: JsonObject, limits: MappingLimits): MappingTree | undefined {
  const grown = copyOf(tree);
  let total = countFields(grown.root);
  let added = 0;
  let changed = false;

  visitObject(source, { parent: grown.root, path: "", dynamic: tree.root.dynamic ?? "true", depth: 1, level: 0 });
  return changed ? grown : undefined;

  function visitObject(object: JsonObject, place: Place): void {
    if (place.level > MAX_LEVELS) throw documentFault(`[${place.path}] is more than ${MAX_LEVELS} levels deep`);
    for (const [name, value] of Object.entries(object) as [string, Json][]) {
      if (place.path === "" && METADATA.includes(name)) throw metadataField(name, value);
      const at = name.includes(".") ? parentOf(name, place) : { place, key: name };
      if (at !== undefined) visit(value, at.key, at.place);
    }
  }

  /** Goes down a name with dots, making objects; undefined where nothing is to be added below. */
  function parentOf(name: string, start: Place): { place: Place; key: string } | undefined {
    checkName(name, start.path);
    const keys = name.split(".");
    let place = start;
    for (const key of keys.slice(0, -1)) {
      const path = join(place.path, key);
      const known = place.parent.children.get(key) ?? addObject(key, place);
      if (known === undefined || known.kind === "alias") return undefined;
      // What stands below a field with values is refused where the values are read.
      if (known.kind === "leaf" || !known.enabled) return undefined;
      place = below(known, { ...place, path });
    }
    return { place, key: keys.at(-1) ?? name };
  }

  function visit(value: Json, key: string, place: Place): void {
    if (isEmpty(value)) {
      if (place.dynamic === "strict" && !place.parent.children.has(key)) throw strict(key, place.path);
      return;
    }
    if (Array.isArray(value)) {
      if (place.level > MAX_LEVELS) throw documentFault(`[${place.path}] is more than ${MAX_LEVELS} levels deep`);
      for (const item of value as readonly Json[]) visit(item, key, { ...place, level: place.level + 1 });
      return;
    }
    const known = place.parent.children.get(key) ?? addField(value, key, place);
    const path = join(place.path, key);
    if (known?.kind === "object" && known.enabled && isJsonObject(value)) {
      visitObject(value, below(known, { ...place, path }));
    }
    if (known?.kind === "leaf" && known.type === "constant_keyword" && known.mapped.value === undefined) {
      put(place.parent, key, withConstant(known, String(value)));
    }
  }

  function below(object: ObjectField, place: Place): Place {
    const { path, depth, level, dynamic } = place;
    return { parent: object, path, dynamic: object.dynamic ?? dynamic, depth: depth + 1, level: level + 1 };
  }

  function addField(value: Json, key: string, place: Place): Field | undefined {
    if (isJsonObject(value)) return addObject(key, place);
    const path = join(place.path, key);
    const ours = chainField(path);
    if (ours !== undefined)
      return put(place.parent, key, readField(ours, { ...place, path, defaults: limits.defaults }));
    if (!mayAdd(key, place)) return undefined;
    const { jsonType, typeName, mapping, format } = dynamicTypeOf(value as string | number | boolean, tree);
    const template = tree.templates.find(({ matches }) => matches({ path, name: key, jsonType }));
    const told = path === "@timestamp" ? { type: "date" } : template?.mappingFor({ name: key, dynamicType: typeName });
    const own =
      told === undefined ? mapping : format === undefined || told["type"] !== "date" ? told : { format, ...told };
    return add(readField(own, { path, depth: place.depth, defaults: limits.defaults }), key, place);
  }

  function addObject(key: string, place: Place): Field | undefined {
    const path = join(place.path, key);
    if (holdsChainFields(path)) return put(place.parent, key, emptyObject());
    if (!mayAdd(key, place)) return undefined;
    const template = tree.templates.find(({ matches }) => matches({ path, name: key, jsonType: "object" }));
    if (template === undefined && place.depth >= MAX_DEPTH) throw tooDeep(path);
    const field =
      template === undefined
        ? emptyObject()
        : readTemplateObject(template.mappingFor({ name: key, dynamicType: "object" }), {
            path,
            depth: place.depth,
            defaults: limits.defaults,
          });
    return add(field, key, place);
  }

  function mayAdd(key: string, { dynamic, path }: Place): boolean {
    if (dynamic === "false") return false;
    checkName(key, path);
    if (dynamic === "strict") throw strict(key, path);
    return true;
  }

  function add(field: Field, key: string, { parent }: Place): Field | undefined {
    const count = 1 + (field.kind === "leaf" ? field.fields.size : field.kind === "object" ? countFields(field) : 0);
    if (total + count > limits.totalFields) {
      if (limits.ignoreBeyond) return undefined;
      throw documentFault(
        `Limit of total fields [${limits.totalFields}] has been exceeded while adding new fields [${added + count}]`,
      );
    }
    total += count;
    added += count;
    return put(parent, key, field);
  }

  function put(parent: ObjectField, key: string, field: Field): Field {
    parent.children.set(key, field);
    changed = true;
    return field;
  }
}

function withConstant(field: LeafField, value: string): LeafField {
  return { ...field, parameters: { ...field.parameters, value }, mapped: { ...field.mapped, value } };
}

function checkName(name: string, path: string): void {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw documentFault(`field name [${name.slice(0, 50)}…] is longer than ${MAX_NAME_BYTES} bytes`);
  }
  const keys = name.split(".");
  if (keys.includes("__proto__")) throw documentFault("field name [__proto__] is not allowed");
  if (keys.every((key) => key.trim() !== "")) return;
  if (name === "") throw documentFault("field name cannot be an empty string");
  if (name.trim() === "") throw invalidValue(`Field name cannot contain only whitespace: [${name}]`);
  if (keys.some((key) => key !== "" && key.trim() === "")) {
    const reason = `field name starting or ending with a [.] makes object resolution ambiguous: [${join(path, name)}]`;
    throw documentFault(reason);
  }
  throw documentFault(`field name cannot contain only whitespace: ['${join(path, name)}']`);
}

function isEmpty(value: Json): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function metadataField(name: string, value: Json): Error {
  if (name === "_doc_count") return documentFault("[_doc_count] is not supported by the embedded store");
  const reason = `Field [${name}] is a metadata field and cannot be added inside a document. Use the index API request parameters.`;
  const preview = typeof value === "object" ? JSON.stringify(value) : String(value);
  return invalidValue(
    `failed to parse field [${name}] of type [${name}]. Preview of field's value: '${preview.slice(0, 100)}'`,
    { type: "document_parsing_exception", reason },
  );
}

function strict(key: string, path: string): Error {
  return refusal({
    type: "strict_dynamic_mapping_exception",
    reason: `mapping set to strict, dynamic introduction of [${key}] within [${path === "" ? "_doc" : path}] is not allowed`,
    status: 400,
    code: "document_invalid",
  });
}

function tooDeep(path: string): Error {
  return documentFault(`Limit of mapping depth [${MAX_DEPTH}] has been exceeded due to object field [${path}]`);
}
