import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../src/events/foreign.ts";
import { createPipelines } from "../../src/ingest/pipelines.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { createDocumentReader } from "../../src/serve/elastic/document-reader.ts";
import { createStoreSearch } from "../../src/serve/elastic/store-search.ts";
import { testDatasets } from "../../src/store/contract-data.ts";
import {
  createEmbeddedStore,
  type EmbeddedStore,
  type EmbeddedStoreOptions,
} from "../../src/store/embedded/embedded-store.ts";
import { createForeignSink } from "../../src/store/foreign/foreign-sink.ts";
import { keptForMs } from "../../src/store/foreign/kept-for.ts";
import type { Store } from "../../src/store/store.ts";
import { type ElasticRig, startElasticRig } from "./elastic-rig.ts";

type Face = Pick<ElasticRig, "url" | "ask" | "bulk"> & { close(): Promise<void> };
export type StoredFace = Face & { store: EmbeddedStore };

type Placing = { place?: (source: JsonObject) => JsonObject };

const [datasets, network] = [testDatasets, "testnet"];

/** The Elasticsearch face over a real embedded store of the datasets that the store's tests have, network `testnet`. */
export async function startStoredFace(options: Partial<EmbeddedStoreOptions> & Placing = {}): Promise<StoredFace> {
  const { place, ...storeOptions } = options;
  const directory = await mkdtemp(join(tmpdir(), "ethmon-stored-face-"));
  const given = { directory: join(directory, "store"), network, datasets, clock: systemClock(), log: silentLog };
  const store = await createEmbeddedStore({ ...given, commitEveryMs: 1, ...storeOptions });
  const face = await startFaceOf(store, { directory, ...(place === undefined ? {} : { place }) });
  return {
    ...face,
    store,
    async close() {
      await face.close();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The same over a store that is there. */
export async function startFaceOf(
  store: Store,
  { directory, ...placing }: Placing & { directory: string },
): Promise<Face> {
  const clock = systemClock();
  const { url, ask, bulk, close } = await startElasticRig({
    directory,
    store(settings) {
      const pipelines = createPipelines({ nowUs: clock.nowUs });
      store.foreign.limit((index) => keptForMs(index, settings));
      const sink = createForeignSink({
        tables: store.foreign,
        templates: settings,
        pipelines,
        clock,
        log: silentLog,
        ...placing,
      });
      const reader = createDocumentReader({
        search: (index, body, signal) => store.search(index, body, { signal }),
        datasets,
        network,
        aliases: () => settings.all("alias"),
        others: sink,
      });
      return { ...sink, ...reader };
    },
    searchBackend: createStoreSearch({ store, datasets, network, clock }),
  });
  return { url, ask, bulk, close };
}
