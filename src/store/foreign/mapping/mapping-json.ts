import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { dynamicTemplatesJson } from "./dynamic-template.ts";
import type { Field, MappingTree, ObjectField } from "./mapping-tree.ts";

/** The mapping as `GET _mapping` has it, its properties in the order of their names; `readMapping` reads it back. */
export function mappingJson(tree: MappingTree): JsonObject {
  const { root, dateDetection, numericDetection, dateFormats, templates, more } = tree;
  return {
    ...(root.dynamic === undefined ? {} : { dynamic: root.dynamic }),
    ...more,
    ...(dateFormats === undefined ? {} : { dynamic_date_formats: dateFormats }),
    ...(templates.length === 0 ? {} : { dynamic_templates: dynamicTemplatesJson(templates) }),
    ...(dateDetection ? {} : { date_detection: false }),
    ...(numericDetection ? { numeric_detection: true } : {}),
    ...propertiesJson(root),
  };
}

function propertiesJson({ children }: ObjectField): JsonObject {
  if (children.size === 0) return {};
  const names = [...children.keys()].sort();
  return { properties: Object.fromEntries(names.map((name) => [name, fieldJson(children.get(name))])) };
}

function fieldJson(field: Field | undefined): Json {
  if (field === undefined) return {};
  if (field.kind === "alias") return { type: "alias", path: field.path };
  if (field.kind === "leaf") {
    const { type, parameters, fields } = field;
    const inner = [...fields].map(([name, one]) => [name, fieldJson(one)] as const);
    return { type, ...parameters, ...(inner.length === 0 ? {} : { fields: Object.fromEntries(inner) }) };
  }
  const { nested, enabled, dynamic, children } = field;
  // An object that has nothing below it and says nothing else must name its type.
  const typed = nested ? { type: "nested" } : children.size === 0 ? { type: "object" } : {};
  return {
    ...typed,
    ...(dynamic === undefined ? {} : { dynamic }),
    ...(enabled ? {} : { enabled: false }),
    ...propertiesJson(field),
  };
}
