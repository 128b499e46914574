import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Json } from "../../../src/events/document.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { silentLog } from "../../../src/lib/log.ts";
import type { SearchHit } from "../../../src/search/request.ts";
import { EVENTS, event, QUARANTINE, THINGS, testDatasets, thing } from "../../../src/store/contract-data.ts";
import { createElasticStore } from "../../../src/store/elastic/elastic-store.ts";
import { elasticStoreSchema } from "../../../src/store/elastic/settings.ts";
import type { Store } from "../../../src/store/store.ts";
import { until } from "../../rigs/until.ts";
import { startOpenSearchCluster } from "../opensearch.ts";
import { wipe } from "./wipe.ts";

type Cluster = Awaited<ReturnType<typeof startOpenSearchCluster>>;

const MINUTE_MS = 60_000;
const LIMIT = { timeout: 15 * MINUTE_MS };
const AWAY_MS = process.env["ETHMON_TEST_LONG"] === "1" ? 10 * MINUTE_MS : 40_000;
const BATCH = 100;
const EVERY_MS = 250;

let cluster: Cluster;
/** Those that were not killed. */
let living: Cluster["nodes"];

beforeAll(async () => {
  // So small a queue is full whenever a few shards are written to at once.
  const settings = { "thread_pool.write.queue_size": "4" };
  cluster = await startOpenSearchCluster({ nodes: 3, settings, signal: AbortSignal.timeout(280_000) });
  living = cluster.nodes;
});
afterAll(() => cluster?.stop());

async function openStore(settings: object = {}, given?: string): Promise<Store> {
  if (given === undefined) await wipe((living[0] as Cluster["nodes"][number]).url);
  const directory = given ?? (await mkdtemp(join(tmpdir(), "ethmon-failover-")));
  const store = await createElasticStore({
    settings: elasticStoreSchema.parse({ urls: cluster.nodes.map(({ url }) => url), replicas: 1, ...settings }),
    directory,
    network: "testnet",
    datasets: testDatasets,
    clock: systemClock(),
    log: silentLog,
  });
  onTestFinished(async () => {
    await store.close();
    if (given === undefined) await rm(directory, { recursive: true, force: true });
  });
  await until("the cluster takes documents", () => store.state().state === "ready", 2 * MINUTE_MS);
  return store;
}

/** Appends 400 documents a second, and one that is replaced by each batch; `stop` tells what was acknowledged. */
function startLoad(store: Store, more: (number: number) => Record<string, Json> = () => ({})) {
  const stopping = new AbortController();
  let acknowledged = 0;
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const first = acknowledged + 1;
      const numbers = Array.from({ length: BATCH }, (_, at) => first + at);
      await store.append([
        ...numbers.map((number) => event(number, more(number))),
        thing("last", { "test.number": first }),
      ]);
      acknowledged += BATCH;
      await wait(EVERY_MS);
    }
  })();
  return {
    acknowledged: () => acknowledged,
    async stop() {
      stopping.abort();
      await running;
      return acknowledged;
    },
  };
}

async function numbersOf(store: Store, pattern = EVENTS): Promise<number[]> {
  const numbers: number[] = [];
  for (let after: readonly Json[] | undefined; ; ) {
    const { hits } = await store.search(pattern, {
      size: 10_000,
      sort: ["_seq"],
      ...(after === undefined ? {} : { search_after: after }),
    });
    numbers.push(...hits.hits.map(({ _source }) => (_source["test"] as { number: number }).number));
    after = hits.hits.at(-1)?.sort;
    if (after === undefined) return numbers;
  }
}

/** Nothing acknowledged is lost, nothing is doubled, and of what is replaced the last is there. */
async function expectAll(store: Store, acknowledged: number, without: ReadonlySet<number> = new Set()): Promise<void> {
  await until(
    "the journal is drained",
    () => store.state().loaded === store.state().journaled && store.state().queued === 0,
    5 * MINUTE_MS,
  );
  await until(
    "the cluster can be searched",
    () =>
      store.settled().then(
        () => true,
        () => false,
      ),
    2 * MINUTE_MS,
  );
  const wanted = Array.from({ length: acknowledged }, (_, at) => at + 1).filter((number) => !without.has(number));
  const numbers = await numbersOf(store);
  expect(numbers).toHaveLength(wanted.length);
  expect(numbers).toEqual(wanted);
  expect(await numbersOf(store, THINGS)).toEqual([acknowledged - BATCH + 1]);
  expect(store.state()).toMatchObject({ state: "ready", dropped: 0 });
}

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${(living[0] as Cluster["nodes"][number]).url}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

async function sumOfRejections(): Promise<number> {
  const { nodes } = (await ask("GET", "/_nodes/stats/thread_pool")) as {
    nodes: Record<string, { thread_pool: { write: { rejected: number } } }>;
  };
  return Object.values(nodes).reduce((sum, { thread_pool }) => sum + thread_pool.write.rejected, 0);
}

test(
  "a cluster whose queues are full gets what it refused again, and one bad document does not hold up a batch",
  LIMIT,
  async () => {
    const before = await sumOfRejections();
    const store = await openStore({ shards: 12, replicas: 0, bulk_mb: 0.1, bulk_requests: 16 });
    // Elasticsearch's own limit of a term: nothing that the store judges by itself.
    const bad = event(2_500, { "test.at": 1e20 });
    const numbers = Array.from({ length: 20_000 }, (_, at) => at + 1);
    const all = numbers.map((number) => (number === 2_500 ? bad : event(number)));
    for (let at = 0; at < all.length; at += 5_000) await store.append(all.slice(at, at + 5_000));
    await store.append([thing("last", { "test.number": 20_000 - BATCH + 1 })]);
    await expectAll(store, 20_000, new Set([2_500]));
    expect(await sumOfRejections()).toBeGreaterThan(before);
    const { hits } = await store.search(QUARANTINE, {});
    expect(hits.hits).toHaveLength(1);
    const kept = (
      (hits.hits[0] as SearchHit)._source["ethereum"] as { quarantine: { reason: string; original: string } }
    ).quarantine;
    expect(kept.reason).toContain("test.at");
    expect(kept.original).toContain('"test.number":2500');
  },
);

test("what is sent again to a data stream that has begun a new index is not there twice", LIMIT, async () => {
  await wipe((living[0] as Cluster["nodes"][number]).url);
  const directory = await mkdtemp(join(tmpdir(), "ethmon-failover-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const first = await openStore({}, directory);
  const numbers = Array.from({ length: 3_000 }, (_, at) => at + 1);
  await first.append([...numbers.map((number) => event(number)), thing("last", { "test.number": 2_901 })]);
  await first.settled();
  await first.close();
  await rm(join(directory, "cluster-position.json"));
  await ask("POST", `/${EVENTS}/_rollover`);
  const second = await openStore({}, directory);
  await expectAll(second, 3_000);
});

test("disks that are full for the cluster are waited for, and what is wrong is told", LIMIT, async () => {
  const store = await openStore();
  const load = startLoad(store);
  await until("something is stored", () => store.state().rows > 0, MINUTE_MS);
  const watermark = (bytes: string | null) => ({
    "cluster.routing.allocation.disk.threshold_enabled": bytes === null ? null : true,
    "cluster.routing.allocation.disk.watermark.low": bytes,
    "cluster.routing.allocation.disk.watermark.high": bytes,
    "cluster.routing.allocation.disk.watermark.flood_stage": bytes,
    "cluster.info.update.interval": bytes === null ? null : "10s",
  });
  onTestFinished(async () => {
    await ask("PUT", "/_cluster/settings", { transient: { ...watermark(null), "cluster.blocks.create_index": null } });
  });
  // More than any disk has must stay free.
  await ask("PUT", "/_cluster/settings", { transient: watermark("900tb") });
  await until("the blocks are told", () => store.state().state === "unavailable", 3 * MINUTE_MS);
  expect(store.state().reason).toMatch(/flood.stage|block/);
  const waiting = store.state().journaled;
  await until("more is acknowledged", () => store.state().journaled > waiting + BATCH, MINUTE_MS);
  expect((await numbersOf(store)).length).toBeGreaterThan(0);
  await ask("PUT", "/_cluster/settings", { transient: watermark("1mb") });
  await until("the cluster takes documents", () => store.state().state === "ready", 3 * MINUTE_MS);
  await expectAll(store, await load.stop());
});

test("when the elected manager is killed, nothing acknowledged is lost and nothing is doubled", LIMIT, async () => {
  const store = await openStore();
  const load = startLoad(store);
  await until("something is stored", () => store.state().rows > 0, MINUTE_MS);
  await ask("GET", "/_cluster/health?wait_for_status=green&timeout=60s");
  const [{ node }] = (await ask("GET", "/_cat/cluster_manager?format=json")) as [{ node: string }];
  const elected = cluster.nodes.find((one) => one.node === node);
  if (elected === undefined) throw new Error(`${node} is not a node of this cluster`);
  const before = load.acknowledged();
  elected.signal("SIGKILL");
  living = living.filter((one) => one !== elected);
  await until("documents are acknowledged", () => load.acknowledged() > before + 10 * BATCH, 2 * MINUTE_MS);
  const { loaded } = store.state();
  await until("the journal is loaded again", () => store.state().loaded > loaded, 3 * MINUTE_MS);
  await expectAll(store, await load.stop());
});

test(
  "a cluster that is away for a while is told with what waits for it, and gets everything when it is back",
  LIMIT,
  async () => {
    const store = await openStore();
    const load = startLoad(store);
    await until("something is stored", () => store.state().rows > 0, MINUTE_MS);
    for (const node of living) node.signal("SIGSTOP");
    const stoppedMs = performance.now();
    await until("the trouble is told", () => store.state().state === "unavailable", 2 * MINUTE_MS);
    expect(store.state().reason).toMatch(
      /^The cluster has taken no documents since .*\d+ documents wait in the journal/,
    );
    await expect(store.search(EVENTS, {}, { signal: AbortSignal.timeout(5_000) })).rejects.toThrow();
    await wait(Math.max(0, AWAY_MS - (performance.now() - stoppedMs)));
    for (const node of living) node.signal("SIGCONT");
    await until("the cluster takes documents", () => store.state().state === "ready", 5 * MINUTE_MS);
    await expectAll(store, await load.stop());
  },
);
