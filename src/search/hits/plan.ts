import { isFault } from "../../lib/fault.ts";
import type { ParsedSearch } from "../parse.ts";
import { conjunction, type Query, type QueryContext, timeBoundsOf } from "../queries/query.ts";
import { reachesDay } from "../queries/time-bounds.ts";
import { asQueryFailure } from "../search-fault.ts";
import { createSqlValues, type SqlValue, type SqlValues } from "../sql-values.ts";
import type { SearchTarget } from "../target.ts";
import { afterSql, orderSql, type ResolvedSortKey, resolveSort, sortKeySql } from "./sort.ts";

export type Statement = { sql: string; values: SqlValue[] };

/** A table of a target, by its place in the plan. */
export type PlannedTable = { target: SearchTarget; sql: string };

/** What all statements of one search see: the moment that `now` is, and the last document that is there. */
export type SearchView = { nowMs: number; maxSeq?: number };

export type SearchPlan = {
  tables: readonly PlannedTable[];
  sort: readonly ResolvedSortKey[];
  /** Rows of (place of the table, `_seq`, sort values) in the order of the hits; dates as microseconds. */
  page?: Statement;
  /** One row: how many documents match, counted up to the limit. */
  count?: Statement;
};

/**
 * Compiles the hits of a search into two statements that read nothing but the columns they compare; the documents
 * themselves are fetched by `fetchStatement`. Tables of days that cannot hold a hit are left out.
 */
export function planSearch(search: ParsedSearch, targets: readonly SearchTarget[], view: SearchView): SearchPlan {
  const sort = resolveSort(search.sort, targets);
  const query = search.postFilter === undefined ? search.query : conjunction([search.query, search.postFilter]);
  const tables = reachedTables(query, targets, view);
  // Compiled for all targets, so that what is wrong is refused whether or not there are documents yet.
  const page = pageStatement({ search, query, targets, tables, sort, view });
  const count = countStatement({ search, query, targets, tables, view });
  if (tables.length === 0) return { tables, sort };
  return {
    tables,
    sort,
    ...(search.size > 0 ? { page } : {}),
    ...(search.countLimit > 0 ? { count } : {}),
  };
}

/** The tables that can hold a document of the query. */
export function reachedTables(query: Query, targets: readonly SearchTarget[], { nowMs }: SearchView): PlannedTable[] {
  const bounds = timeBoundsOf(query, nowMs);
  return targets.flatMap((target) =>
    target.tables
      .filter(({ dayStartUs }) => dayStartUs === undefined || reachesDay(bounds, dayStartUs))
      .map(({ sql }) => ({ target, sql })),
  );
}

function compileQuery(query: Query, context: QueryContext): string {
  try {
    return query.compile(context);
  } catch (error) {
    throw isFault(error) ? asQueryFailure(error) : error;
  }
}

/** The condition of a query over the documents of one target that the search sees. */
export function matchingSql(query: Query, { maxSeq }: SearchView, context: QueryContext): string {
  const matches = compileQuery(query, context);
  return maxSeq === undefined ? matches : `(${matches} AND _seq <= ${context.values.bind(BigInt(maxSeq))})`;
}

type Planned = {
  search: ParsedSearch;
  query: Query;
  targets: readonly SearchTarget[];
  tables: readonly PlannedTable[];
  view: SearchView;
};

function pageStatement(options: Planned & { sort: readonly ResolvedSortKey[] }): Statement {
  const { search, query, targets, tables, sort, view } = options;
  const { values, compiled } = compileForAll(targets, tables, (target, bound) => {
    const keys = sort.map((key, i) => `, ${sortKeySql(key, target, bound)} AS k${i}`).join("");
    const matches = matchingSql(query, view, { target, values: bound, nowMs: view.nowMs });
    const after = search.searchAfter;
    if (after === undefined) return { keys, condition: matches };
    return { keys, condition: `${matches} AND ${afterSql({ keys: sort, after, target, values: bound })}` };
  });
  const parts = tables.map(({ target, sql }, place) => {
    const { keys = "", condition = "FALSE" } = compiled.get(target) ?? {};
    return `SELECT ${place} AS place, _seq${keys} FROM ${sql} WHERE ${condition}`;
  });
  const keys = sort.map(({ sortClass }, i) => (sortClass === "date" ? `, epoch_us(k${i})` : `, k${i}`)).join("");
  const order = [...sort.map((key, i) => `k${i} ${orderSql(key)}`), "_seq"].join(", ");
  return {
    sql: `SELECT place, _seq${keys} FROM (${parts.join(" UNION ALL ")}) ORDER BY ${order} LIMIT ${search.size} OFFSET ${search.from}`,
    values: values.list(),
  };
}

function countStatement({ search, query, targets, tables, view }: Planned): Statement {
  const { values, compiled } = compileForAll(targets, tables, (target, bound) =>
    matchingSql(query, view, { target, values: bound, nowMs: view.nowMs }),
  );
  const parts = tables.map(({ target, sql }) => `SELECT 1 FROM ${sql} WHERE ${compiled.get(target)}`);
  // One more than the limit tells that there are more.
  const limit = search.countLimit === Number.MAX_SAFE_INTEGER ? "" : ` LIMIT ${search.countLimit + 1}`;
  return { sql: `SELECT count(*) FROM (${parts.join(" UNION ALL ")}${limit})`, values: values.list() };
}

/** Binds the values of targets with tables only: a statement takes no value that it does not mention. */
export function compileForAll<T>(
  targets: readonly SearchTarget[],
  tables: readonly PlannedTable[],
  compile: (target: SearchTarget, values: SqlValues) => T,
  values: SqlValues = createSqlValues(),
): { values: SqlValues; compiled: Map<SearchTarget, T> } {
  const used = new Set(tables.map(({ target }) => target));
  const compiled = new Map(
    targets.map((target) => [target, compile(target, used.has(target) ? values : createSqlValues())]),
  );
  return { values, compiled };
}
