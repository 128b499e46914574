import { isFault } from "../lib/fault.ts";
import { type Query, type QueryContext, timeBoundsOf } from "./queries/query.ts";
import { reachesDay } from "./queries/time-bounds.ts";
import { asQueryFailure } from "./search-fault.ts";
import { createSqlValues, type SqlValues } from "./sql-values.ts";
import type { SearchTarget } from "./target.ts";

/** A table of a target, by its place in the plan. */
export type PlannedTable = { target: SearchTarget; sql: string };

/** What all statements of one search see: the moment that `now` is, and the last document that is there. */
export type SearchView = { nowMs: number; maxSeq?: number };

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
