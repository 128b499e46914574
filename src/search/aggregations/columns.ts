import { docValuesField } from "../fields/doc-values.ts";
import type { ValueClass } from "../fields/field-type.ts";
import { findField } from "../fields/find-field.ts";
import { dateOptions, type Scalar, termLiteral } from "../fields/literals.ts";
import { type ResolvedSortKey, resolveSort, sortKeySql } from "../hits/sort.ts";
import type { SortKey } from "../hits/sort-keys.ts";
import type { Query } from "../queries/query.ts";
import { compileForAll, matchingSql, type PlannedTable, reachedTables, type SearchView } from "../reached-tables.ts";
import { invalid } from "../search-fault.ts";
import type { SqlValues } from "../sql-values.ts";
import { quotedText, type SearchTarget } from "../target.ts";

/** SQL of a SELECT over documents, whose values are bound to the statement that it becomes part of. */
export type Relation = (values: SqlValues) => string;

/** A column of the documents that aggregations are computed over: the values of a field, one or a list. */
export type ValueColumn = {
  sql: string;
  list: boolean;
  /** Undefined where no target has the field. */
  valueClass: ValueClass | undefined;
  sqlType: string;
};

/** How values are taken: as they are counted by (dates as microseconds, booleans as 0 and 1), or as plain numbers. */
export type ValueForm = "key" | "number";

export type Columns = {
  /** The values of a field in all targets; `missing` stands in for documents without one. */
  values(options: {
    field: string;
    form: ValueForm;
    clause: string;
    missing?: Scalar;
    /** What a field that no target has is taken for. */
    unmapped?: ValueClass;
  }): ValueColumn;
  /** A column that tells whether a query holds; never NULL. */
  condition(query: Query): string;
  /** Columns of a sort, beside what each key means over all targets. */
  sort(keys: readonly SortKey[]): { keys: readonly ResolvedSortKey[]; columns: readonly string[] };
  /** The documents of the search with all columns asked for, besides `place` and `_seq`. */
  documents: Relation;
  /** All documents of the targets, whatever the search's query. */
  allDocuments: Relation;
  tables: readonly PlannedTable[];
};

const KEY_TYPES: Readonly<Record<ValueClass, string>> = {
  keyword: "VARCHAR",
  text: "VARCHAR",
  ip: "VARCHAR",
  flattened: "VARCHAR",
  object: "VARCHAR",
  long: "BIGINT",
  unsigned_long: "UBIGINT",
  double: "DOUBLE",
  boolean: "BIGINT",
  date: "BIGINT",
};

type Compile = (target: SearchTarget, values: SqlValues) => string;

export function createColumns(options: { query: Query; targets: readonly SearchTarget[]; view: SearchView }): Columns {
  const { query, targets, view } = options;
  const compiled: { name: string; empty: string; compile: Compile }[] = [];
  const places = new Map<string, ValueColumn>();
  const tables = reachedTables(query, targets, view);
  const everyTable: PlannedTable[] = targets.flatMap((target) => target.tables.map(({ sql }) => ({ target, sql })));

  const column = (empty: string, compile: Compile): string => {
    const name = `c${compiled.length}`;
    compiled.push({ name, empty, compile });
    return name;
  };
  const relation = (reached: readonly PlannedTable[], where: Compile): Relation => {
    return (values) => {
      const { compiled: parts } = compileForAll(
        targets,
        reached,
        (target, bound) => ({
          columns: compiled.map(({ name, compile }) => `, ${compile(target, bound)} AS ${name}`).join(""),
          condition: where(target, bound),
        }),
        values,
      );
      const selects = reached.map(({ target, sql }) => {
        const { columns = "", condition = "FALSE" } = parts.get(target) ?? {};
        // The place among all tables: `global` reaches more of them than the search.
        return `SELECT ${everyTable.findIndex((table) => table.sql === sql)} AS place, _seq${columns} FROM ${sql} WHERE ${condition}`;
      });
      if (selects.length > 0) return selects.join(" UNION ALL ");
      const nothing = compiled.map(({ name, empty }) => `, ${empty} AS ${name}`).join("");
      return `SELECT 0 AS place, 0::BIGINT AS _seq${nothing} WHERE FALSE`;
    };
  };
  const matching = (wanted: Query): Compile => {
    return (target, values) => matchingSql(wanted, view, { target, values, nowMs: view.nowMs });
  };

  return {
    values({ field, form, clause, missing, unmapped }) {
      const id = JSON.stringify([field, form, missing ?? null, unmapped ?? null]);
      const known = places.get(id);
      if (known !== undefined) return known;
      const { valueClass, list, sqlTypes } = fieldOfAll({ field, clause, targets });
      if (sqlTypes.size === 0 && unmapped !== undefined) sqlTypes.add(KEY_TYPES[unmapped]);
      const sqlType = form === "number" ? "DOUBLE" : commonType(sqlTypes, valueClass, missing);
      const stand =
        missing === undefined
          ? undefined
          : missingSql({ field, valueClass: valueClass ?? unmapped, form, missing, nowMs: view.nowMs });
      const empty = `NULL::${sqlType}${list ? "[]" : ""}`;
      const name = column(empty, (target) => {
        const found = findField({ target }, field);
        const sql = found === undefined ? undefined : formSql(found, form, sqlType);
        const values =
          sql === undefined ? empty : found?.list || !list ? sql : `CASE WHEN ${sql} IS NOT NULL THEN [${sql}] END`;
        if (stand === undefined) return values;
        return list
          ? `CASE WHEN len(${values}) > 0 THEN ${values} ELSE [${stand}::${sqlType}] END`
          : `coalesce(${values}, ${stand}::${sqlType})`;
      });
      const made: ValueColumn = { sql: name, list, valueClass, sqlType };
      places.set(id, made);
      return made;
    },
    condition(wanted) {
      return column(
        "FALSE",
        (target, values) => `coalesce(${wanted.compile({ target, values, nowMs: view.nowMs })}, FALSE)`,
      );
    },
    sort(keys) {
      const resolved = resolveSort(keys, targets);
      const columns = resolved.map((key) =>
        // Where no table is reached a date is still read as one.
        column(key.sortClass === "date" ? "NULL::TIMESTAMP" : "NULL", (target, values) =>
          sortKeySql(key, target, values),
        ),
      );
      return { keys: resolved, columns };
    },
    documents: relation(tables, matching(query)),
    allDocuments: relation(everyTable, (_, values) =>
      view.maxSeq === undefined ? "TRUE" : `_seq <= ${values.bind(BigInt(view.maxSeq))}`,
    ),
    tables: everyTable,
  };
}

/** What the targets that have a field have in common; two that mean different things by it are refused. */
function fieldOfAll(options: { field: string; clause: string; targets: readonly SearchTarget[] }): {
  valueClass: ValueClass | undefined;
  list: boolean;
  sqlTypes: Set<string>;
} {
  const { field: name, clause, targets } = options;
  let valueClass: ValueClass | undefined;
  let list = false;
  const sqlTypes = new Set<string>();
  for (const target of targets) {
    const field = findField({ target }, name);
    if (field === undefined) continue;
    docValuesField(field, clause);
    if (valueClass !== undefined && family(valueClass) !== family(field.valueClass)) {
      throw invalid(
        `Expected numeric type on field [${name}], but got [${field.type}]: it is of another type in another index`,
        "illegal_argument_exception",
      );
    }
    sqlTypes.add(KEY_TYPES[field.valueClass]);
    valueClass = valueClass === "double" ? valueClass : field.valueClass;
    list ||= field.list;
  }
  return { valueClass, list, sqlTypes };
}

function family(valueClass: ValueClass): string {
  return ["long", "unsigned_long", "double"].includes(valueClass) ? "number" : valueClass;
}

function commonType(
  sqlTypes: ReadonlySet<string>,
  valueClass: ValueClass | undefined,
  missing: Scalar | undefined,
): string {
  const [only = typeof missing === "number" ? "DOUBLE" : "VARCHAR", other] = sqlTypes;
  if (other === undefined) return only;
  return valueClass === "double" ? "DOUBLE" : "HUGEINT";
}

function formSql(
  field: { sql: string; list: boolean; valueClass: ValueClass },
  form: ValueForm,
  sqlType: string,
): string {
  const one = (sql: string): string => {
    if (field.valueClass === "date")
      return form === "number" ? `epoch_us(${sql}) / 1000.0::DOUBLE` : `epoch_us(${sql})`;
    return `CAST(${sql} AS ${sqlType})`;
  };
  const plain =
    KEY_TYPES[field.valueClass] === sqlType && field.valueClass !== "date" && field.valueClass !== "boolean";
  if (plain) return field.sql;
  return field.list ? `list_transform(${field.sql}, lambda value: ${one("value")})` : one(field.sql);
}

function missingSql(options: {
  field: string;
  valueClass: ValueClass | undefined;
  form: ValueForm;
  missing: Scalar;
  nowMs: number;
}): string {
  const { field: name, valueClass, form, missing, nowMs } = options;
  const assumed = valueClass ?? (typeof missing === "number" ? "double" : "keyword");
  const literal = termLiteral({ name, type: "keyword", valueClass: assumed }, missing, dateOptions(nowMs));
  if (literal === undefined) {
    throw invalid(`Cannot use [${missing}] as missing value of [${name}]`, "illegal_argument_exception");
  }
  const value = "value" in literal ? literal.value : literal.from;
  if (typeof value === "string") return quotedText(value);
  if (assumed === "date" && form === "number") return String(Number(value) / 1000);
  return String(Number(value) === value || typeof value === "bigint" ? value : Number(value));
}
