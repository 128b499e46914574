import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
import { EVENTS, event, THINGS, thing } from "../contract-data.ts";

test("what waits when the store is closed is sent at the next start, once", async () => {
  const cluster = await startCluster();
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
  expect(storedNumbers(cluster)).toEqual(upTo(100));
});

test.each(["lost", "{", '{"clusterId":"cluster-a","position":-3}', "null"])(
  "with a position file that is %j the journal is read from its beginning, and nothing is doubled",
  async (content) => {
    const cluster = await startCluster();
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
    expect(storedNumbers(cluster)).toEqual(upTo(21));
    expect(storedNumbers(cluster, THINGS)).toEqual([2]);
  },
);

test("what is sent again to a data stream that has begun a new index is not there twice", async () => {
  const cluster = await startCluster();
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
  expect([storedNumbers(cluster, older), storedNumbers(cluster)]).toEqual([upTo(20), [21]]);
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
  expect([storedNumbers(cluster, next), storedNumbers(cluster)]).toEqual([[21, 22], []]);
});

test("without its journal the store begins a new one behind the positions that it gave out, whatever the clock says", async () => {
  const cluster = await startCluster();
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
  expect(storedNumbers(cluster)).toEqual([1, 2, 3]);
});

test("a journal's directory that is removed while the store runs is told, and the store goes on with the next segment", async () => {
  const cluster = await startCluster();
  const directory = await clusterDirectory();
  const store = await openClusterStore([cluster.url], { directory, segmentBytes: 20_000 });
  await store.append([event(1)]);
  await store.settled();
  await rm(join(directory, "cluster-journal"), { recursive: true });
  for (let at = 0; at < 4; at += 1) await store.append(upTo(200).map((number) => event(1_000 * (at + 1) + number)));
  await expect.poll(() => storedNumbers(cluster).includes(4_200), PATIENT).toBe(true);
  await expect.poll(() => store.state().state, PATIENT).toBe("ready");
});

test("another cluster behind the same address is told, and gets the journal from its beginning", async () => {
  const cluster = await startCluster();
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
  expect(storedNumbers(cluster)).toEqual([1, 2, 3]);
  expect(cluster.requests.filter(({ path }) => path.includes("ethmon.writers/_create"))).toHaveLength(2);
  expect(told.filter(({ sentence }) => sentence.startsWith("Another cluster answers"))).toHaveLength(1);
});

test("a cluster that goes away, or is another one, while nothing is written is noticed all the same", async () => {
  const cluster = await startCluster();
  const store = await openClusterStore([cluster.url]);
  await store.append([event(1)]);
  await store.settled();
  await cluster.away();
  await expect.poll(() => store.state().reason, PATIENT).toContain("Nothing waits in the journal.");
  cluster.replace("cluster-b");
  await cluster.back();
  await expect.poll(() => storedNumbers(cluster), PATIENT).toEqual([1]);
  expect(store.state().state).toBe("ready");
});

test("another cluster at the next start gets the journal from its beginning, too", async () => {
  const cluster = await startCluster();
  const directory = await clusterDirectory();
  const first = await openClusterStore([cluster.url], { directory });
  await first.append([event(1)]);
  await first.settled();
  await first.close();
  cluster.replace("cluster-b");
  const second = await openClusterStore([cluster.url], { directory });
  await second.settled();
  expect(storedNumbers(cluster)).toEqual([1]);
});

test("a second monitor of the network is refused at its start, with the sentence that says who the first is", async () => {
  const cluster = await startCluster();
  const first = await openClusterStore([cluster.url]);
  await first.append([event(1)]);
  const second = openClusterStore([cluster.url]);
  await expect(second).rejects.toMatchObject({
    code: "network_claimed",
    message: expect.stringMatching(/are written by the ethmon on .* delete the document testnet of ethmon\.writers/),
  });
  await first.settled();
  expect(storedNumbers(cluster)).toEqual([1]);
});

test("a claim of somebody else that is met later is told, and the journal keeps the documents", async () => {
  const cluster = await startCluster();
  await cluster.away();
  const store = await openClusterStore([cluster.url]);
  await store.append([event(1)]);
  await cluster.back();
  await openClusterStore([cluster.url]).then((other) => other.close());
  await expect.poll(() => store.state().reason, PATIENT).toContain("are written by the ethmon on");
  expect(storedNumbers(cluster)).toEqual([]);
});
