import { expect, onTestFinished, test } from "vitest";
import { clusterDirectory, openClusterStore, startCluster, upTo } from "../../../test/rigs/cluster-store.ts";
import { startFaceOf } from "../../../test/rigs/stored-face.ts";
import { event, thing } from "../contract-data.ts";

const NAMES = upTo(300).map((number) => `logs-of-somebody.else-number.${String(number).padStart(4, "0")}`);

/** A store on a cluster, with an index of others for each name and a document in each, through the face. */
async function filled() {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  const face = await startFaceOf(store, { directory: await clusterDirectory() });
  onTestFinished(() => face.close());
  const lines = NAMES.flatMap((name) => [{ create: { _index: name } }, { "@timestamp": "2026-11-22T10:00:00Z", name }]);
  const { body } = await face.bulk(lines);
  expect(body.errors).toBe(false);
  await store.settled();
  return { cluster, store, face };
}

test("a search over 300 indices of others and all of ours is one request, and makes none of ours", async () => {
  const { cluster, store, face } = await filled();
  await store.append([event(1)]);
  await store.settled();
  const before = cluster.requests.length;
  for (const path of ["/*/_search", "/_search", "/_all/_search"]) {
    const { status, body } = await face.ask("POST", path, { body: { size: 1_000 } });
    expect(status).toBe(200);
    const found = new Set((body.hits.hits as { _index: string }[]).map(({ _index }) => _index));
    expect(NAMES.filter((name) => !found.has(name))).toEqual([]);
    expect(found).toContain("logs-test.event-testnet");
  }
  expect(await face.ask("GET", "/logs-of-*/_count")).toMatchObject({ status: 200, body: { count: 300 } });
  const asked = cluster.requests.slice(before);
  expect(asked.filter(({ path }) => path === "/_msearch")).toHaveLength(4);
  expect(asked.filter(({ method }) => method === "PUT")).toEqual([]);
});

test("what is stored in 300 indices of others is counted, in requests that an engine takes", async () => {
  const { cluster, store } = await filled();
  const before = cluster.requests.length;
  await store.use();
  const asked = cluster.requests.slice(before).filter(({ path }) => path.endsWith("/_refresh"));
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.flatMap(({ path }) => path.slice(1, -"/_refresh".length).split(","))).toEqual(
    expect.arrayContaining(NAMES),
  );
});

test("a search of what nobody stored anything in yet finds nothing, and its index is made", async () => {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  const face = await startFaceOf(store, { directory: await clusterDirectory() });
  onTestFinished(() => face.close());
  const { status, body } = await face.ask("GET", "/ethmon-thing-testnet/_search");
  expect([status, body.hits.total.value]).toEqual([200, 0]);
  expect(cluster.indices.names()).toContain("ethmon-thing-testnet");
});

test("a search makes no index before the cluster has the template that tells its fields", async () => {
  const cluster = await startCluster();
  let isBusy = true;
  cluster.onRequest(({ method, path }) =>
    isBusy && method === "PUT" && path.startsWith("/_index_template") ? { status: 503, body: {} } : undefined,
  );
  const store = await openClusterStore([cluster.url]);
  const { hits } = await store.search("ethmon-thing-testnet", { sort: ["test.number"] });
  expect(hits.hits).toEqual([]);
  expect(cluster.indices.names()).toEqual([]);
  isBusy = false;
  await store.append([thing("a", { "test.number": 1 })]);
  await store.settled();
  expect((await store.search("ethmon-thing-testnet", { sort: ["test.number"] })).hits.hits).toHaveLength(1);
});
