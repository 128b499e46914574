import type { Dataset } from "../../events/dataset.ts";
import type { Clock } from "../../lib/clock.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { SearchRequest } from "../../search/request.ts";
import type { ForeignTables } from "../../store/foreign/foreign-tables.ts";
import type { Store } from "../../store/store.ts";
import { createIndexCatalogue, type IndexUse } from "./index-catalogue.ts";
import type { SearchBackend, SearchResult } from "./search-backend.ts";

/** Documents and bytes by index are counted at most so often: every name that is resolved asks for them. */
const COUNT_EVERY_US = 10_000_000;

/** Searches of the face over the store: our own datasets, and what others brought. */
export function createStoreSearch(deps: {
  store: Pick<Store, "search" | "use" | "state"> & { foreign: Pick<ForeignTables, "indices"> };
  datasets: readonly Dataset[];
  network: string;
  clock: Clock;
}): SearchBackend {
  const { store, datasets, network, clock } = deps;
  const own = new Set(datasets.map((dataset) => indexName(dataset, network)));
  let counted: ReadonlyMap<string, IndexUse> | undefined;
  let countedAtUs = Number.NEGATIVE_INFINITY;
  let counting: Promise<ReadonlyMap<string, IndexUse>> | undefined;

  const count = async (): Promise<ReadonlyMap<string, IndexUse>> => {
    const { datasets: uses } = await store.use();
    countedAtUs = clock.monoUs();
    counted = new Map(
      uses.map(({ index, rows, bytes, oldestUs }) => [
        index,
        { documents: rows, bytes, ...(oldestUs === undefined ? {} : { createdMs: Math.floor(oldestUs / 1000) }) },
      ]),
    );
    return counted;
  };

  /** What was counted last, counted anew behind the answer when it is old; who asks first waits. */
  const uses = (): Promise<ReadonlyMap<string, IndexUse>> => {
    if (counted !== undefined && clock.monoUs() - countedAtUs < COUNT_EVERY_US) return Promise.resolve(counted);
    counting ??= count().finally(() => {
      counting = undefined;
    });
    if (counted === undefined) return counting;
    // It fails again when it is waited for; until then the old figures are better than none.
    counting.catch(() => undefined);
    return Promise.resolve(counted);
  };

  return {
    ...createIndexCatalogue({ datasets, network, foreign: store.foreign.indices, uses }),
    async search({ indices, body, typedKeys, maxSeq, signal }) {
      const foreign = new Set((await store.foreign.indices(signal)).map(({ name }) => name));
      // A data stream that was put and holds nothing has no table yet.
      const known = indices.filter((name) => own.has(name) || foreign.has(name));
      if (known.length === 0) return NO_HITS;
      // An index that was made a moment ago is on its way into the database.
      const params = { typedKeys, ignoreMissing: true, ...(maxSeq === undefined ? {} : { maxSeq }) };
      const answer = await store.search(known.join(","), body as SearchRequest, { signal, params });
      const { _shards: _, ...result } = answer;
      return result as unknown as SearchResult;
    },
    newestSeq: async () => store.state().loaded,
  };
}

const NO_HITS: SearchResult = {
  took: 0,
  timed_out: false,
  hits: { total: { value: 0, relation: "eq" }, max_score: null, hits: [] },
};
