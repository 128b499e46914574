import { expect, test } from "vitest";
import {
  clusterDirectory,
  openClusterStore,
  PATIENT,
  startCluster,
  storedNumbers,
  type Told,
  upTo,
} from "../../../test/rigs/cluster-store.ts";
import { systemClock } from "../../lib/clock.ts";
import { EVENTS, event, QUARANTINE } from "../contract-data.ts";
import type { Loss } from "../journal-queue.ts";

test("one document in 5000 that the cluster cannot parse goes to quarantine with the reason, and all others are stored", async () => {
  const cluster = await startCluster();
  const told: Told[] = [];
  const store = await openClusterStore([cluster.url], { told });
  const error = { type: "mapper_parsing_exception", reason: "failed to parse field [test.number]" };
  cluster.onRequest(() => ({ index, source }) => {
    const { number } = (source?.["test"] ?? {}) as { number?: number };
    return index === EVENTS && number === 2_500 ? { status: 400, error } : undefined;
  });
  await store.append(upTo(5_000).map((number) => event(number)));
  await store.settled();
  expect(storedNumbers(cluster)).toEqual(upTo(5_000).filter((number) => number !== 2_500));
  const [kept] = cluster.indices.documents(QUARANTINE).values();
  expect(kept?.["ethereum"]).toMatchObject({
    quarantine: {
      dataset: "test.event",
      reason: expect.stringContaining("failed to parse field [test.number]"),
      original: expect.stringContaining('"test.number":2500'),
    },
  });
  expect(told.filter(({ sentence }) => sentence.includes("quarantine"))).toHaveLength(1);
});

test("a document too large for the cluster and for its quarantine is kept there shortened", async () => {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  cluster.onRequest(({ body }) => (body.length > 100_000 ? { status: 413, body: "too large" } : undefined));
  await store.append([event(1), event(2, { "test.remark": "x".repeat(200_000) }), event(3)]);
  await store.settled();
  expect(storedNumbers(cluster)).toEqual([1, 3]);
  const [kept] = cluster.indices.documents(QUARANTINE).values();
  expect(kept?.["ethereum"]).toMatchObject({ quarantine: { original: expect.stringContaining('"test.number":2') } });
});

test("a cluster that is away at the start gets everything once it is there, and its absence is one log line", async () => {
  const cluster = await startCluster();
  await cluster.away();
  const told: Told[] = [];
  const store = await openClusterStore([cluster.url], { told });
  await store.append(upTo(300).map((number) => event(number)));
  const { state, reason } = store.state();
  expect(state).toBe("unavailable");
  expect(reason).toMatch(
    /^The cluster has taken no documents since \S+ \S+ UTC: it cannot be reached, .*ECONNREFUSED.*\. 300 documents wait in the journal \(.* [kM]B\)\.$/,
  );
  await expect(store.search(EVENTS, {})).rejects.toMatchObject({ code: "store_unavailable", message: reason });
  await cluster.back();
  await store.settled();
  expect(storedNumbers(cluster)).toEqual(upTo(300));
  expect(store.state()).toMatchObject({ state: "ready", dropped: 0 });
  expect(told.filter(({ sentence }) => sentence === "The cluster took no documents")).toHaveLength(1);
  expect(told.filter(({ sentence }) => sentence === "The cluster took documents again")).toHaveLength(1);
});

test.each([401, 403])("a cluster that answers %i tells so and is asked again", async (status) => {
  const cluster = await startCluster();
  let isLocked = true;
  const error = { type: "security_exception", reason: "no permissions" };
  cluster.onRequest(() => (isLocked ? { status, body: { error, status } } : undefined));
  const store = await openClusterStore([cluster.url]);
  await store.append([event(1)]);
  await expect.poll(() => store.state().reason, PATIENT).toContain("no permissions");
  isLocked = false;
  await store.settled();
  expect(storedNumbers(cluster)).toEqual([1]);
});

test("what is no Elasticsearch behind the address is told", async () => {
  const cluster = await startCluster();
  cluster.onRequest(() => ({ status: 200, body: "<html>Welcome to nginx!</html>" }));
  const store = await openClusterStore([cluster.url]);
  await expect.poll(() => store.state().reason, PATIENT).toContain("neither an Elasticsearch nor an OpenSearch");
});

test("while the cluster cannot say which field types it has, none is taken to be missing", async () => {
  const cluster = await startCluster();
  let left = 3;
  cluster.onRequest(({ path }) => {
    if (!path.endsWith("_simulate") || left === 0) return undefined;
    left -= 1;
    return { status: 503, body: { error: { type: "cluster_manager_not_discovered_exception", reason: "none" } } };
  });
  const store = await openClusterStore([cluster.url]);
  await store.settled();
  const templates = cluster.requests.filter(
    ({ method, path }) => method === "PUT" && path.includes("_index_template/"),
  );
  expect(templates.some(({ body }) => body.includes('"unsigned_long"'))).toBe(true);
});

test("an answer that nobody thought of does not end the loading", async () => {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  let left = 4;
  cluster.onRequest(({ path }) => {
    if (path !== "/_bulk" || left === 0) return undefined;
    left -= 1;
    return { status: 200, body: { items: left % 2 === 0 ? "many" : [null] } };
  });
  await store.append([event(1)]);
  await store.settled();
  expect(storedNumbers(cluster)).toEqual([1]);
});

test("the store is closed within seconds while the cluster is away, and while it is silent", async () => {
  for (const how of ["away", "silent"] as const) {
    const cluster = await startCluster();
    const told: Told[] = [];
    const retention = { votesMs: 3_600_000, rawMs: 3_600_000, diskBytes: 1e9 };
    const store = await openClusterStore([cluster.url], { retention, told });
    if (how === "away") await cluster.away();
    else cluster.onRequest(() => "silence");
    await store.append([event(1)]);
    const settling = expect(store.settled()).rejects.toMatchObject({ code: "store_closed" });
    const searching = expect(store.search("logs-*", {})).rejects.toThrow();
    if (how === "silent") await expect.poll(() => cluster.bulks().length, PATIENT).toBeGreaterThan(0);
    // The test's own limit is the assertion: a request alone may take a minute.
    await store.close();
    await settling;
    await searching;
  }
});

test("waiting for a cluster that has been away for a while ends with the reason", async () => {
  const cluster = await startCluster();
  const clock = systemClock();
  let laterUs = 0;
  const store = await openClusterStore([cluster.url], {
    clock: { nowUs: () => clock.nowUs() + laterUs, monoUs: () => clock.monoUs() + laterUs },
  });
  await cluster.away();
  await store.append([event(1)]);
  await expect.poll(() => store.state().state, PATIENT).toBe("unavailable");
  const settling = expect(store.settled()).rejects.toMatchObject({ code: "store_unavailable", retry: "retryable" });
  laterUs = 600_000_000;
  await settling;
  await expect(store.foreign.indices()).rejects.toMatchObject({ code: "store_unavailable" });
  await cluster.back();
  await expect.poll(() => store.state().state, PATIENT).toBe("ready");
  await store.settled();
  expect(await store.foreign.indices()).toEqual([]);
  expect(storedNumbers(cluster)).toEqual([1]);
});

test("a cluster whose full disks let nobody make an index can be searched all the same", async () => {
  const cluster = await startCluster();
  const directory = await clusterDirectory();
  const first = await openClusterStore([cluster.url], { directory });
  await first.append([event(1)]);
  await first.settled();
  await first.close();
  const error = { type: "index_create_block_exception", reason: "cluster create-index blocked (api)" };
  cluster.onRequest(({ method, path }) =>
    method === "PUT" && !path.includes("_index_template") ? { status: 403, body: { error } } : undefined,
  );
  const second = await openClusterStore([cluster.url], { directory });
  expect((await second.search(EVENTS, {})).hits.hits).toHaveLength(1);
});

test("settling refreshes what was written to, and nothing of others", async () => {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  await store.settled();
  const before = cluster.requests.length;
  await store.append([event(1)]);
  await Promise.all([store.settled(), store.settled()]);
  const refreshed = cluster.requests.slice(before).filter(({ path }) => path.endsWith("/_refresh"));
  expect(refreshed.map(({ path }) => path)).toEqual([`/${EVENTS}/_refresh`]);
  expect(cluster.requests.map(({ path }) => path)).not.toContain("/_refresh");
});

test("a journal that has reached its bound refuses documents, counts them, and tells the gap when there is room again", async () => {
  const cluster = await startCluster();
  const losses: Loss[] = [];
  const retention = { votesMs: 3_600_000, rawMs: 3_600_000, diskBytes: 200_000 };
  const store = await openClusterStore([cluster.url], { retention, onLoss: (loss) => losses.push(loss) });
  await cluster.away();
  let taken = 0;
  let isFull = false;
  for (let at = 0; !isFull && at < 1_000; at += 1) {
    const documents = upTo(20).map((number) => event(taken + number, { "observer.name": "a" }));
    await store.append(documents).then(
      () => {
        taken += 20;
      },
      (error: unknown) => {
        expect(error).toMatchObject({ code: "store_queue_full", retry: "retryable" });
        isFull = true;
      },
    );
  }
  expect(isFull).toBe(true);
  expect(store.offer([event(99_999, { "observer.name": "a" })])).toBe(false);
  expect(store.foreign.full()).toBe(true);
  await expect
    .poll(() => store.state().reason, PATIENT)
    .toContain("The journal is full: 1 document was refused since the start.");
  expect(store.state().dropped).toBe(1);
  await cluster.back();
  await store.settled();
  expect(storedNumbers(cluster)).toEqual(upTo(taken));
  await expect.poll(() => losses, PATIENT).toMatchObject([{ dropped: 1, nodes: ["a"] }]);
  await expect.poll(() => store.offer([event(taken + 1)]), PATIENT).toBe(true);
});

test("a search of which a shard failed is an error, never half an answer", async () => {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  const body = { _shards: { total: 2, successful: 1, failed: 1 }, hits: { total: { value: 0 }, hits: [] } };
  cluster.onRequest(({ path }) => (path.endsWith("_search") ? { status: 200, body } : undefined));
  await expect(store.search(EVENTS, {})).rejects.toMatchObject({ code: "store_unavailable", retry: "retryable" });
  const [search] = cluster.requests.filter(({ path }) => path.endsWith("_search"));
  expect(search?.query.get("allow_partial_search_results")).toBe("false");
});
