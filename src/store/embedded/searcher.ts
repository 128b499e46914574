import { DuckDBListValue } from "@duckdb/node-api";
import type { Clock } from "../../lib/clock.ts";
import { isFault } from "../../lib/fault.ts";
import { type SqlResult, shapeAnswer, shapeHit } from "../../search/answer.ts";
import { indexName, matchIndices } from "../../search/index-pattern.ts";
import { parseSearch } from "../../search/parse.ts";
import { fetchSql, planSearch, type SearchPlan } from "../../search/plan.ts";
import type { ParsedSearch } from "../../search/query.ts";
import type { SearchHit, SearchRequest, SearchResponse } from "../../search/request.ts";
import type { SearchTarget } from "../../search/target.ts";
import type { Database } from "./database.ts";
import type { QueryPool, RunStatement } from "./query-pool.ts";
import { quoted, type TableDataset } from "./tables.ts";

export type Searcher = {
  search(options: { pattern: string; request: SearchRequest; signal: AbortSignal }): Promise<SearchResponse>;
};

/** Answers searches over the tables of one namespace. */
export function createSearcher(options: {
  database: Database;
  pool: QueryPool;
  namespace: string;
  datasets: readonly TableDataset[];
  clock: Clock;
}): Searcher {
  const { database, pool, namespace, datasets, clock } = options;
  const described = datasets.map((dataset) => ({
    dataset,
    index: indexName(dataset, namespace),
    columns: new Map(dataset.columns.map((column) => [column.name, column])),
  }));
  const names = described.map(({ index }) => index);

  const targetsOf = (pattern: string): SearchTarget[] => {
    const wanted = matchIndices(pattern, names);
    const tables = Map.groupBy(database.tables.values(), (table) => table.dataset);
    return described
      .filter(({ index }) => wanted.has(index))
      .map(({ dataset, index, columns }) => ({
        index,
        kind: dataset.kind,
        columns,
        tables: (tables.get(dataset.name) ?? []).map(({ name, dayStartUs }) => ({
          sql: `${quoted(namespace)}.${quoted(name)}`,
          ...(dayStartUs === undefined ? {} : { dayStartUs }),
        })),
      }));
  };

  /** Tables may be dropped after the plan was made and before the search sees a state of them that stays. */
  const answer = async (search: ParsedSearch, pattern: string, signal: AbortSignal): Promise<Answer> => {
    while (true) {
      const forgotten = database.forgotten();
      const plan = planSearch(search, targetsOf(pattern));
      if (plan.page === undefined && plan.count === undefined) return { hits: [], counted: 0 };
      try {
        return await pool.use(signal, (run) => carryOut(plan, run));
      } catch (error) {
        if (database.forgotten() === forgotten || !isFault(error, "store_unavailable")) throw error;
      }
    }
  };

  return {
    async search({ pattern, request, signal }) {
      const startUs = clock.monoUs();
      const search = parseSearch(request);
      const { hits, counted } = await answer(search, pattern, signal);
      const tookMs = Math.round((clock.monoUs() - startUs) / 1000);
      return shapeAnswer({ tookMs, hits, counted, countLimit: search.countLimit });
    },
  };
}

type Answer = { hits: SearchHit[]; counted: number };

async function carryOut(plan: SearchPlan, run: RunStatement): Promise<Answer> {
  const { page, count, sort, tables } = plan;
  const counted = count === undefined ? 0 : Number((await run(count))[0]?.[0] ?? 0);
  const rows = page === undefined ? [] : ((await run(page)) as SqlResult[][]);

  const wanted = new Map<number, bigint[]>();
  for (const [place, seq] of rows) {
    const seqs = wanted.get(Number(place));
    if (seqs === undefined) wanted.set(Number(place), [seq as bigint]);
    else seqs.push(seq as bigint);
  }
  const fetched = new Map<string, SqlResult[]>();
  for (const [place, seqs] of wanted) {
    const table = tables[place];
    if (table === undefined) continue;
    for (const row of await run(fetchSql(table, seqs))) fetched.set(`${place} ${row[0]}`, row.map(plainValue));
  }
  const hits = rows.flatMap(([place, seq, ...sortValues]) => {
    const target = tables[Number(place)]?.target;
    const row = fetched.get(`${place} ${seq}`);
    return target === undefined || row === undefined ? [] : [shapeHit({ target, row, sort, sortValues })];
  });
  return { hits, counted };
}

function plainValue(value: unknown): SqlResult {
  return value instanceof DuckDBListValue ? value.items.map(plainValue) : (value as SqlResult);
}
