import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { clusterDirectory, openClusterStore, type Told } from "../../../test/rigs/cluster-store.ts";
import { type FakeCluster, startFakeCluster } from "../../../test/rigs/fake-cluster.ts";
import { systemClock } from "../../lib/clock.ts";
import { EVENTS, event, QUARANTINE, THINGS, thing } from "../contract-data.ts";
import type { Loss } from "../journal-queue.ts";

const PATIENT = { timeout: 20_000, interval: 20 };

async function fake(options: Parameters<typeof startFakeCluster>[0] = {}): Promise<FakeCluster> {
  const cluster = await startFakeCluster(options);
  onTestFinished(() => cluster.close());
  return cluster;
}

function numbers(cluster: FakeCluster, index = EVENTS): number[] {
  return [...cluster.indices.documents(index).values()].map(({ test }) => (test as { number: number }).number);
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test("one document in 5000 that the cluster cannot parse goes to quarantine with the reason, and all others are stored", async () => {
  const cluster = await fake();
  const told: Told[] = [];
  const store = await openClusterStore([cluster.url], { told });
  const error = { type: "mapper_parsing_exception", reason: "failed to parse field [test.number]" };
  cluster.onRequest(() => ({ index, source }) => {
    const { number } = (source?.["test"] ?? {}) as { number?: number };
    return index === EVENTS && number === 2_500 ? { status: 400, error } : undefined;
  });
  await store.append(upTo(5_000).map((number) => event(number)));
  await store.settled();
  expect(numbers(cluster)).toEqual(upTo(5_000).filter((number) => number !== 2_500));
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
  const cluster = await fake();
  const store = await openClusterStore([cluster.url]);
  cluster.onRequest(({ body }) => (body.length > 100_000 ? { status: 413, body: "too large" } : undefined));
  await store.append([event(1), event(2, { "test.remark": "x".repeat(200_000) }), event(3)]);
  await store.settled();
  expect(numbers(cluster)).toEqual([1, 3]);
  const [kept] = cluster.indices.documents(QUARANTINE).values();
  expect(kept?.["ethereum"]).toMatchObject({ quarantine: { original: expect.stringContaining('"test.number":2') } });
});

test("a cluster that is away at the start gets everything once it is there, and its absence is one log line", async () => {
  const cluster = await fake();
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
  expect(numbers(cluster)).toEqual(upTo(300));
  expect(store.state()).toMatchObject({ state: "ready", dropped: 0 });
  expect(told.filter(({ sentence }) => sentence === "The cluster took no documents")).toHaveLength(1);
  expect(told.filter(({ sentence }) => sentence === "The cluster took documents again")).toHaveLength(1);
});

test("what waits when the store is closed is sent at the next start, once", async () => {
  const cluster = await fake();
  const directory = await clusterDirectory();
  const first = await openClusterStore([cluster.url], { directory });
  await first.append(upTo(50).map((number) => event(number)));
  await first.settled();
  await cluster.away();
  await first.append(
    upTo(100)
      .slice(50)
      .map((number) => event(number)),
  );
  await first.close();
  await cluster.back();
  const second = await openClusterStore([cluster.url], { directory });
  await second.settled();
  expect(numbers(cluster)).toEqual(upTo(100));
});

test.each(["lost", "{", '{"clusterId":"cluster-a","position":-3}', "null"])(
  "with a position file that is %j the journal is read from its beginning, and nothing is doubled",
  async (content) => {
    const cluster = await fake();
    const directory = await clusterDirectory();
    const first = await openClusterStore([cluster.url], { directory });
    await first.append([...upTo(20).map((number) => event(number)), thing("a", { "test.number": 1 })]);
    await first.append([thing("a", { "test.number": 2 })]);
    await first.settled();
    await first.close();
    const path = join(directory, "cluster-position.json");
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ clusterId: "cluster-a" });
    await (content === "lost" ? rm(path) : writeFile(path, content));
    const before = cluster.requests.length;
    const second = await openClusterStore([cluster.url], { directory });
    await second.append([event(21)]);
    await second.settled();
    // It is asked for all of them, and for none it is taken for granted.
    const asked = cluster.requests
      .slice(before)
      .filter(({ path, body }) => path === `/${EVENTS}/_search` && body !== "");
    expect(
      asked.flatMap(({ body }) => (JSON.parse(body) as { query: { ids: { values: string[] } } }).query.ids.values),
    ).toHaveLength(20);
    expect(numbers(cluster)).toEqual(upTo(21));
    expect(numbers(cluster, THINGS)).toEqual([2]);
  },
);

test("what is sent again to a data stream that has begun a new index is not there twice", async () => {
  const cluster = await fake();
  const directory = await clusterDirectory();
  const first = await openClusterStore([cluster.url], { directory });
  await first.append(upTo(20).map((number) => event(number)));
  await first.settled();
  await first.close();
  const older = cluster.indices.rollOver(EVENTS);
  await rm(join(directory, "cluster-position.json"));
  const second = await openClusterStore([cluster.url], { directory });
  await second.append([event(21)]);
  await second.settled();
  expect([numbers(cluster, older), numbers(cluster)]).toEqual([upTo(20), [21]]);
  // The same within one run: the answer is lost, and the stream begins a new index before the second attempt.
  let isCut = false;
  let next = older;
  cluster.onRequest(({ path }) => {
    if (path === "/" && isCut && next === older) next = cluster.indices.rollOver(EVENTS);
    if (path !== "/_bulk" || isCut) return undefined;
    isCut = true;
    return "cut";
  });
  await second.append([event(22)]);
  await second.settled();
  expect([numbers(cluster, next), numbers(cluster)]).toEqual([[21, 22], []]);
});

test("without its journal the store begins a new one behind the positions that it gave out, whatever the clock says", async () => {
  const cluster = await fake();
  const directory = await clusterDirectory();
  const first = await openClusterStore([cluster.url], { directory });
  await first.append([event(1), event(2)]);
  await first.settled();
  await first.close();
  await rm(join(directory, "cluster-journal"), { recursive: true });
  const clock = systemClock();
  // A day back: positions by the clock alone would be those of documents that are there.
  const setBack = { ...clock, nowUs: () => clock.nowUs() - 86_400_000_000 };
  const second = await openClusterStore([cluster.url], { directory, clock: setBack });
  await second.append([event(3)]);
  await second.settled();
  expect(numbers(cluster)).toEqual([1, 2, 3]);
});

test("a journal's directory that is removed while the store runs is told, and the store goes on with the next segment", async () => {
  const cluster = await fake();
  const directory = await clusterDirectory();
  const store = await openClusterStore([cluster.url], { directory, segmentBytes: 20_000 });
  await store.append([event(1)]);
  await store.settled();
  await rm(join(directory, "cluster-journal"), { recursive: true });
  for (let at = 0; at < 4; at += 1) await store.append(upTo(200).map((number) => event(1_000 * (at + 1) + number)));
  await expect.poll(() => numbers(cluster).includes(4_200), PATIENT).toBe(true);
  await expect.poll(() => store.state().state, PATIENT).toBe("ready");
});

test("another cluster behind the same address is told, and gets the journal from its beginning", async () => {
  const cluster = await fake();
  const told: Told[] = [];
  const store = await openClusterStore([cluster.url], { told });
  await store.append([event(1), event(2)]);
  await store.settled();
  await cluster.away();
  cluster.replace("cluster-b");
  await store.append([event(3)]);
  await expect.poll(() => store.state().state, PATIENT).toBe("unavailable");
  await cluster.back();
  await store.settled();
  expect(numbers(cluster)).toEqual([1, 2, 3]);
  expect(cluster.requests.filter(({ path }) => path.includes("ethmon.writers/_create"))).toHaveLength(2);
  expect(told.filter(({ sentence }) => sentence.startsWith("Another cluster answers"))).toHaveLength(1);
});

test("a cluster that goes away, or is another one, while nothing is written is noticed all the same", async () => {
  const cluster = await fake();
  const store = await openClusterStore([cluster.url]);
  await store.append([event(1)]);
  await store.settled();
  await cluster.away();
  await expect.poll(() => store.state().reason, PATIENT).toContain("Nothing waits in the journal.");
  cluster.replace("cluster-b");
  await cluster.back();
  await expect.poll(() => numbers(cluster), PATIENT).toEqual([1]);
  expect(store.state().state).toBe("ready");
});

test("another cluster at the next start gets the journal from its beginning, too", async () => {
  const cluster = await fake();
  const directory = await clusterDirectory();
  const first = await openClusterStore([cluster.url], { directory });
  await first.append([event(1)]);
  await first.settled();
  await first.close();
  cluster.replace("cluster-b");
  const second = await openClusterStore([cluster.url], { directory });
  await second.settled();
  expect(numbers(cluster)).toEqual([1]);
});

test("a second monitor of the network is refused at its start, with the sentence that says who the first is", async () => {
  const cluster = await fake();
  const first = await openClusterStore([cluster.url]);
  await first.append([event(1)]);
  const second = openClusterStore([cluster.url]);
  await expect(second).rejects.toMatchObject({
    code: "network_claimed",
    message: expect.stringMatching(/are written by the ethmon on .* delete the document testnet of ethmon\.writers/),
  });
  await first.settled();
  expect(numbers(cluster)).toEqual([1]);
});

test("a claim of somebody else that is met later is told, and the journal keeps the documents", async () => {
  const cluster = await fake();
  await cluster.away();
  const store = await openClusterStore([cluster.url]);
  await store.append([event(1)]);
  await cluster.back();
  await openClusterStore([cluster.url]).then((other) => other.close());
  await expect.poll(() => store.state().reason, PATIENT).toContain("are written by the ethmon on");
  expect(numbers(cluster)).toEqual([]);
});

test.each([401, 403])("a cluster that answers %i tells so and is asked again", async (status) => {
  const cluster = await fake();
  let isLocked = true;
  const error = { type: "security_exception", reason: "no permissions" };
  cluster.onRequest(() => (isLocked ? { status, body: { error, status } } : undefined));
  const store = await openClusterStore([cluster.url]);
  await store.append([event(1)]);
  await expect.poll(() => store.state().reason, PATIENT).toContain("no permissions");
  isLocked = false;
  await store.settled();
  expect(numbers(cluster)).toEqual([1]);
});

test("what is no Elasticsearch behind the address is told", async () => {
  const cluster = await fake();
  cluster.onRequest(() => ({ status: 200, body: "<html>Welcome to nginx!</html>" }));
  const store = await openClusterStore([cluster.url]);
  await expect.poll(() => store.state().reason, PATIENT).toContain("neither an Elasticsearch nor an OpenSearch");
});

test("while the cluster cannot say which field types it has, none is taken to be missing", async () => {
  const cluster = await fake();
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
  const cluster = await fake();
  const store = await openClusterStore([cluster.url]);
  let left = 4;
  cluster.onRequest(({ path }) => {
    if (path !== "/_bulk" || left === 0) return undefined;
    left -= 1;
    return { status: 200, body: { items: left % 2 === 0 ? "many" : [null] } };
  });
  await store.append([event(1)]);
  await store.settled();
  expect(numbers(cluster)).toEqual([1]);
});

test("the store is closed within seconds while the cluster is away, and while it is silent", async () => {
  for (const how of ["away", "silent"] as const) {
    const cluster = await fake();
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
  const cluster = await fake();
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
  expect(numbers(cluster)).toEqual([1]);
});

test("a cluster whose full disks let nobody make an index can be searched all the same", async () => {
  const cluster = await fake();
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
  const cluster = await fake();
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
  const cluster = await fake();
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
  expect(numbers(cluster)).toEqual(upTo(taken));
  await expect.poll(() => losses, PATIENT).toMatchObject([{ dropped: 1, nodes: ["a"] }]);
  await expect.poll(() => store.offer([event(taken + 1)]), PATIENT).toBe(true);
});

test("a search of which a shard failed is an error, never half an answer", async () => {
  const cluster = await fake();
  const store = await openClusterStore([cluster.url]);
  const body = { _shards: { total: 2, successful: 1, failed: 1 }, hits: { total: { value: 0 }, hits: [] } };
  cluster.onRequest(({ path }) => (path.endsWith("_search") ? { status: 200, body } : undefined));
  await expect(store.search(EVENTS, {})).rejects.toMatchObject({ code: "store_unavailable", retry: "retryable" });
  const [search] = cluster.requests.filter(({ path }) => path.endsWith("_search"));
  expect(search?.query.get("allow_partial_search_results")).toBe("false");
});
