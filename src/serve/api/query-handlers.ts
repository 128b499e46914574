import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import { resolveTimeRange } from "../../panels/time-range.ts";
import type { StoreSql } from "../../store/store.ts";
import type { Explorer } from "../dashboards/explorer.ts";
import { timeOf } from "./dashboard-handlers.ts";
import type { Handlers } from "./operations.ts";
import type { queryOperations } from "./query-operations.ts";

type QueryHandlers = Pick<Handlers, keyof typeof queryOperations>;

/** Free searches, what is needed to write them, and SQL. */
export function createQueryHandlers(deps: {
  explorer: Explorer;
  sql: StoreSql | undefined;
  clock: Clock;
}): QueryHandlers {
  const { explorer, sql, clock } = deps;
  const knownSql = (): StoreSql => {
    if (sql !== undefined) return sql;
    throw new Fault("sql_unavailable", "The documents are in a cluster, which has no SQL of ours: use a search.");
  };
  return {
    search: ({ body: { index, body }, signal }) => explorer.search({ index, body: body as JsonObject, signal }),
    listIndices: async ({ signal }) => ({ indices: await explorer.indices(signal) }),
    listFields: async ({ query: { index }, signal }) => ({ fields: await explorer.fields(index, signal) }),
    async listValues({ query, signal }) {
      const { index, field, prefix, limit, from, to } = query;
      const isBound = from !== undefined || to !== undefined;
      const bounds = () => {
        const { fromMs, toMs } = resolveTimeRange(
          timeOf(query, { from: "1970-01-01T00:00:00Z", to: "now" }),
          Math.floor(clock.nowUs() / 1000),
        );
        return { range: { "@timestamp": { gte: fromMs, lt: toMs, format: "epoch_millis" } } };
      };
      const time = isBound ? bounds() : undefined;
      return { values: await explorer.values({ index, field, prefix, limit, time, signal }) };
    },
    async listSqlTables({ signal }) {
      return { tables: await knownSql().tables(signal) };
    },
    querySql: ({ body, signal }) => knownSql().query(body, signal),
  };
}
