import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { systemClock } from "../../../src/lib/clock.ts";
import { silentLog } from "../../../src/lib/log.ts";
import { describeStore } from "../../../src/store/contract.ts";
import { testDatasets } from "../../../src/store/contract-data.ts";
import { createElasticStore } from "../../../src/store/elastic/elastic-store.ts";
import { elasticStoreSchema } from "../../../src/store/elastic/settings.ts";
import { startElasticsearch, startNewestElasticsearch } from "../elasticsearch.ts";
import type { Engine } from "../engine.ts";
import { startOpenSearch } from "../opensearch.ts";
import { wipe } from "./wipe.ts";

const STARTS = {
  "OpenSearch 3.8": startOpenSearch,
  "Elasticsearch 8.7": startElasticsearch,
  "Elasticsearch 8.19": startNewestElasticsearch,
};

describe.each(Object.entries(STARTS))("%s", (name, start) => {
  let engine: Engine;
  const directories: string[] = [];
  beforeAll(async () => {
    engine = await start(AbortSignal.timeout(300_000));
  }, 300_000);
  afterAll(async () => {
    await engine.stop();
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  });

  describeStore(name, async () => {
    await wipe(engine.url);
    const directory = await mkdtemp(join(tmpdir(), "ethmon-elastic-"));
    directories.push(directory);
    return createElasticStore({
      settings: elasticStoreSchema.parse({ urls: [engine.url], votes: true }),
      directory,
      network: "testnet",
      datasets: testDatasets,
      clock: systemClock(),
      log: silentLog,
    });
  });
});
