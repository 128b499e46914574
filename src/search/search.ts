import { isFault } from "../lib/fault.ts";
import { type Columns, createColumns } from "./aggregations/columns.ts";
import { collectResults } from "./aggregations/execute.ts";
import { type PlannedNode, planAggregations } from "./aggregations/plan.ts";
import { renderResults } from "./aggregations/result.ts";
import { fetchDocuments } from "./hits/fetch-documents.ts";
import { planSearch, type SearchPlan } from "./hits/plan.ts";
import { shapeHit } from "./hits/shape-hit.ts";
import type { SqlResult } from "./hits/sql-result.ts";
import { MAX_STATEMENT_LENGTH } from "./limits.ts";
import type { ParsedSearch } from "./parse.ts";
import type { SearchView } from "./reached-tables.ts";
import type { SearchHit, SearchParams, SearchResponse } from "./request.ts";
import { asShardFailure, invalid } from "./search-fault.ts";
import { createSqlValues, type Statement } from "./sql-values.ts";
import type { SearchTarget } from "./target.ts";

/** Runs one statement; rows hold plain values, lists as arrays. All statements of a search see the same documents. */
export type RunStatement = (statement: Statement) => Promise<SqlResult[][]>;

/** Everything of Elasticsearch's answer but how long it took. */
export type SearchAnswer = Omit<SearchResponse, "took">;

/** Makes the statements of a search over its targets, runs them and shapes the answer. */
export async function carryOutSearch(options: {
  search: ParsedSearch;
  params: SearchParams;
  targets: readonly SearchTarget[];
  nowMs: number;
  run: RunStatement;
}): Promise<SearchAnswer> {
  const { search, params, targets, nowMs } = options;
  const run: RunStatement = (statement) => options.run(checkLength(statement));
  const view: SearchView = { nowMs, ...(params.maxSeq === undefined ? {} : { maxSeq: params.maxSeq }) };
  const { columns, plan, nodes } = forShards(targets, () => {
    const made = createColumns({ query: search.query, targets, view });
    return {
      columns: made,
      plan: planSearch(search, targets, view),
      nodes: plannedAggregations(search, made, nowMs),
    };
  });
  const page = plan.page === undefined ? [] : await run(plan.page);
  const hits = await readHits({ search, plan, page, run });
  const known = countedByPage({ search, plan, page });
  // Aggregations are made of the same documents, unless a filter for the hits alone comes on top.
  const counted = known === undefined && search.postFilter === undefined;
  const collected =
    nodes.length === 0 || targets.length === 0
      ? undefined
      : await collectResults({ nodes, documents: columns.documents, counted, run });
  const results = collected?.results;
  const total = known ?? (counted ? collected?.documents : undefined) ?? (await countHits(plan, run));
  // An index whose documents stand in tables of two kinds is two targets, and one shard to whoever asks.
  const shards = new Set(targets.map(({ index }) => index)).size;
  const scored = hits.some(({ _score }) => _score !== null);
  return {
    timed_out: false,
    ...(search.terminateAfter ? { terminated_early: false } : {}),
    _shards: { total: shards, successful: shards, skipped: 0, failed: 0 },
    hits: {
      ...(search.countLimit === 0 ? {} : { total: shapeTotal(total, search.countLimit) }),
      max_score: scored ? 1 : null,
      hits,
    },
    ...(results === undefined ? {} : { aggregations: renderResults(results, params.typedKeys === true) }),
  };
}

function plannedAggregations(search: ParsedSearch, columns: Columns, nowMs: number): PlannedNode[] {
  const nodes = planAggregations(search.aggregations, { columns, nowMs });
  // Queries within aggregations are made with the documents: once before anything runs, to find what is wrong in them.
  if (nodes.length > 0) columns.documents(createSqlValues());
  return nodes;
}

/** Clauses on text make statements long, once for each table, and slow to prepare: that cannot be interrupted. */
function checkLength(statement: Statement): Statement {
  if (statement.sql.length <= MAX_STATEMENT_LENGTH) return statement;
  throw invalid(
    "The query is too large for the tables that it reaches: ask for fewer clauses on text fields, or for less time",
    "too_many_clauses",
  );
}

/** What Elasticsearch's shards would find wrong is told in their form. */
function forShards<T>(targets: readonly SearchTarget[], plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    throw isFault(error) ? asShardFailure(error, targets[0]?.index ?? "") : error;
  }
}

function shapeTotal(counted: number, limit: number): { value: number; relation: "eq" | "gte" } {
  return counted > limit ? { value: limit, relation: "gte" } : { value: counted, relation: "eq" };
}

/** A page that is not full tells how many documents there are; undefined where that must be counted. */
function countedByPage(options: { search: ParsedSearch; plan: SearchPlan; page: SqlResult[][] }): number | undefined {
  const { search, plan, page } = options;
  if (plan.count === undefined) return 0;
  const isLast = plan.page !== undefined && page.length < search.size && (page.length > 0 || search.from === 0);
  return isLast && search.searchAfter === undefined ? search.from + page.length : undefined;
}

async function countHits({ count }: SearchPlan, run: RunStatement): Promise<number> {
  return count === undefined ? 0 : Number((await run(count))[0]?.[0] ?? 0);
}

async function readHits(options: {
  search: ParsedSearch;
  plan: SearchPlan;
  page: SqlResult[][];
  run: RunStatement;
}): Promise<SearchHit[]> {
  const { search, plan, page, run } = options;
  const { sort, tables } = plan;
  const documents = await fetchDocuments({
    rows: page,
    tables,
    wanted: { fields: [...search.fields, ...search.docvalueFields], source: search.source },
    run,
  });
  const parts = { ...search, sort };
  return page.flatMap(([place, seq, ...sortValues]) => {
    const document = documents.get(`${place} ${seq}`);
    return document === undefined ? [] : [shapeHit(document, parts, sortValues)];
  });
}
