import type { JsonObject } from "../../../events/foreign.ts";
import type { MappedField, Mapping } from "../../../search/target.ts";
import type { MappingTree, ObjectField } from "./mapping-tree.ts";
import { fieldAt, join, readMapping } from "./read-mapping.ts";

/** The mapping as searches and `documentValues` read it: every field by its full path. */
export function searchMapping({ root }: MappingTree): Mapping {
  const mapping = new Map<string, MappedField>();
  const visit = (object: ObjectField, path: string): void => {
    for (const [name, field] of object.children) {
      const own = join(path, name);
      if (field.kind === "object") {
        mapping.set(own, { type: field.nested ? "nested" : "object", ...(field.enabled ? {} : { enabled: false }) });
        visit(field, own);
      } else if (field.kind === "leaf") {
        mapping.set(own, field.mapped);
        for (const [sub, inner] of field.fields) mapping.set(`${own}.${sub}`, { ...inner.mapped, of: own });
      } else mapping.set(own, aliasOf(root, field.path));
    }
  };
  visit(root, "");
  return mapping;
}

function aliasOf(root: ObjectField, path: string): MappedField {
  const parts = path.split(".");
  const parent = fieldAt(root, parts.slice(0, -1).join("."));
  const target = fieldAt(root, path);
  const mapped: MappedField = target?.kind === "leaf" ? target.mapped : { type: "object", enabled: false };
  // The values of a multi-field stand under the name of the field that it belongs to.
  return { ...mapped, of: parent?.kind === "leaf" ? parts.slice(0, -1).join(".") : path, alias: true };
}

const known = new WeakMap<JsonObject, Mapping>();

/** The same of a mapping's JSON, as it is stored; made once for one JSON. */
export function searchMappingOf(json: JsonObject): Mapping {
  const before = known.get(json);
  if (before !== undefined) return before;
  // What is malformed matters to who writes alone.
  const mapping = searchMapping(readMapping(json, { ignoreMalformed: false }));
  known.set(json, mapping);
  return mapping;
}
