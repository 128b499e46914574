import { unsupported } from "../search-fault.ts";
import { idSql, type MappedField, quotedName, quotedText, type SearchColumn, type SearchTarget } from "../target.ts";
import { sharedFields } from "../value-tree.ts";
import { CLASS_SQL_TYPES, type FieldType, hasColumns, type ValueClass, valueClassOf } from "./field-type.ts";

/** A field as SQL sees it: one value, or a list of them, NULL where a document has none. */
export type SearchField = {
  name: string;
  type: FieldType;
  valueClass: ValueClass;
  sql: string;
  list: boolean;
  /** Of a text whose words are stored: they as SQL, in the form of `storedWords`. */
  words?: string;
  scalingFactor?: number;
  /** Where strings longer than `ignoreAbove` are left out: the SQL with them, which can be looked up faster. */
  unnarrowed?: { sql: string; ignoreAbove: number };
};

/** The documents that a condition is about: those of a target, or the objects of a nested field of it. */
export type FieldScope = {
  target: SearchTarget;
  /** The nested field, and the lambda's name for one of its flat objects. */
  nested?: { path: string; object: string };
};

/** Undefined for a field that the target does not have: nothing matches it, as in Elasticsearch. */
export function findField(scope: FieldScope, name: string): SearchField | undefined {
  if (name.includes("*")) throw unsupported(`the field pattern [${name}]`);
  const { target, nested } = scope;
  if (nested !== undefined) return foreignField(scope, name);
  const column = target.columns.get(name);
  if (column !== undefined) {
    return ofColumn({ name, type: column.type, target, column, mapped: target.foreign?.mapping.get(name) });
  }
  const own = ownField(target, name);
  if (own !== undefined) return own;
  if (target.foreign !== undefined) return foreignField(scope, name);
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    if (target.columns.get(name.slice(0, dot))?.type === "flattened")
      throw unsupported(`[${name}] within a flattened field`);
  }
  return undefined;
}

function ownField(target: SearchTarget, name: string): SearchField | undefined {
  const scalar = (type: FieldType, sql: string): SearchField => {
    return { name, type, valueClass: valueClassOf(type), sql, list: false };
  };
  switch (name) {
    case "@timestamp":
      return scalar("date", '"@timestamp"');
    case "_seq":
      return scalar("long", "_seq");
    case "_id":
      return scalar("keyword", idSql(target));
    case "_index":
      return scalar("constant_keyword", quotedText(target.index));
  }
  if (name.startsWith("_") && !target.foreign?.mapping.has(name)) throw unsupported(`the field [${name}]`);
  return undefined;
}

function foreignField(scope: FieldScope, name: string): SearchField | undefined {
  const mapping = scope.target.foreign?.mapping;
  if (mapping === undefined || !visible(scope, name)) return undefined;
  const mapped = mapping.get(name);
  if (mapped !== undefined) {
    const { type, of, unsearched } = mapped;
    if (unsearched !== undefined) throw unsupported(`[${name}] of type [${unsearched}]`);
    if (type === "constant_keyword" && mapped.value !== undefined) {
      return { name, type, valueClass: "keyword", sql: quotedText(mapped.value), list: false };
    }
    const stored = of === undefined ? undefined : scope.target.columns.get(of);
    if (stored !== undefined && scope.nested === undefined) {
      return ofColumn({ name, type, target: scope.target, column: stored, mapped });
    }
    const valueClass = valueClassOf(type);
    if (scope.target.foreign?.noMoreValues === true && scope.nested === undefined && hasColumns(valueClass)) {
      return { name, type, valueClass, sql: `NULL::${CLASS_SQL_TYPES[valueClass]}`, list: false };
    }
    return narrowed(scope.target, { name, type, ...listAt(scope, of ?? name, valueClass) }, mapped);
  }
  const flattened = ancestors(name).find((path) => mapping.get(path)?.type === "flattened");
  return flattened === undefined ? undefined : { name, type: "flattened", ...listAt(scope, name, "keyword") };
}

/** A field with the values of a column, its own or that of the field it is a multi-field or an alias of. */
function ofColumn(options: {
  name: string;
  type: FieldType;
  target: SearchTarget;
  column: SearchColumn;
  mapped: MappedField | undefined;
}): SearchField {
  const { name, type, target, column, mapped = { type } } = options;
  const valueClass = valueClassOf(type);
  const field = narrowed(target, { name, type, valueClass, sql: quotedName(column.name), list: column.list }, mapped);
  // Words are stored of all values, those that the mapping leaves out among them.
  if (valueClass !== "text" || mapped.ignoreAbove !== undefined || column.words === undefined) return field;
  return { ...field, words: quotedName(column.words) };
}

/** Without the strings that the mapping leaves out, where they are not left out of what is stored. */
function narrowed(target: SearchTarget, field: SearchField, mapped: MappedField): SearchField {
  const { ignoreAbove, scalingFactor } = mapped;
  const scaled = scalingFactor === undefined ? field : { ...field, scalingFactor };
  if (ignoreAbove === undefined || target.foreign === undefined) return scaled;
  if (!sharedFields(target.foreign.mapping).has(mapped.of ?? field.name)) return scaled;
  const kept = (sql: string) => `length(${sql}) <= ${ignoreAbove}`;
  const unnarrowed = { sql: field.sql, ignoreAbove };
  if (!field.list) return { ...scaled, unnarrowed, sql: `CASE WHEN ${kept(field.sql)} THEN ${field.sql} END` };
  return { ...scaled, unnarrowed, sql: `list_filter(${field.sql}, lambda kept: ${kept("kept")})` };
}

/** What is within a nested field is seen from within alone, and nothing else from there. */
function visible({ target, nested }: FieldScope, name: string): boolean {
  const innermost = ancestors(name).find((path) => target.foreign?.mapping.get(path)?.type === "nested");
  return innermost === nested?.path;
}

/** `a.b.c` has the ancestors `a.b` and `a`. */
function ancestors(name: string): string[] {
  const parts = name.split(".");
  return parts.slice(1).map((_, i) => parts.slice(0, parts.length - 1 - i).join("."));
}

function listAt(
  scope: FieldScope,
  path: string,
  valueClass: ValueClass,
): Pick<SearchField, "valueClass" | "sql" | "list"> {
  const json = jsonAt(scope.nested?.object ?? "_values", path);
  if (valueClass === "date") {
    return {
      valueClass,
      sql: `list_transform(TRY_CAST(${json} AS BIGINT[]), lambda us: make_timestamp(us))`,
      list: true,
    };
  }
  return { valueClass, sql: `TRY_CAST(${json} AS ${CLASS_SQL_TYPES[valueClass]}[])`, list: true };
}

/** What stands under a path in a flat object. A name with quotation marks cannot be told in a JSON path. */
export function jsonAt(objectSql: string, path: string): string {
  if (/["\\\0]/.test(path)) throw unsupported(`the field name [${path}]`);
  return `json_extract(${objectSql}, ${quotedText(`$."${path}"`)})`;
}

/** The names of a target's fields, without objects; those within nested fields are not among them. */
export function fieldNames(target: SearchTarget): string[] {
  const mapping = target.foreign?.mapping;
  if (mapping === undefined) return ["@timestamp", ...target.columns.keys()];
  return [...new Set(["@timestamp", ...target.columns.keys(), ...mapping.keys()])].filter((name) => {
    const { type, unsearched } = mapping.get(name) ?? {};
    return unsearched === undefined && type !== "object" && type !== "nested" && visible({ target }, name);
  });
}
