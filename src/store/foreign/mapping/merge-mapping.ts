import type { JsonObject } from "../../../events/foreign.ts";
import { UPDATABLE } from "./field-types.ts";
import { mappingConflict } from "./mapping-fault.ts";
import { copyOf, countFields, type Field, type LeafField, type MappingTree, type ObjectField } from "./mapping-tree.ts";
import type { FieldDefaults } from "./read-field.ts";
import { checkAliases, join, parseMapping } from "./read-mapping.ts";

/**
 * A mapping with what `PUT {index}/_mapping` says, as Elasticsearch merges: fields are added, some of their parameters
 * changed. Throws its 400 for what cannot be changed, and beyond the limit of fields.
 */
export function mergedMapping(
  tree: MappingTree,
  json: JsonObject,
  { totalFields, defaults }: { totalFields: number; defaults: FieldDefaults },
): MappingTree {
  const update = parseMapping(json, defaults);
  const merged = copyOf(tree);
  mergeObjects(merged.root, update.root, "");
  const before = countFields(tree.root);
  const after = countFields(merged.root);
  if (after > totalFields && after > before) {
    throw mappingConflict(
      `Limit of total fields [${totalFields}] has been exceeded while adding new fields [${after - before}]`,
    );
  }
  checkAliases(merged.root);
  const said = (key: string) => json[key] !== undefined;
  return {
    ...merged,
    dateDetection: said("date_detection") ? update.dateDetection : tree.dateDetection,
    numericDetection: said("numeric_detection") ? update.numericDetection : tree.numericDetection,
    dateFormats: said("dynamic_date_formats") ? update.dateFormats : tree.dateFormats,
    templates: said("dynamic_templates") ? update.templates : tree.templates,
    more: { ...tree.more, ...update.more },
  };
}

function mergeObjects(into: ObjectField, update: ObjectField, path: string): void {
  if (update.dynamic !== undefined) into.dynamic = update.dynamic;
  for (const [name, field] of update.children) {
    const known = into.children.get(name);
    into.children.set(name, known === undefined ? field : merged(known, field, join(path, name)));
  }
}

function merged(known: Field, update: Field, path: string): Field {
  if (known.kind === "object") {
    if (update.kind !== "object")
      throw mappingConflict(`can't merge a non object mapping [${path}] with an object mapping`);
    if (known.nested !== update.nested) {
      throw mappingConflict(
        known.nested
          ? `can't merge a nested mapping [${path}] with a non-nested mapping`
          : `can't merge a non-nested mapping [${path}] with a nested mapping`,
      );
    }
    if (known.enabled !== update.enabled) {
      throw mappingConflict(`the [enabled] parameter can't be updated for the object mapping [${path}]`);
    }
    mergeObjects(known, update, path);
    return known;
  }
  if (known.kind === "alias") {
    if (update.kind === "alias") return update;
    throw mappingConflict(`Cannot merge a field alias mapping [${path}] with a mapping that is not for a field alias.`);
  }
  if (update.kind !== "leaf") {
    const what = update.kind === "object" ? "ObjectMapper" : "FieldAliasMapper";
    throw mappingConflict(`mapper [${path}] cannot be changed from type [${known.type}] to [${what}]`);
  }
  return mergedLeaf(known, update, path);
}

function mergedLeaf(known: LeafField, update: LeafField, path: string): LeafField {
  if (known.type !== update.type) {
    throw mappingConflict(`mapper [${path}] cannot be changed from type [${known.type}] to [${update.type}]`);
  }
  const names = new Set([...Object.keys(known.parameters), ...Object.keys(update.parameters)]);
  const conflicts = [...names].filter((name) => {
    if (UPDATABLE.has(name) || isFirstConstant(known, name)) return false;
    return JSON.stringify(known.parameters[name]) !== JSON.stringify(update.parameters[name]);
  });
  if (conflicts.length > 0) {
    const told = conflicts.map((name) => {
      const [from, to] = [known.parameters[name], update.parameters[name]].map(
        (value) => JSON.stringify(value) ?? "null",
      );
      return `\n\tCannot update parameter [${name}] from [${from}] to [${to}]`;
    });
    throw mappingConflict(`Mapper for [${path}] conflicts with existing mapper:${told.join("")}`);
  }
  const fields = new Map(known.fields);
  for (const [name, field] of update.fields) {
    const before = fields.get(name);
    fields.set(name, before === undefined ? field : mergedLeaf(before, field, `${path}.${name}`));
  }
  const keepsConstant = known.mapped.value !== undefined && update.mapped.value === undefined;
  return keepsConstant ? { ...known, fields } : { ...update, fields };
}

/** The value of a `constant_keyword` may be told later, once. */
function isFirstConstant({ type, mapped }: LeafField, parameter: string): boolean {
  return type === "constant_keyword" && parameter === "value" && mapped.value === undefined;
}
