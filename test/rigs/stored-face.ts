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
import { type ElasticRig, startElasticRig } from "./elastic-rig.ts";

export type StoredFace = Pick<ElasticRig, "url" | "ask" | "bulk"> & { store: EmbeddedStore; close(): Promise<void> };

/** The Elasticsearch face over a real embedded store of the datasets that the store's tests have, network `testnet`. */
export async function startStoredFace(
  options: Partial<EmbeddedStoreOptions> & { place?: (source: JsonObject) => JsonObject } = {},
): Promise<StoredFace> {
  const { place, ...storeOptions } = options;
  const directory = await mkdtemp(join(tmpdir(), "ethmon-stored-face-"));
  const clock = systemClock();
  const [datasets, network] = [testDatasets, "testnet"];
  const given = { directory: join(directory, "store"), network, datasets, clock, log: silentLog, commitEveryMs: 1 };
  const store = await createEmbeddedStore({ ...given, ...storeOptions });
  const rig = await startElasticRig({
    directory,
    store(settings) {
      const pipelines = createPipelines({ nowUs: clock.nowUs });
      store.foreign.limit((index) => keptForMs(index, settings));
      const placing = place === undefined ? {} : { place };
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
  return {
    url: rig.url,
    ask: rig.ask,
    bulk: rig.bulk,
    store,
    async close() {
      await rig.close();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
