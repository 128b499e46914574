import type { JsonObject } from "../../../events/foreign.ts";
import { DEFAULT_FORMAT_NAME } from "../../../search/dates/date-format.ts";
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
      throw mappingConflict(`can't merge a non-nested mapping [${path}] with a nested mapping`);
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
  if (update.kind === "object") {
    throw mappingConflict(`can't merge a non object mapping [${path}] with an object mapping`);
  }
  if (update.kind === "alias") {
    throw mappingConflict(`mapper [${path}] cannot be changed from type [${known.type}] to [FieldAliasMapper]`);
  }
  return mergedLeaf(known, update, path);
}

function mergedLeaf(known: LeafField, update: LeafField, path: string): LeafField {
  if (known.type !== update.type) {
    throw mappingConflict(`mapper [${path}] cannot be changed from type [${known.type}] to [${update.type}]`);
  }
  const names = new Set([...Object.keys(known.parameters), ...Object.keys(update.parameters)]);
  const conflicts = [...names].flatMap((name) => {
    if (UPDATABLE.has(name) || isFirstConstant(known, name)) return [];
    const [from, to] = [parameterText(known, name), parameterText(update, name)];
    // Norms can be left off, and never be had again.
    const isSame = from === to || (name === "norms" && to === "false");
    return isSame ? [] : [`\n\tCannot update parameter [${name}] from [${from}] to [${to}]`];
  });
  if (conflicts.length > 0) {
    throw mappingConflict(`Mapper for [${path}] conflicts with existing mapper:${conflicts.join("")}`);
  }
  const fields = new Map(known.fields);
  for (const [name, field] of update.fields) {
    const before = fields.get(name);
    fields.set(name, before === undefined ? field : mergedLeaf(before, field, `${path}.${name}`));
  }
  const keepsConstant = known.mapped.value !== undefined && update.mapped.value === undefined;
  return keepsConstant ? { ...known, fields } : { ...update, fields };
}

const DEFAULTS: Readonly<Record<string, string>> = {
  index: "true",
  doc_values: "true",
  store: "false",
  format: DEFAULT_FORMAT_NAME,
  analyzer: "default",
};

/** A parameter as Elasticsearch prints it, also where it is not given. */
function parameterText({ type, parameters }: LeafField, name: string): string {
  const value = parameters[name];
  if (value !== undefined) return typeof value === "string" ? value : JSON.stringify(value);
  return name === "norms" ? String(type === "text") : (DEFAULTS[name] ?? "null");
}

/** The value of a `constant_keyword` may be told later, once. */
function isFirstConstant({ type, mapped }: LeafField, parameter: string): boolean {
  return type === "constant_keyword" && parameter === "value" && mapped.value === undefined;
}
