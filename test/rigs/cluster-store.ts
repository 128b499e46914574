import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/lib/clock.ts";
import type { Log } from "../../src/lib/log.ts";
import { silentLog } from "../../src/lib/log.ts";
import { EVENTS, testDatasets } from "../../src/store/contract-data.ts";
import {
  createElasticStore,
  type ElasticStore,
  type ElasticStoreOptions,
} from "../../src/store/elastic/elastic-store.ts";
import { elasticStoreSchema } from "../../src/store/elastic/settings.ts";
import { type FakeCluster, startFakeCluster } from "./fake-cluster.ts";

export type Told = { level: "info" | "warn" | "error"; sentence: string; fields: Readonly<Record<string, unknown>> };

/** For `expect.poll`. */
export const PATIENT = { timeout: 20_000, interval: 20 };

/** 1, 2, 3 and so on. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

/** A store on a cluster, with the datasets of `contract-data.ts`; it is closed with the test, and so is its directory. */
export async function openClusterStore(
  urls: readonly string[],
  options: Partial<Omit<ElasticStoreOptions, "settings">> & { settings?: object; told?: Told[] } = {},
): Promise<ElasticStore> {
  const { settings = {}, told, directory = await clusterDirectory(), ...rest } = options;
  const store = await createElasticStore({
    network: "testnet",
    datasets: testDatasets,
    clock: systemClock(),
    log: told === undefined ? silentLog : logTo(told),
    ...rest,
    directory,
    settings: elasticStoreSchema.parse({ urls, ...settings }),
  });
  onTestFinished(() => store.close());
  return store;
}

export async function startCluster(options: Parameters<typeof startFakeCluster>[0] = {}): Promise<FakeCluster> {
  const cluster = await startFakeCluster(options);
  onTestFinished(() => cluster.close());
  return cluster;
}

/** `test.number` of every document of an index, in the order of their making. */
export function storedNumbers(cluster: FakeCluster, index = EVENTS): number[] {
  return [...cluster.indices.documents(index).values()].map(({ test }) => (test as { number: number }).number);
}

export async function clusterDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-cluster-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function logTo(told: Told[]): Log {
  const level = (name: Told["level"]) => (fields: object, sentence: string) => {
    told.push({ level: name, sentence, fields: fields as Told["fields"] });
  };
  return { ...silentLog, info: level("info"), warn: level("warn"), error: level("error") };
}
