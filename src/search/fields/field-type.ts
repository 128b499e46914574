/** Elasticsearch's field types that the embedded store knows. */
export type FieldType =
  | "keyword"
  | "constant_keyword"
  | "wildcard"
  | "text"
  | "match_only_text"
  | "long"
  | "integer"
  | "short"
  | "byte"
  | "unsigned_long"
  | "double"
  | "float"
  | "half_float"
  | "scaled_float"
  | "boolean"
  | "date"
  | "ip"
  | "flattened"
  | "object"
  | "nested";

/** Types whose values are stored, compared and sorted in one way; objects have no values of their own. */
export type ValueClass =
  | "keyword"
  | "text"
  | "long"
  | "unsigned_long"
  | "double"
  | "boolean"
  | "date"
  | "ip"
  | "flattened"
  | "object";

const CLASSES: Readonly<Record<FieldType, ValueClass>> = {
  keyword: "keyword",
  constant_keyword: "keyword",
  wildcard: "keyword",
  text: "text",
  match_only_text: "text",
  long: "long",
  integer: "long",
  short: "long",
  byte: "long",
  unsigned_long: "unsigned_long",
  double: "double",
  float: "double",
  half_float: "double",
  scaled_float: "double",
  boolean: "boolean",
  date: "date",
  ip: "ip",
  flattened: "flattened",
  object: "object",
  nested: "object",
};

export function valueClassOf(type: FieldType): ValueClass {
  return CLASSES[type];
}

/** Whether values of the class can have a column of their own, in documents of others. */
export function hasColumns(valueClass: ValueClass): boolean {
  return valueClass !== "flattened" && valueClass !== "object";
}

/** The SQL type of one value. An `ip` is the 32 hexadecimal digits of its IPv6 form, so that it sorts as text. */
export const CLASS_SQL_TYPES: Readonly<Record<ValueClass, string>> = {
  keyword: "VARCHAR",
  text: "VARCHAR",
  long: "BIGINT",
  unsigned_long: "UBIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  date: "TIMESTAMP",
  ip: "VARCHAR",
  flattened: "VARCHAR",
  object: "VARCHAR",
};
