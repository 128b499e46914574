import { expect, test } from "vitest";
import { clusterDirectory, openClusterStore, startCluster } from "../../../test/rigs/cluster-store.ts";
import type { FakeCluster } from "../../../test/rigs/fake-cluster.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { EVENTS, event } from "../contract-data.ts";

const TEMPLATE = `/_index_template/ethmon-${EVENTS}`;

/** Starts a store on the cluster and ends it; the templates that it put. */
async function startOnce(cluster: FakeCluster, directory: string, settings = {}): Promise<string[]> {
  const before = cluster.requests.length;
  const store = await openClusterStore([cluster.url], { directory, settings });
  await store.append([event(1)]);
  await store.settled();
  await store.close();
  const asked = cluster.requests.slice(before);
  return asked
    .filter(({ method, path }) => method === "PUT" && path.startsWith("/_index_template/"))
    .map((one) => one.path);
}

async function changeByHand(cluster: FakeCluster, change: (template: JsonObject) => JsonObject): Promise<void> {
  const told = (await (await fetch(`${cluster.url}${TEMPLATE}`)).json()) as {
    index_templates: [{ index_template: JsonObject }];
  };
  const body = JSON.stringify(change(told.index_templates[0].index_template));
  const answer = await fetch(`${cluster.url}${TEMPLATE}`, { method: "PUT", body });
  expect(answer.status).toBe(200);
}

test("templates are put at the first start, and no more while they stay as they are", async () => {
  const cluster = await startCluster();
  const directory = await clusterDirectory();
  expect(await startOnce(cluster, directory)).toContain(TEMPLATE);
  expect(await startOnce(cluster, directory)).toEqual([]);
});

test.each<[string, (template: JsonObject) => JsonObject]>([
  [
    "mapping",
    ({ template, ...rest }) => ({ ...rest, template: { ...(template as object), mappings: { dynamic: true } } }),
  ],
  ["priority", (template) => ({ ...template, priority: 1 })],
  ["digest", (template) => ({ ...template, _meta: { managed_by: "ethmon", digest: "of another version" } })],
])("a template whose %s is another one is put again at the next start, alone", async (_, change) => {
  const cluster = await startCluster();
  const directory = await clusterDirectory();
  await startOnce(cluster, directory);
  await changeByHand(cluster, change);
  expect(await startOnce(cluster, directory)).toEqual([TEMPLATE]);
  expect(await startOnce(cluster, directory)).toEqual([]);
});

test("another number of shards puts the templates again", async () => {
  const cluster = await startCluster();
  const directory = await clusterDirectory();
  await startOnce(cluster, directory);
  expect(await startOnce(cluster, directory, { shards: 3 })).toContain(TEMPLATE);
});
