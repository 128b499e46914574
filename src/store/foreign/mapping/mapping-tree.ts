import type { JsonObject } from "../../../events/foreign.ts";
import type { MappedField } from "../../../search/target.ts";
import type { DynamicTemplate } from "./dynamic-template.ts";

/** What becomes of a field that the mapping does not have: it is added, passed over, or its document refused. */
export type Dynamic = "true" | "false" | "strict";

/** A field with values, and what else they are indexed as (`message.keyword`). */
export type LeafField = {
  kind: "leaf";
  /** Elasticsearch's type, one that is searched or one that is kept alone. */
  type: string;
  /** As they were given, without `type` and `fields`. */
  parameters: JsonObject;
  mapped: MappedField;
  fields: ReadonlyMap<string, LeafField>;
};

/** Another name of a field. */
export type AliasField = { kind: "alias"; path: string };

export type ObjectField = {
  kind: "object";
  nested: boolean;
  /** False: what is below is kept and never looked at. */
  enabled: boolean;
  /** Missing: as the object above has it. */
  dynamic: Dynamic | undefined;
  children: Map<string, Field>;
};

export type Field = LeafField | AliasField | ObjectField;

/** A mapping as it was read. Its objects are changed by nobody: who adds to one makes a copy first. */
export type MappingTree = {
  root: ObjectField;
  dateDetection: boolean;
  numericDetection: boolean;
  /** Formats by which a text is taken for a date; missing for Elasticsearch's own. */
  dateFormats: readonly string[] | undefined;
  templates: readonly DynamicTemplate[];
  /** `_meta`, `_routing` and the like: kept and told. */
  more: JsonObject;
};

export function emptyObject(options: { nested?: boolean } = {}): ObjectField {
  return { kind: "object", nested: options.nested ?? false, enabled: true, dynamic: undefined, children: new Map() };
}

export function emptyMapping(): MappingTree {
  return {
    root: emptyObject(),
    dateDetection: true,
    numericDetection: false,
    dateFormats: undefined,
    templates: [],
    more: {},
  };
}

/** A copy whose objects are its own; fields, which nobody changes, are shared. */
export function copyOf(tree: MappingTree): MappingTree {
  const copy = (object: ObjectField): ObjectField => ({
    ...object,
    children: new Map(
      [...object.children].map(([name, field]) => [name, field.kind === "object" ? copy(field) : field]),
    ),
  });
  return { ...tree, root: copy(tree.root) };
}

/** Fields, objects, multi-fields and aliases: what `index.mapping.total_fields.limit` counts. */
export function countFields(object: ObjectField): number {
  let count = 0;
  for (const field of object.children.values()) {
    count += 1;
    if (field.kind === "object") count += countFields(field);
    else if (field.kind === "leaf") count += field.fields.size;
  }
  return count;
}
