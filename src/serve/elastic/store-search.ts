import type { Dataset } from "../../events/dataset.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { mappingsOf } from "../../search/field-caps.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { SearchRequest } from "../../search/request.ts";
import type { SearchTarget } from "../../search/target.ts";
import type { DatasetUse, Store } from "../../store/store.ts";
import type { IndexView, SearchBackend, SearchResult } from "./search-backend.ts";

/** Documents and bytes by index are counted at most so often: every name that is resolved asks for them. */
const COUNT_EVERY_US = 10_000_000;

/** Searches of the face over the store: our own datasets, and what others brought. */
export function createStoreSearch(deps: {
  store: Pick<Store, "search" | "use" | "state" | "foreign">;
  datasets: readonly Dataset[];
  network: string;
  clock: Clock;
}): SearchBackend {
  const { store, datasets, network, clock } = deps;
  const own = new Map(datasets.map((dataset) => [indexName(dataset, network), dataset]));
  let counted: ReadonlyMap<string, DatasetUse> = new Map();
  let countedAtUs = Number.NEGATIVE_INFINITY;
  let counting: Promise<void> | undefined;

  /** What was counted last; who asks first waits, later ones do not. */
  const uses = async (): Promise<ReadonlyMap<string, DatasetUse>> => {
    if (clock.monoUs() - countedAtUs >= COUNT_EVERY_US) {
      counting ??= store
        .use()
        .then(({ datasets: all }) => {
          counted = new Map(all.map((use) => [use.index, use]));
          countedAtUs = clock.monoUs();
        })
        .finally(() => {
          counting = undefined;
        });
      if (counted.size === 0) await counting;
      else counting.catch(() => undefined);
    }
    return counted;
  };

  const view = (name: string, kind: IndexView["kind"], use: DatasetUse | undefined): IndexView => ({
    name,
    kind,
    documents: use?.rows ?? 0,
    bytes: use?.bytes ?? 0,
    ...(use?.oldestUs === undefined ? {} : { createdMs: Math.floor(use.oldestUs / 1000) }),
  });

  return {
    async indices(signal) {
      const [foreign, byIndex] = [await store.foreign.indices(signal), await uses()];
      return [
        ...[...own].map(([name, { kind }]) => view(name, viewKind(kind), byIndex.get(name))),
        ...foreign.map(({ name, kind, createdMs }) => ({
          ...view(name, viewKind(kind), byIndex.get(name)),
          hidden: name.startsWith("."),
          createdMs,
        })),
      ];
    },
    async search({ indices, body, typedKeys, maxSeq, signal }) {
      const foreign = new Set((await store.foreign.indices(signal)).map(({ name }) => name));
      const known = indices.filter((name) => own.has(name) || foreign.has(name));
      if (known.length === 0) return NO_HITS;
      const params = { typedKeys, ...(maxSeq === undefined ? {} : { maxSeq }) };
      const answer = await store.search(known.join(","), body as SearchRequest, { signal, params });
      const { _shards: _, ...result } = answer;
      return result as unknown as SearchResult;
    },
    async mappings(indices, signal) {
      const foreign = new Map((await store.foreign.indices(signal)).map(({ name, mapping }) => [name, mapping]));
      return new Map(
        indices.map((name) => {
          const dataset = own.get(name);
          return [name, dataset === undefined ? (foreign.get(name) ?? {}) : ownMapping(name, dataset)];
        }),
      );
    },
    newestSeq: async () => store.state().loaded,
  };
}

const NO_HITS: SearchResult = {
  took: 0,
  timed_out: false,
  hits: { total: { value: 0, relation: "eq" }, max_score: null, hits: [] },
};

function viewKind(kind: "stream" | "index"): IndexView["kind"] {
  return kind === "stream" ? "data_stream" : "index";
}

function ownMapping(index: string, { kind, columns }: Dataset): JsonObject {
  const target: SearchTarget = {
    index,
    kind,
    columns: new Map(columns.map(({ name, type, list = false }) => [name, { name, type, list }])),
    tables: [],
  };
  return mappingsOf([target])[index]?.mappings as unknown as JsonObject;
}
