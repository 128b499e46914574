import { expect, test } from "vitest";
import { clusterDirectory, openClusterStore, startCluster } from "../../../test/rigs/cluster-store.ts";
import type { AskedRequest, FakeCluster, Trouble } from "../../../test/rigs/fake-cluster.ts";
import { EVENTS, event } from "../contract-data.ts";

const DAY_MS = 86_400_000;
const LIFECYCLE = /^\/_data_stream\/(.+)\/_lifecycle$/;

/** Lifecycles of data streams as Elasticsearch answers them from 8.11 on; a stream is there once it was asked to be. */
function keepsLifecycles(cluster: FakeCluster): Map<string, { enabled: boolean; data_retention?: string }> {
  const lifecycles = new Map<string, { enabled: boolean; data_retention?: string }>();
  cluster.onRequest(({ method, path, body }: AskedRequest): Trouble | undefined => {
    const name = LIFECYCLE.exec(path)?.[1];
    if (name === undefined) return undefined;
    if (method === "PUT") {
      lifecycles.set(name, { enabled: true, ...(JSON.parse(body) as object) });
      return { status: 200, body: { acknowledged: true } };
    }
    const found = [...lifecycles].map(([stream, lifecycle]) => ({ name: stream, lifecycle }));
    return found.length === 0
      ? { status: 404, body: { error: { type: "index_not_found_exception" } } }
      : { status: 200, body: { data_streams: found } };
  });
  return lifecycles;
}

const limits = (rawDays: number) => ({
  votesMs: DAY_MS,
  rawMs: rawDays * DAY_MS,
  diskBytes: Number.POSITIVE_INFINITY,
});

test("streams that are there get another time for which they are kept, once, and those that are none of ours none", async () => {
  const cluster = await startCluster({ version: { number: "8.19.21" } });
  const lifecycles = keepsLifecycles(cluster);
  lifecycles.set(EVENTS, { enabled: true, data_retention: "720h" });
  lifecycles.set("logs-somebody-testnet", { enabled: true });
  const store = await openClusterStore([cluster.url], { retention: limits(7) });
  await store.append([event(1)]);
  await store.settled();
  await store.retain();
  expect(Object.fromEntries(lifecycles)).toMatchObject({
    [EVENTS]: { enabled: true, data_retention: "168h" },
    "logs-somebody-testnet": { enabled: true },
  });
  expect(lifecycles.get("logs-somebody-testnet")).toEqual({ enabled: true });
  await store.retain();
  const puts = cluster.requests.filter(({ method, path }) => method === "PUT" && LIFECYCLE.test(path));
  expect(puts.map(({ path }) => LIFECYCLE.exec(path)?.[1])).toEqual([EVENTS]);
  expect(cluster.requests.filter(({ path }) => path.endsWith("/_rollover"))).toEqual([]);
});

test("a template names the time, and a stream without a limit any more is kept for ever", async () => {
  const cluster = await startCluster({ version: { number: "8.19.21" } });
  const lifecycles = keepsLifecycles(cluster);
  lifecycles.set(EVENTS, { enabled: true, data_retention: "720h" });
  const directory = await clusterDirectory();
  const store = await openClusterStore([cluster.url], { directory });
  await store.append([event(1)]);
  await store.settled();
  await store.retain();
  expect(lifecycles.get(EVENTS)).toEqual({ enabled: true });
});

test("a build without lifecycles gets none, and its streams are kept in order by the store itself", async () => {
  const cluster = await startCluster({ version: { number: "8.19.21" } });
  cluster.onRequest(({ path }) =>
    LIFECYCLE.test(path) ? { status: 400, body: { error: "no handler found for uri" } } : undefined,
  );
  const store = await openClusterStore([cluster.url], { retention: limits(7) });
  await store.append([event(1)]);
  await store.settled();
  const templates = cluster.requests.filter(({ method, path }) => method === "PUT" && path.includes("_index_template"));
  expect(templates.length).toBeGreaterThan(0);
  expect(templates.filter(({ body }) => body.includes("lifecycle"))).toEqual([]);
  const asked = cluster.requests.length;
  await store.retain();
  expect(cluster.requests.slice(asked).filter(({ path }) => LIFECYCLE.test(path))).toEqual([]);
});
