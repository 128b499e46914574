import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  clusterDirectory,
  openClusterStore,
  PATIENT,
  startCluster,
  storedNumbers,
  type Told,
} from "../../../test/rigs/cluster-store.ts";
import type { AskedRequest, FakeCluster } from "../../../test/rigs/fake-cluster.ts";
import { EVENTS, event, QUARANTINE, START_US, THINGS, thing } from "../contract-data.ts";
import type { ForeignIndex, ForeignRecord } from "../foreign/foreign-tables.ts";
import type { Store } from "../store.ts";

const [SHUT, OPEN] = ["logs-shut-testnet", "logs-open-testnet"];
const FORBIDDEN = { type: "security_exception", reason: "no permissions for [indices:data/write/bulk[s]]" };

const streams: readonly ForeignIndex[] = [SHUT, OPEN].map((name) => ({
  name,
  kind: "stream",
  mapping: { properties: { number: { type: "long" } } },
  createdMs: START_US / 1000,
}));

function record(index: string, number: number): ForeignRecord {
  const source = JSON.stringify({ number });
  return { index, kind: "stream", timestampUs: START_US + number, version: 1, source, values: {} };
}

/** One document each for the index that is refused, another one of others, and two of ours. */
async function bring(store: Store, number: number): Promise<void> {
  await store.foreign.append({ indices: streams, records: [record(SHUT, number), record(OPEN, number)] });
  await store.append([event(number), thing(`of ${number}`, { "test.number": number })]);
}

const ofOthers = (cluster: FakeCluster, index: string) =>
  [...cluster.indices.documents(index).values()].map(({ number }) => number);
/** What came, of those in quarantine. */
const setAside = (cluster: FakeCluster): unknown[] =>
  [...cluster.indices.documents(QUARANTINE).values()].map(
    ({ ethereum }) => (ethereum as { quarantine: { original: string; reason: string } }).quarantine,
  );
const indexOf = (path: string): string =>
  path.replace(/^\/_(?:index_template\/ethmon-|data_stream\/)/, "/").split("/")[1] ?? "";

/** Ways of a cluster to refuse one index: what it answers to a request about it. */
const REFUSALS: Readonly<
  Record<string, (request: AskedRequest) => { status: number; error: typeof FORBIDDEN } | undefined>
> = {
  "by rights alone": ({ method, path }) =>
    method === "PUT" || path === "/_bulk" ? { status: 403, error: FORBIDDEN } : undefined,
  "whatever is asked of it": () => ({ status: 403, error: FORBIDDEN }),
  "by a block of its own": ({ path }) => {
    const error = { type: "cluster_block_exception", reason: "blocked by: [FORBIDDEN/8/index write (api)];" };
    return path === "/_bulk" ? { status: 403, error } : undefined;
  },
  "since it is closed": ({ path }) => {
    const error = { type: "index_closed_exception", reason: "closed" };
    return path === "/_bulk" ? { status: 400, error } : undefined;
  },
  "since there is no room for its shards": ({ method }) => {
    const error = {
      type: "validation_exception",
      reason: "this cluster currently has [1000]/[1000] maximum shards open",
    };
    return method === "PUT" ? { status: 400, error } : undefined;
  },
};

function refuse(cluster: FakeCluster, refusal: (typeof REFUSALS)[string], isRefused: (index: string) => boolean): void {
  cluster.onRequest((request) => {
    const answer = refusal(request);
    if (answer === undefined) return undefined;
    const { status, error } = answer;
    if (request.path === "/_bulk") return ({ index }) => (isRefused(index) ? { status, error } : undefined);
    const names = indexOf(request.path).split(",");
    return names.some(isRefused) ? { status, body: { error, status } } : undefined;
  });
}

test.each(Object.entries(REFUSALS))(
  "an index of others that the cluster refuses %s holds up nothing: its documents are in quarantine, and new ones go to it once it is let",
  async (_, refusal) => {
    const cluster = await startCluster();
    const told: Told[] = [];
    const store = await openClusterStore([cluster.url], { told });
    refuse(cluster, refusal, (index) => index === SHUT);
    await bring(store, 1);
    await store.settled();
    const before = cluster.requests.length;
    await bring(store, 2);
    await store.settled();
    const refreshed = cluster.requests.slice(before).filter(({ path }) => path.endsWith("/_refresh"));
    expect(refreshed.map(({ path }) => path).join()).toContain(QUARANTINE);
    expect([ofOthers(cluster, OPEN), storedNumbers(cluster), storedNumbers(cluster, THINGS)]).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(ofOthers(cluster, SHUT)).toEqual([]);
    expect(setAside(cluster)).toMatchObject(
      [1, 2].map((number) => ({ original: expect.stringContaining(`\\"number\\":${number}`) })),
    );
    const { state, refusedIndices } = store.state();
    expect(state).toBe("ready");
    expect(refusedIndices).toMatchObject([{ index: SHUT, documents: 2 }]);
    expect((await store.use()).journaled).toBe(store.state().loaded);
    cluster.onRequest(() => undefined);
    await bring(store, 3);
    await store.settled();
    expect([ofOthers(cluster, SHUT), setAside(cluster).length]).toEqual([[3], 2]);
    expect(store.state().refusedIndices).toBeUndefined();
    const sentences = told.map(({ sentence }) => sentence);
    expect(sentences.filter((one) => one.startsWith("The cluster refused an index, whose"))).toHaveLength(1);
    expect(sentences.filter((one) => one.startsWith("The cluster took documents of a refused index"))).toHaveLength(1);
  },
);

test("a cluster that refuses each index, the quarantine's too, is waited for, and all get their documents", async () => {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  await bring(store, 1);
  await store.settled();
  refuse(
    cluster,
    ({ path }) => (path === "/_bulk" ? { status: 403, error: FORBIDDEN } : undefined),
    () => true,
  );
  const before = cluster.bulks().length;
  await store.foreign.append({ indices: [], records: [record(SHUT, 2)] });
  const isForQuarantine = ({ lines }: AskedRequest) => lines.some(({ index }) => index === QUARANTINE);
  await expect.poll(() => cluster.bulks().slice(before).filter(isForQuarantine).length, PATIENT).toBeGreaterThan(0);
  await expect.poll(() => store.state().reason, PATIENT).toContain("no permissions");
  expect(store.state().refusedIndices).toBeUndefined();
  cluster.onRequest(() => undefined);
  await store.settled();
  expect([ofOthers(cluster, SHUT), setAside(cluster)]).toEqual([[1, 2], []]);
  expect(store.state().state).toBe("ready");
});

test("an index of others that the cluster refuses to make while it refuses all is made with its mapping, and not by its first document", async () => {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  await store.append([event(1)]);
  await store.foreign.indices();
  refuse(
    cluster,
    () => ({ status: 403, error: FORBIDDEN }),
    (index) => index !== "",
  );
  await store.foreign.append({ indices: streams, records: [record(SHUT, 1)] });
  await expect.poll(() => store.state().reason, PATIENT).toContain("no permissions");
  const before = cluster.requests.length;
  cluster.onRequest(() => undefined);
  await store.settled();
  const asked = cluster.requests.slice(before);
  const made = asked.findIndex(({ method, path }) => method === "PUT" && path === `/_index_template/ethmon-${SHUT}`);
  const sent = asked.findIndex(({ lines }) => lines.some(({ index }) => index === SHUT));
  expect(made).toBeGreaterThanOrEqual(0);
  expect(sent).toBeGreaterThan(made);
  expect([ofOthers(cluster, SHUT), setAside(cluster)]).toEqual([[1], []]);
});

test("an index of ours that the cluster refuses is waited for, and nothing of it goes to quarantine", async () => {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  await bring(store, 1);
  await store.settled();
  refuse(
    cluster,
    ({ path }) => (path === "/_bulk" ? { status: 403, error: FORBIDDEN } : undefined),
    (index) => index === EVENTS,
  );
  await store.append([event(2)]);
  const tries = () => cluster.bulks().filter(({ lines }) => lines.some(({ index }) => index === EVENTS)).length;
  const before = tries();
  await expect.poll(tries, PATIENT).toBeGreaterThan(before + 6);
  expect(store.state()).toMatchObject({ state: "unavailable", reason: expect.stringContaining("no permissions") });
  cluster.onRequest(() => undefined);
  await expect.poll(() => store.state().state, PATIENT).toBe("ready");
  await store.settled();
  expect([storedNumbers(cluster), setAside(cluster)]).toEqual([[1, 2], []]);
});

test("an index of others that cannot be read holds up no restart that does not know how far it was", async () => {
  const cluster = await startCluster();
  const directory = await clusterDirectory();
  const first = await openClusterStore([cluster.url], { directory });
  await bring(first, 1);
  await first.settled();
  await first.close();
  await rm(join(directory, "cluster-position.json"));
  refuse(
    cluster,
    ({ path }) => (/_search$|_refresh$/.test(path) ? { status: 403, error: FORBIDDEN } : undefined),
    (index) => index === SHUT,
  );
  const second = await openClusterStore([cluster.url], { directory });
  await bring(second, 2);
  await second.settled();
  expect([ofOthers(cluster, SHUT), ofOthers(cluster, OPEN), storedNumbers(cluster)]).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
});

test("a data stream of others that the cluster does not let begin a new index leaves the others their age, and is told", async () => {
  const cluster = await startCluster();
  const told: Told[] = [];
  const retention = { votesMs: 3_600_000, rawMs: 3_600_000, diskBytes: 1e9 };
  const store = await openClusterStore([cluster.url], { told, retention });
  await bring(store, 1);
  await store.settled();
  refuse(
    cluster,
    ({ path }) => (path.endsWith("_rollover") ? { status: 403, error: FORBIDDEN } : undefined),
    (index) => index === SHUT,
  );
  await store.retain();
  const begun = cluster.requests.filter(({ path }) => path.endsWith("_rollover")).map(({ path }) => indexOf(path));
  expect(begun).toEqual([EVENTS, SHUT, OPEN]);
  const warned = told.filter(({ sentence }) => sentence === "Data streams of others could not be kept in order");
  expect(warned.map(({ fields }) => fields)).toEqual([{ streams: [SHUT] }]);
});
