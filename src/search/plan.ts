import { compileQuery } from "./compile.ts";
import type { ParsedSearch } from "./query.ts";
import { afterSql, type ResolvedSortKey, resolveSort, sortKeySql } from "./sort.ts";
import { createSqlValues, type SqlValue, type SqlValues } from "./sql-values.ts";
import { quotedName, type SearchTarget } from "./target.ts";
import { reachesDay, timeBounds } from "./time-bounds.ts";

export type Statement = { sql: string; values: SqlValue[] };

/** A table of a target, by its place in the plan. */
export type PlannedTable = { target: SearchTarget; sql: string };

export type SearchPlan = {
  tables: readonly PlannedTable[];
  sort: readonly ResolvedSortKey[];
  /** Rows of (place of the table, `_seq`, sort values) in the order of the hits; dates as microseconds. */
  page?: Statement;
  /** One row: how many documents match, counted up to the limit. */
  count?: Statement;
};

/**
 * Compiles a search into two statements that read nothing but the columns they compare; the hits themselves are
 * fetched by `fetchSql`. Tables of days that cannot hold a hit are left out.
 */
export function planSearch(search: ParsedSearch, targets: readonly SearchTarget[]): SearchPlan {
  const sort = resolveSort(search.sort, targets);
  const bounds = timeBounds(search.query);
  const tables = targets.flatMap((target) =>
    target.tables
      .filter(({ dayStartUs }) => dayStartUs === undefined || reachesDay(bounds, dayStartUs))
      .map(({ sql }) => ({ target, sql })),
  );
  // Compiled for all targets, so that what is wrong is refused whether or not there are documents yet.
  const page = pageStatement({ search, targets, tables, sort });
  const count = countStatement({ search, targets, tables });
  if (tables.length === 0) return { tables, sort };
  return {
    tables,
    sort,
    ...(search.size > 0 ? { page } : {}),
    ...(search.countLimit > 0 ? { count } : {}),
  };
}

/** The documents of one planned table with the given positions, every field in the order of the target's columns. */
export function fetchSql(table: PlannedTable, seqs: readonly bigint[]): Statement {
  const { target, sql } = table;
  const columns = [...target.columns.values()].map(({ name, type, list }) => {
    const column = quotedName(name);
    if (type !== "date") return column;
    return list ? `list_transform(${column}, lambda item: epoch_us(item))` : `epoch_us(${column})`;
  });
  const leading = ["_seq", target.kind === "index" ? "_id" : "NULL", 'epoch_us("@timestamp")'];
  const values = createSqlValues();
  return {
    sql: `SELECT ${[...leading, ...columns].join(", ")} FROM ${sql} WHERE _seq IN (${seqs.map((seq) => values.bind(seq)).join(", ")})`,
    values: values.list(),
  };
}

function pageStatement(options: {
  search: ParsedSearch;
  targets: readonly SearchTarget[];
  tables: readonly PlannedTable[];
  sort: readonly ResolvedSortKey[];
}): Statement {
  const { search, targets, tables, sort } = options;
  const { values, conditions } = compileForAll(targets, tables, (target, bound) => {
    const matches = compileQuery(search.query, { target, values: bound });
    const after = search.searchAfter;
    if (after === undefined) return matches;
    return `${matches} AND ${afterSql({ keys: sort, after, target, values: bound })}`;
  });
  const parts = tables.map(({ target, sql }, place) => {
    const keys = sort.map((key, i) => `, ${sortKeySql(key, target)} AS k${i}`).join("");
    return `SELECT ${place} AS place, _seq${keys} FROM ${sql} WHERE ${conditions.get(target)}`;
  });
  const keys = sort.map(({ sortClass }, i) => (sortClass === "date" ? `, epoch_us(k${i})` : `, k${i}`)).join("");
  const order = [...sort.map(({ order }, i) => `k${i} ${order.toUpperCase()} NULLS LAST`), "_seq"].join(", ");
  return {
    sql: `SELECT place, _seq${keys} FROM (${parts.join(" UNION ALL ")}) ORDER BY ${order} LIMIT ${search.size} OFFSET ${search.from}`,
    values: values.list(),
  };
}

function countStatement(options: {
  search: ParsedSearch;
  targets: readonly SearchTarget[];
  tables: readonly PlannedTable[];
}): Statement {
  const { search, targets, tables } = options;
  const { values, conditions } = compileForAll(targets, tables, (target, bound) =>
    compileQuery(search.query, { target, values: bound }),
  );
  const parts = tables.map(({ target, sql }) => `SELECT 1 FROM ${sql} WHERE ${conditions.get(target)}`);
  // One more than the limit tells that there are more.
  const limit = search.countLimit === Number.MAX_SAFE_INTEGER ? "" : ` LIMIT ${search.countLimit + 1}`;
  return { sql: `SELECT count(*) FROM (${parts.join(" UNION ALL ")}${limit})`, values: values.list() };
}

/** Binds the values of targets with tables only: a statement takes no value that it does not mention. */
function compileForAll(
  targets: readonly SearchTarget[],
  tables: readonly PlannedTable[],
  compile: (target: SearchTarget, values: SqlValues) => string,
): { values: SqlValues; conditions: Map<SearchTarget, string> } {
  const used = new Set(tables.map(({ target }) => target));
  const values = createSqlValues();
  const conditions = new Map(
    targets.map((target) => [target, compile(target, used.has(target) ? values : createSqlValues())]),
  );
  return { values, conditions };
}
