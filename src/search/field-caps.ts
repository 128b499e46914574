import { fitsPattern } from "./fields/field-pattern.ts";
import { type FieldType, valueClassOf } from "./fields/field-type.ts";
import type { MappedField, SearchTarget } from "./target.ts";

type Capability = {
  type: string;
  metadata_field: boolean;
  searchable: boolean;
  aggregatable: boolean;
  /** Of which indices, where the field is of another type in others. */
  indices?: readonly string[];
};

/** Elasticsearch's answer to `_field_caps`. */
export type FieldCaps = {
  indices: readonly string[];
  fields: { readonly [field: string]: { readonly [type: string]: Capability } };
};

/** Elasticsearch's answer to `_mapping`. */
export type Mappings = { readonly [index: string]: { mappings: { properties: Properties } } };
type Property = {
  type?: string;
  properties?: Properties;
  fields?: Properties;
  ignore_above?: number;
  value?: string;
  scaling_factor?: number;
};
type Properties = { [name: string]: Property };

const METADATA: Readonly<Record<string, { type: string; aggregatable: boolean }>> = {
  _id: { type: "_id", aggregatable: false },
  _index: { type: "_index", aggregatable: true },
  _source: { type: "_source", aggregatable: false },
};

/** Every field of a target with its type; objects are told by the names of what is in them. */
function fieldsOf(target: SearchTarget): Map<string, MappedField> {
  const own = [...target.columns.values()].map(({ name, type }): [string, MappedField] => [name, { type }]);
  const fields = new Map<string, MappedField>([
    ["@timestamp", { type: "date" }],
    ...own,
    ...(target.foreign?.mapping ?? []),
  ]);
  for (const name of [...fields.keys()]) {
    if (fields.get(name)?.of !== undefined) continue;
    for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
      const path = name.slice(0, dot);
      if (!fields.has(path)) fields.set(path, { type: "object" });
    }
  }
  return fields;
}

/** What can be done with the fields that one of the patterns stands for. */
export function fieldCaps(targets: readonly SearchTarget[], patterns: readonly string[]): FieldCaps {
  const found = new Map<string, Map<FieldType, string[]>>();
  for (const target of targets) {
    for (const [name, { type }] of fieldsOf(target)) {
      if (!patterns.some((pattern) => fitsPattern(pattern, name))) continue;
      const types = found.get(name) ?? new Map<FieldType, string[]>();
      types.set(type, [...(types.get(type) ?? []), target.index]);
      found.set(name, types);
    }
  }
  const fields: Record<string, Record<string, Capability>> = {};
  for (const [name, types] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    fields[name] = Object.fromEntries(
      [...types].map(([type, indices]) => [type, { ...capability(type), ...(types.size > 1 ? { indices } : {}) }]),
    );
  }
  for (const [name, { type, aggregatable }] of Object.entries(METADATA)) {
    if (targets.length === 0 || !patterns.some((pattern) => fitsPattern(pattern, name))) continue;
    fields[name] = { [type]: { type, metadata_field: true, searchable: name !== "_source", aggregatable } };
  }
  return { indices: targets.map(({ index }) => index), fields };
}

function capability(type: FieldType): Capability {
  const valueClass = valueClassOf(type);
  const values = valueClass !== "object";
  return { type, metadata_field: false, searchable: values, aggregatable: values && valueClass !== "text" };
}

/** The fields of each target as Elasticsearch's mapping writes them. */
export function mappingsOf(targets: readonly SearchTarget[]): Mappings {
  return Object.fromEntries(
    targets.map((target) => [target.index, { mappings: { properties: propertiesOf(target) } }]),
  );
}

function propertiesOf(target: SearchTarget): Properties {
  const root: Properties = {};
  const sorted = [...fieldsOf(target)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, field] of sorted)
    if (field.of === undefined) Object.assign(propertyAt(root, name), propertyOf(field));
  for (const [name, field] of sorted) {
    if (field.of === undefined) continue;
    const property = propertyAt(root, field.of);
    property.fields = { ...property.fields, [name.slice(field.of.length + 1)]: propertyOf(field) };
  }
  return root;
}

function propertyAt(root: Properties, name: string): Property {
  const parts = name.split(".");
  let properties = root;
  for (const part of parts.slice(0, -1)) {
    const above = ownProperty(properties, part);
    above.properties ??= {};
    properties = above.properties;
  }
  return ownProperty(properties, parts.at(-1) ?? "");
}

/** Names come from documents: `constructor` is one like any other. */
function ownProperty(properties: Properties, name: string): Property {
  const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (known !== undefined) return known;
  const made: Property = {};
  Object.defineProperty(properties, name, { value: made, enumerable: true, writable: true, configurable: true });
  return made;
}

function propertyOf({ type, ignoreAbove, value, scalingFactor }: MappedField): Property {
  return {
    // An object's type is left out, as Elasticsearch does.
    ...(type === "object" ? {} : { type }),
    ...(ignoreAbove === undefined ? {} : { ignore_above: ignoreAbove }),
    ...(value === undefined ? {} : { value }),
    ...(scalingFactor === undefined ? {} : { scaling_factor: scalingFactor }),
  };
}
