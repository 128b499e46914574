import type { ColumnType } from "../events/dataset.ts";
import type { Scalar, SortKey } from "./query.ts";
import { invalid } from "./search-fault.ts";
import { boundValue, checkComparable, dateText, exactValue, type SqlValues, valueSql } from "./sql-values.ts";
import { findField, type SearchTarget } from "./target.ts";

/** Sort keys of different targets can be merged within one of these. */
export type SortClass = "number" | "date" | "text";

/** A sort key over all targets. */
export type ResolvedSortKey = SortKey & { sortClass: SortClass };

/** Finds each key's class. A key that no target knows, or that means different things in two of them, is refused. */
export function resolveSort(sort: readonly SortKey[], targets: readonly SearchTarget[]): ResolvedSortKey[] {
  return sort.map((key) => {
    const classes = new Set<SortClass>();
    for (const target of targets) {
      const field = findField(target, key.field);
      if (field === undefined) continue;
      checkComparable(key.field, field.type, "sort");
      classes.add(sortClassOf(field.type));
    }
    const [sortClass, other] = classes;
    if (other !== undefined) {
      throw invalid(
        `Can't sort on field [${key.field}]; the field has incompatible sort types`,
        "illegal_argument_exception",
      );
    }
    if (sortClass === undefined && targets.length > 0) {
      throw invalid(`No mapping found for [${key.field}] in order to sort on`, "query_shard_exception");
    }
    return { ...key, sortClass: sortClass ?? "text" };
  });
}

function sortClassOf(type: ColumnType): SortClass {
  if (type === "keyword") return "text";
  return type === "date" ? "date" : "number";
}

const CLASS_SQL: Readonly<Record<SortClass, string>> = { number: "BIGINT", date: "TIMESTAMP", text: "VARCHAR" };

/** The key's value of one document; of a list the smallest when ascending, the largest when descending. */
export function sortKeySql(key: ResolvedSortKey, target: SearchTarget): string {
  const field = findField(target, key.field);
  if (field === undefined) return `NULL::${CLASS_SQL[key.sortClass]}`;
  const sql = field.list ? `${key.order === "asc" ? "list_min" : "list_max"}(${field.sql})` : field.sql;
  return field.type === "boolean" ? `${sql}::BIGINT` : sql;
}

/** The condition for documents behind the given sort values; documents without a value come last. */
export function afterSql(options: {
  keys: readonly ResolvedSortKey[];
  after: readonly (Scalar | null)[];
  target: SearchTarget;
  values: SqlValues;
}): string {
  const { keys, target, values } = options;
  const columns = keys.map((key, i) => {
    const value = options.after[i] ?? null;
    const sql = sortKeySql(key, target);
    return { sql, order: key.order, place: value === null ? undefined : bindAfter({ key, value, values }) };
  });
  const equal = ({ sql, place }: (typeof columns)[number]) =>
    place === undefined ? `${sql} IS NULL` : `${sql} = ${place}`;
  const steps = columns.flatMap((column, i) => {
    const { sql, order, place } = column;
    if (place === undefined) return [];
    const behind = `(${sql} ${order === "asc" ? ">" : "<"} ${place} OR ${sql} IS NULL)`;
    return [`(${[...columns.slice(0, i).map(equal), behind].join(" AND ")})`];
  });
  return steps.length === 0 ? "FALSE" : `(${steps.join(" OR ")})`;
}

function bindAfter(options: { key: ResolvedSortKey; value: Scalar; values: SqlValues }): string {
  const { key, value, values } = options;
  switch (key.sortClass) {
    case "text":
      return values.bind(String(value));
    case "date":
      return valueSql("date", values.bind(exactValue("date", dateText(value, key.field), key.field) as bigint));
    case "number": {
      const number = typeof value === "boolean" ? Number(value) : value;
      return values.bind(boundValue({ type: "long", value: number, field: key.field, roundUp: false }));
    }
  }
}
