import { parseDateUs } from "./dates.ts";
import type { Query, RangeBounds } from "./query.ts";
import { unsupported } from "./search-fault.ts";
import { boundValue, checkComparable, dateText, exactValue, type SqlValues, valueSql } from "./sql-values.ts";
import { findField, type SearchField, type SearchTarget } from "./target.ts";

type Context = { target: SearchTarget; values: SqlValues };

/** The condition of a query over the columns of one target. It may be NULL where a document lacks a field. */
export function compileQuery(query: Query, context: Context): string {
  switch (query.kind) {
    case "match_all":
      return "TRUE";
    case "match_none":
      return "FALSE";
    case "bool":
      return compileBool(query, context);
    case "terms":
      return compileTerms(query, context);
    case "range":
      return compileRange(query, context);
    case "exists":
      return compileExists(query.field, context);
    case "ids":
      return compileIds(query.values, context);
    case "prefix":
      return compilePrefix(query, context);
  }
}

function compileBool(query: Extract<Query, { kind: "bool" }>, context: Context): string {
  const { filter, mustNot, should, minimumShouldMatch } = query;
  const conditions = [
    ...filter.map((clause) => compileQuery(clause, context)),
    // A missing field makes a condition NULL, and NOT NULL would lose the document.
    ...mustNot.map((clause) => `NOT coalesce(${compileQuery(clause, context)}, FALSE)`),
  ];
  if (minimumShouldMatch > 0) conditions.push(atLeast(minimumShouldMatch, should, context));
  return all(conditions);
}

function atLeast(count: number, clauses: readonly Query[], context: Context): string {
  if (count > clauses.length) return "FALSE";
  const conditions = clauses.map((clause) => compileQuery(clause, context));
  if (count === 1) return any(conditions);
  if (count === conditions.length) return all(conditions);
  return `(${conditions.map((condition) => `CASE WHEN ${condition} THEN 1 ELSE 0 END`).join(" + ")}) >= ${count}`;
}

function compileTerms(query: Extract<Query, { kind: "terms" }>, { target, values }: Context): string {
  const { field: name } = query;
  if (name === "_id") return compileIds(query.values.map(String), { target, values });
  const field = findField(target, name);
  if (field === undefined) return "FALSE";
  checkComparable(name, field.type, "term");
  if (field.type === "date") {
    // A date without a time of day stands for the whole day.
    return onElements(field, (sql) =>
      any(
        query.values.map((value) => {
          const text = dateText(value, name);
          const [from, to] = [values.bind(parseDateUs(text, false)), values.bind(parseDateUs(text, true))];
          return `(${sql} >= make_timestamp(${from}) AND ${sql} <= make_timestamp(${to}))`;
        }),
      ),
    );
  }
  const places = query.values.flatMap((value) => {
    const exact = exactValue(field.type, value, name);
    return exact === undefined ? [] : [values.bind(exact)];
  });
  if (places.length === 0) return "FALSE";
  return onElements(field, (sql) => `${sql} IN (${places.join(", ")})`);
}

const COMPARISONS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

function compileRange(query: Extract<Query, { kind: "range" }>, { target, values }: Context): string {
  const { field: name, bounds } = query;
  const field = findField(target, name);
  if (field === undefined) return "FALSE";
  if (name === "_id") throw unsupported("[range] on [_id]");
  checkComparable(name, field.type, "range");
  const compared = comparisons(bounds).map(({ bound, value }) => {
    const bounded = boundValue({ type: field.type, value, field: name, roundUp: bound === "gt" || bound === "lte" });
    return { operator: COMPARISONS[bound], place: valueSql(field.type, values.bind(bounded)) };
  });
  if (compared.length === 0) return compileExists(name, { target, values });
  return onElements(field, (sql) => all(compared.map(({ operator, place }) => `${sql} ${operator} ${place}`)));
}

function comparisons(bounds: RangeBounds): { bound: keyof RangeBounds; value: string | number }[] {
  return (["gt", "gte", "lt", "lte"] as const).flatMap((bound) => {
    const value = bounds[bound];
    return value === undefined ? [] : [{ bound, value }];
  });
}

function compileExists(name: string, { target }: Context): string {
  if (name === "_id") return "TRUE";
  const field = findField(target, name);
  if (field === undefined) return "FALSE";
  return field.list ? `len(${field.sql}) > 0` : `${field.sql} IS NOT NULL`;
}

/** `_id` of an append-only document is its journal position. */
function compileIds(ids: readonly string[], { target, values }: Context): string {
  const wanted = target.kind === "index" ? ids : ids.filter((id) => /^\d{1,16}$/.test(id)).map(BigInt);
  if (wanted.length === 0) return "FALSE";
  return `${target.kind === "index" ? "_id" : "_seq"} IN (${wanted.map((id) => values.bind(id)).join(", ")})`;
}

function compilePrefix(query: Extract<Query, { kind: "prefix" }>, { target, values }: Context): string {
  const field = findField(target, query.field);
  if (field === undefined) return "FALSE";
  if (field.type !== "keyword" || query.field === "_id") {
    throw unsupported(`[prefix] on [${query.field}] of type [${field.type}]`);
  }
  const place = values.bind(query.value);
  return onElements(field, (sql) => `starts_with(${sql}, ${place})`);
}

/** A list matches when one of its elements does. */
function onElements(field: SearchField, condition: (sql: string) => string): string {
  return field.list ? `len(list_filter(${field.sql}, lambda item: ${condition("item")})) > 0` : condition(field.sql);
}

function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? "TRUE" : `(${conditions.join(" AND ")})`;
}

function any(conditions: readonly string[]): string {
  return conditions.length === 0 ? "FALSE" : `(${conditions.join(" OR ")})`;
}
