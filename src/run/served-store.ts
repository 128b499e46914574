import { Fault } from "../lib/fault.ts";
import type { ServedStore } from "../serve/api/handlers.ts";
import type { Store, StoreSql, StoreState } from "../store/store.ts";

const NO_STORE: StoreState = { state: "starting", journaled: 0, loaded: 0, queued: 0, dropped: 0, rows: 0 };

/** The store as it is served from the start: until it is opened, whatever is asked of it is refused as retryable. */
export function servedStore(input: { opened: () => Store | undefined; hasSql: boolean }): ServedStore {
  const { opened, hasSql } = input;
  const store = (): Store => {
    const found = opened();
    if (found !== undefined) return found;
    throw new Fault("store_unavailable", "No node has told its network yet.", { retry: "retryable" });
  };
  const sql = (): StoreSql => {
    const found = store().sql;
    if (found !== undefined) return found;
    throw new Fault("sql_unavailable", "This store has no SQL.");
  };
  return {
    state: () => opened()?.state() ?? NO_STORE,
    search: async (...asked) => store().search(...asked),
    use: async (signal) => store().use(signal),
    append: async (...asked) => store().append(...asked),
    settled: async (signal) => store().settled(signal),
    foreign: { indices: async (signal) => store().foreign.indices(signal) },
    sql: hasSql
      ? { query: async (...asked) => sql().query(...asked), tables: async (signal) => sql().tables(signal) }
      : undefined,
  };
}
