import type { Clock } from "../../lib/clock.ts";
import { isFault } from "../../lib/fault.ts";
import { indexName, matchIndices } from "../../search/index-pattern.ts";
import type { ParsedSearch } from "../../search/parse.ts";
import type { SearchParams, SearchRequest, SearchResponse } from "../../search/request.ts";
import type { SearchAnswer } from "../../search/search.ts";
import type { SearchTarget } from "../../search/target.ts";
import type { Database, Table } from "./database.ts";
import { plainValue } from "./duckdb-values.ts";
import type { ForeignIndices } from "./foreign-indices.ts";
import { foreignTargets, type KnownIndex } from "./foreign-targets.ts";
import type { QueryPool } from "./query-pool.ts";
import { quoted, type TableDataset } from "./tables.ts";

export type Searcher = {
  search(options: {
    pattern: string;
    request: SearchRequest;
    params?: SearchParams;
    signal: AbortSignal;
  }): Promise<SearchResponse>;
};

/**
 * Answers searches over the tables of one namespace. The search language is loaded with the first of them: a database
 * that is started again after a failure goes on loading documents the sooner.
 */
export function createSearcher(options: {
  database: Database;
  pool: QueryPool;
  namespace: string;
  datasets: readonly TableDataset[];
  indices: ForeignIndices;
  clock: Clock;
}): Searcher {
  const { database, pool, namespace, datasets, indices, clock } = options;
  const described = datasets.map((dataset) => ({
    dataset,
    index: indexName(dataset, namespace),
    columns: new Map(dataset.columns.map((column) => [column.name, column])),
  }));
  const names = described.map(({ index }) => index);

  const targetsOf = (
    { pattern, params, present }: { pattern: string; params: SearchParams; present: readonly Table[] },
    foreign: ReadonlyMap<string, KnownIndex>,
  ): SearchTarget[] => {
    const wanted = matchIndices(pattern, [...names, ...foreign.keys()], { ignoreMissing: params.ignoreMissing });
    const tables = Map.groupBy(present, (table) => table.dataset);
    const ours: SearchTarget[] = described
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
    const others = [...foreign.values()].filter(({ name }) => wanted.has(name));
    return [...ours, ...others.flatMap((known) => foreignTargets({ known, schema: namespace, tables }))];
  };

  /**
   * Tables may be dropped, and columns become lists, after they were listed and before the search sees a state of them
   * that stays. They are listed before that: the other way round a search would look for columns it cannot see.
   */
  const answer = async (options: {
    search: ParsedSearch;
    params: SearchParams;
    pattern: string;
    signal: AbortSignal;
  }): Promise<SearchAnswer> => {
    const { search, params, pattern, signal } = options;
    const { carryOutSearch } = await import("../../search/search.ts");
    const nowMs = Math.floor(clock.nowUs() / 1000);
    while (true) {
      const forgotten = database.forgotten();
      const version = indices.version();
      const present = [...database.tables.values()];
      try {
        return await pool.use(signal, async (run) =>
          carryOutSearch({
            search,
            params,
            targets: targetsOf({ pattern, params, present }, await indices.read(run, version)),
            nowMs,
            run: async (statement) => (await run(statement)).map((row) => row.map(plainValue)),
          }),
        );
      } catch (error) {
        const isChanged = database.forgotten() !== forgotten || indices.version() !== version;
        if (!isChanged || !isFault(error, "store_unavailable")) throw error;
      }
    }
  };

  return {
    async search({ pattern, request, params = {}, signal }) {
      const startUs = clock.monoUs();
      const { parseSearch } = await import("../../search/parse.ts");
      const search = parseSearch(request);
      const answered = await answer({ search, params, pattern, signal });
      return { took: Math.round((clock.monoUs() - startUs) / 1000), ...answered };
    },
  };
}
