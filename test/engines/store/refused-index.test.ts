import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../src/lib/clock.ts";
import { silentLog } from "../../../src/lib/log.ts";
import { EVENTS, event, QUARANTINE, START_US, testDatasets } from "../../../src/store/contract-data.ts";
import { createElasticStore } from "../../../src/store/elastic/elastic-store.ts";
import { elasticStoreSchema } from "../../../src/store/elastic/settings.ts";
import { startElasticsearch } from "../elasticsearch.ts";
import type { Engine } from "../engine.ts";
import { startOpenSearch } from "../opensearch.ts";
import { wipe } from "./wipe.ts";

const STARTS = { "OpenSearch 3.8": startOpenSearch, "Elasticsearch 8.7": startElasticsearch };
const SHUT = "metrics-of-somebody";

describe.each(Object.entries(STARTS))("%s", (_, start) => {
  let engine: Engine;
  let root: string;
  beforeAll(async () => {
    engine = await start(AbortSignal.timeout(300_000));
    root = await mkdtemp(join(tmpdir(), "ethmon-refused-"));
  }, 300_000);
  afterAll(async () => {
    await engine.stop();
    await rm(root, { recursive: true, force: true });
  });

  const ask = async (method: string, path: string, body?: object): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${engine.url}${path}`, request);
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  };
  const block = (isBlocked: boolean) => ask("PUT", `/${SHUT}/_settings`, { index: { blocks: { write: isBlocked } } });

  test.each([
    ["is blocked for writing", () => block(true), () => block(false)],
    ["is closed", () => ask("POST", `/${SHUT}/_close`), () => ask("POST", `/${SHUT}/_open?wait_for_active_shards=1`)],
  ])("an index of others that %s holds up nothing, and gets what comes once it is not", async (_how, shut, open) => {
    await wipe(engine.url);
    const store = await createElasticStore({
      settings: elasticStoreSchema.parse({ urls: [engine.url] }),
      directory: await mkdtemp(join(root, "store-")),
      network: "testnet",
      datasets: testDatasets,
      clock: systemClock(),
      log: silentLog,
    });
    onTestFinished(() => store.close());
    const index = { name: SHUT, kind: "index" as const, mapping: { properties: { number: { type: "long" } } } };
    const bring = async (number: number) => {
      const source = JSON.stringify({ number });
      const record = { index: SHUT, kind: index.kind, id: `${number}`, timestampUs: START_US, version: 1, source };
      await store.foreign.append({
        indices: [{ ...index, createdMs: START_US / 1000 }],
        records: [{ ...record, values: {} }],
      });
      await store.append([event(number)]);
      await store.settled();
    };
    const count = async (pattern: string) =>
      (await store.search(pattern, { size: 0 }, { params: { ignoreMissing: true } })).hits.total?.value;

    await bring(1);
    await shut();
    await bring(2);
    await bring(3);
    expect([await count(EVENTS), await count(QUARANTINE)]).toEqual([3, 2]);
    expect(store.state()).toMatchObject({ state: "ready", refusedIndices: [{ index: SHUT, documents: 2 }] });
    expect((await store.use()).datasets.find(({ index: name }) => name === EVENTS)?.rows).toBe(3);
    await open();
    await bring(4);
    expect([await count(SHUT), await count(QUARANTINE)]).toEqual([2, 2]);
    expect(store.state().refusedIndices).toBeUndefined();
  });
});
