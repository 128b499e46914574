import { docValuesField } from "../fields/doc-values.ts";
import { findField } from "../fields/find-field.ts";
import type { ParsedSearch } from "../parse.ts";
import { conjunction, type Query } from "../queries/query.ts";
import { compileForAll, matchingSql, type PlannedTable, reachedTables, type SearchView } from "../reached-tables.ts";
import type { Statement } from "../sql-values.ts";
import type { SearchTarget } from "../target.ts";
import { afterSql, orderSql, type ResolvedSortKey, resolveSort, sortKeySql } from "./sort.ts";

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
  for (const { pattern } of search.docvalueFields) {
    for (const target of pattern.includes("*") ? [] : targets) {
      const field = findField({ target }, pattern);
      if (field !== undefined) docValuesField(field, "docvalue_fields");
    }
  }
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
