import { DEFAULT_FORMAT, dateFormat } from "../dates/date-format.ts";
import { readDateUs } from "../dates/date-math.ts";
import { UTC } from "../dates/time-zone.ts";
import { docValuesField } from "../fields/doc-values.ts";
import { type ValueClass, valueClassOf } from "../fields/field-type.ts";
import { findField } from "../fields/find-field.ts";
import { ipDigits } from "../fields/ip-address.ts";
import { booleanLiteral, dateLiteral, literalSql, numberLiteral, type Scalar } from "../fields/literals.ts";
import { invalid } from "../search-fault.ts";
import type { SqlValue, SqlValues } from "../sql-values.ts";
import type { SearchTarget } from "../target.ts";
import type { SortKey, SortMode } from "./sort-keys.ts";

/** Sort keys of different targets can be merged within one of these. */
export type SortClass = "number" | "date" | "text" | "ip";

/** A sort key over all targets. */
export type ResolvedSortKey = SortKey & {
  sortClass: SortClass;
  /** Of numbers with a fraction. */
  fractions: boolean;
  /** Of such with 24 bits at most. */
  single: boolean;
};

const CLASS_OF: Readonly<Partial<Record<ValueClass, SortClass>>> = { keyword: "text", date: "date", ip: "ip" };
const CLASS_SQL: Readonly<Record<SortClass, string>> = {
  number: "BIGINT",
  date: "TIMESTAMP",
  text: "VARCHAR",
  ip: "VARCHAR",
};

/** Keys that are no fields: the score that all documents have, and the order of arrival. */
const OWN_KEYS: Readonly<Record<string, string>> = { _score: "1.0::DOUBLE", _doc: "_seq", _shard_doc: "_seq" };

const PLAIN = { fractions: false, single: false };

/** Finds each key's class. A key that no target knows, or that means different things in two of them, is refused. */
export function resolveSort(sort: readonly SortKey[], targets: readonly SearchTarget[]): ResolvedSortKey[] {
  return sort.map((key) => {
    if (Object.hasOwn(OWN_KEYS, key.field)) return { ...key, ...PLAIN, sortClass: "number" };
    const classes = new Set<SortClass>();
    let { fractions, single } = PLAIN;
    for (const target of targets) {
      const field = findField({ target }, key.field);
      if (field === undefined) continue;
      docValuesField(field, "sort");
      classes.add(CLASS_OF[field.valueClass] ?? "number");
      fractions ||= field.valueClass === "double";
      single ||= field.type === "float" || field.type === "half_float";
    }
    const [found, other] = classes;
    if (other !== undefined) {
      throw invalid(
        `Can't sort on field [${key.field}]; the field has incompatible sort types`,
        "illegal_argument_exception",
      );
    }
    const unmapped = key.unmappedType === undefined ? undefined : valueClassOf(key.unmappedType);
    const sortClass = found ?? (unmapped === undefined ? undefined : (CLASS_OF[unmapped] ?? "number"));
    if ((sortClass === "text" || sortClass === "ip") && key.mode !== "min" && key.mode !== "max") {
      throw invalid("we only support AVG, MEDIAN and SUM on number based fields", "query_shard_exception");
    }
    if (sortClass === undefined && targets.length > 0) {
      throw invalid(`No mapping found for [${key.field}] in order to sort on`, "query_shard_exception");
    }
    return { ...key, sortClass: sortClass ?? "text", fractions: fractions || unmapped === "double", single };
  });
}

const MODE_SQL: Readonly<Record<SortMode, string>> = {
  min: "list_min",
  max: "list_max",
  sum: "list_sum",
  avg: "list_avg",
  median: "list_median",
};

/** The key's value of one document; of a list what its mode says. */
export function sortKeySql(key: ResolvedSortKey, target: SearchTarget, values: SqlValues): string {
  const own = Object.hasOwn(OWN_KEYS, key.field) ? OWN_KEYS[key.field] : undefined;
  if (own !== undefined) return own;
  const field = findField({ target }, key.field);
  const given =
    field === undefined ? `NULL::${CLASS_SQL[key.sortClass]}` : field.list ? modeSql(key, field) : field.sql;
  const sql = field?.valueClass === "boolean" ? `CAST(${given} AS BIGINT)` : given;
  if (typeof key.missing === "string") return sql;
  return `coalesce(${sql}, ${bindValue({ key, value: key.missing.value, values })})`;
}

function modeSql(
  { mode, field: name, sortClass }: ResolvedSortKey,
  field: { sql: string; valueClass: ValueClass },
): string {
  if (mode === "min" || mode === "max") return `${MODE_SQL[mode]}(${field.sql})`;
  if (sortClass !== "number") {
    throw invalid(
      `we only support AVG, MEDIAN and SUM on number based fields, not on [${name}]`,
      "illegal_argument_exception",
    );
  }
  // Elasticsearch takes the average of integers as the nearest one.
  const sql = `${MODE_SQL[mode]}(${field.valueClass === "boolean" ? `CAST(${field.sql} AS BIGINT[])` : field.sql})`;
  return field.valueClass === "double" ? sql : `CAST(round(${sql}) AS BIGINT)`;
}

/** How the key orders, as SQL behind the column. */
export function orderSql({ order, missing }: SortKey): string {
  return `${order.toUpperCase()} NULLS ${missing === "_first" ? "FIRST" : "LAST"}`;
}

/** The condition for documents behind the given sort values. */
export function afterSql(options: {
  keys: readonly ResolvedSortKey[];
  after: readonly (Scalar | null)[];
  target: SearchTarget;
  values: SqlValues;
}): string {
  const { keys, target, values } = options;
  const columns = keys.map((key, i) => {
    const given = options.after[i] ?? null;
    const value = isMissing(key, given) ? null : given;
    const sql = sortKeySql(key, target, values);
    return { key, sql, place: value === null ? undefined : boundAfter({ key, value, values }) };
  });
  const equal = ({ sql, place }: (typeof columns)[number]) =>
    place === undefined ? `${sql} IS NULL` : `${sql} = ${place}`;
  const behind = ({ key, sql, place }: (typeof columns)[number]): string | undefined => {
    const first = key.missing === "_first";
    if (place === undefined) return first ? `${sql} IS NOT NULL` : undefined;
    const compared = `${sql} ${key.order === "asc" ? ">" : "<"} ${place}`;
    return first ? compared : `(${compared} OR ${sql} IS NULL)`;
  };
  const steps = columns.flatMap((column, i) => {
    const last = behind(column);
    return last === undefined ? [] : [`(${[...columns.slice(0, i).map(equal), last].join(" AND ")})`];
  });
  return steps.length === 0 ? "FALSE" : `(${steps.join(" OR ")})`;
}

const LONGEST = 2 ** 63;

/** Elasticsearch's sort value of a document without one: the end of the numbers that it comes behind or before. */
export function missingSortValue(key: ResolvedSortKey): number | string | null {
  const { sortClass, fractions, order, missing } = key;
  if (sortClass !== "number" && sortClass !== "date") return null;
  const highest = (order === "asc") === (missing !== "_first");
  if (fractions) return highest ? "Infinity" : "-Infinity";
  return highest ? LONGEST : -LONGEST;
}

function isMissing(key: ResolvedSortKey, value: Scalar | null): boolean {
  return value === null || (typeof key.missing === "string" && value === missingSortValue(key));
}

/** A value of `search_after`; what is no number is refused as Elasticsearch does. */
function boundAfter(options: { key: ResolvedSortKey; value: Scalar; values: SqlValues }): string {
  const { key, value } = options;
  if (key.sortClass === "number" && typeof value === "string" && Number.isNaN(Number(value))) {
    throw invalid(`Failed to parse search_after value for field [${key.field}].`, "illegal_argument_exception");
  }
  return bindValue(options);
}

function bindValue(options: { key: ResolvedSortKey; value: Scalar; values: SqlValues }): string {
  const { key, value, values } = options;
  if (key.sortClass !== "date") return values.bind(plainValue(key, value));
  const format = key.format === undefined ? DEFAULT_FORMAT : dateFormat(key.format);
  const text = dateLiteral(value, key.field);
  // A number is what a sort without a format gives: milliseconds.
  const reading = { format: typeof text === "number" ? DEFAULT_FORMAT : format, zone: UTC, roundUp: false, nowMs: 0 };
  return literalSql("date", values.bind(readDateUs(text, reading)));
}

function plainValue({ sortClass, field, single }: ResolvedSortKey, value: Scalar): SqlValue {
  if (sortClass === "text") return String(value);
  if (sortClass === "ip") {
    const digits = ipDigits(String(value));
    if (digits === undefined) throw invalid(`'${value}' is not an IP string literal.`, "illegal_argument_exception");
    return digits;
  }
  if (value === "true" || value === "false" || typeof value === "boolean") return BigInt(booleanLiteral(value));
  const number = numberLiteral(value, field);
  if (single) return Math.fround(Number(number));
  return typeof number === "bigint" && (number > 2n ** 64n - 1n || number < -(2n ** 63n)) ? Number(number) : number;
}
