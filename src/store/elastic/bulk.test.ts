import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { type FakeCluster, startFakeCluster } from "../../../test/rigs/fake-cluster.ts";
import type { Line } from "../../../test/rigs/fake-indices.ts";
import { EVENTS, event, THINGS, testDatasets, thing } from "../contract-data.ts";
import { createBulk } from "./bulk.ts";
import { connectEngine } from "./engine.ts";
import { createOperations, type Operation } from "./operations.ts";

const operations = createOperations({ datasets: testDatasets, network: "testnet", votes: true });

function events(count: number): Operation[] {
  return operations.of(
    Array.from({ length: count }, (_, at) => ({ position: at + 1, writtenAtUs: 0, document: event(at + 1) })),
  );
}

const REJECTED = { status: 429, error: { type: "es_rejected_execution_exception", reason: "queue is full" } };

async function rig(options: Parameters<typeof startFakeCluster>[0] = {}) {
  const cluster = await startFakeCluster(options);
  const engine = connectEngine({ urls: [cluster.url], compress: false });
  onTestFinished(async () => {
    await engine.close();
    await cluster.close();
  });
  const troubles: (string | undefined)[] = [];
  const made: string[] = [];
  const bulk = createBulk({
    engine,
    onTrouble: (reason) => troubles.push(reason),
    async prepare(missing) {
      for (const { index, kind } of missing) {
        made.push(index);
        await engine.ask({ method: "PUT", path: kind === "stream" ? `/_data_stream/${index}` : `/${index}` });
      }
      return { unknown: new Set(), refused: new Map() };
    },
    async recheck(left) {
      await engine.ask({ method: "GET", path: "/" });
      return left;
    },
  });
  const write = (made: readonly Operation[], patienceOf?: (index: string) => number) =>
    bulk.write(made, AbortSignal.timeout(20_000), patienceOf);
  return { cluster, engine, bulk, write, troubles, made };
}

const sizes = (cluster: FakeCluster) => cluster.bulks().map(({ lines }) => lines.length);
const numbers = (cluster: FakeCluster) =>
  [...cluster.indices.documents(EVENTS).values()].map((source) => (source["test"] as { number: number }).number);
/** What goes wrong with the first so many `_bulk` requests. */
function first<T>(times: number, trouble: T): (request: { path: string }) => T | undefined {
  let left = times;
  return ({ path }) => {
    if (path !== "/_bulk" || left === 0) return undefined;
    left -= 1;
    return trouble;
  };
}

test("what the cluster has no room for is sent again alone, and nothing else is", async () => {
  const { cluster, write } = await rig();
  cluster.onRequest(first(1, ({ id }: Line) => (["3", "7"].includes(id) ? REJECTED : undefined)));
  expect(await write(events(10))).toEqual({ rejected: [], refused: [], added: 10 });
  expect(cluster.bulks().map(({ lines }) => lines.map(({ id }) => id))).toEqual([
    ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
    ["3", "7"],
  ]);
});

test.each([429, 503])(
  "a cluster that answers %i to the whole request gets it again, and that is told once it lasts",
  async (status) => {
    const { cluster, write, troubles } = await rig();
    cluster.onRequest(
      first(3, { status, body: { error: { type: "circuit_breaking_exception", reason: "too much" }, status } }),
    );
    expect(await write(events(4))).toEqual({ rejected: [], refused: [], added: 4 });
    expect(sizes(cluster)).toEqual([4, 4, 4, 4]);
    expect(troubles.at(0)).toContain("too much");
    expect(troubles.at(-1)).toBeUndefined();
    expect(troubles).toHaveLength(3);
  },
);

test("a refusal that passes at once is not told", async () => {
  const { cluster, write, troubles } = await rig();
  cluster.onRequest(first(1, { status: 429, body: { error: { type: "busy", reason: "busy" } } }));
  await write(events(2));
  expect(troubles).toEqual([]);
});

test.each([
  ["413", { status: 413, body: "<html>Request Entity Too Large</html>" }],
  ["a content length", { status: 400, body: { error: { type: "x", reason: "HTTP content length exceeded 9 bytes" } } }],
])("a request too large by %s is cut in two down to the one document that is too large", async (_, trouble) => {
  const { cluster, write } = await rig();
  cluster.onRequest(({ lines }) => (lines.some(({ id }) => id === "6") ? trouble : undefined));
  const { rejected, added } = await write(events(8));
  expect(rejected.map(({ operation, reason }) => [operation.position, reason])).toEqual([
    [6, expect.stringContaining("no request of this size")],
  ]);
  expect(added).toBe(7);
  expect(numbers(cluster)).toEqual([1, 2, 3, 4, 5, 7, 8]);
});

test("an operation for which the engine refuses the whole request is found and rejected alone", async () => {
  const { cluster, write } = await rig();
  const error = { type: "action_request_validation_exception", reason: "id is too long" };
  cluster.onRequest(({ lines }) => (lines.some(({ id }) => id === "2") ? { status: 400, body: { error } } : undefined));
  const { rejected } = await write(events(5));
  expect(rejected.map(({ operation, reason }) => [operation.position, reason])).toEqual([
    [2, expect.stringContaining("id is too long")],
  ]);
  expect(numbers(cluster)).toEqual([1, 3, 4, 5]);
});

test("a refusal that is not the engine's own rejects nothing", async () => {
  const { cluster, write } = await rig();
  cluster.onRequest(first(2, { status: 400, body: "<h1>The plain HTTP request was sent to HTTPS port</h1>" }));
  expect(await write(events(3))).toEqual({ rejected: [], refused: [], added: 3 });
});

test.each([429, 403])("a block of the disk's flood stage with %i is waited for", async (status) => {
  const { cluster, write, troubles } = await rig();
  const error = { type: "cluster_block_exception", reason: "disk usage exceeded flood-stage watermark" };
  cluster.onRequest(first(3, () => ({ status, error })));
  expect(await write(events(3))).toEqual({ rejected: [], refused: [], added: 3 });
  expect(troubles.at(0)).toContain("flood-stage");
  expect(troubles.at(-1)).toBeUndefined();
});

test.each(["validation_exception", "index_closed_exception"])("%s is no document's fault", async (type) => {
  const { cluster, write } = await rig();
  cluster.onRequest(first(2, () => ({ status: 400, error: { type, reason: "maximum normal shards open" } })));
  expect(await write(events(2))).toEqual({ rejected: [], refused: [], added: 2 });
});

test("an index that is refused is tried as often as there is patience, by itself, and is given back with the reason", async () => {
  const { cluster, write } = await rig();
  const error = { type: "security_exception", reason: "no permissions" };
  cluster.onRequest(
    () =>
      ({ index }) =>
        index === THINGS ? { status: 403, error } : undefined,
  );
  const things = operations.of([{ position: 9, writtenAtUs: 0, document: thing("a", {}) }]);
  const { refused, added } = await write([...events(2), ...things], (index) => (index === THINGS ? 3 : 1));
  expect([added, sizes(cluster)]).toEqual([2, [3, 1, 1]]);
  expect(refused).toMatchObject([{ operation: { index: THINGS }, reason: expect.stringContaining("no permissions") }]);
});

test("while the cluster has no room for others, a refused index is not given up", async () => {
  const { cluster, write } = await rig();
  const error = { type: "security_exception", reason: "no permissions" };
  let left = 3;
  cluster.onRequest(({ path }) => {
    if (path !== "/_bulk") return undefined;
    left -= 1;
    if (left < 0) return undefined;
    return ({ index }) => (index === THINGS ? { status: 403, error } : REJECTED);
  });
  const things = operations.of([{ position: 9, writtenAtUs: 0, document: thing("a", {}) }]);
  expect(await write([...events(2), ...things], () => 1)).toEqual({ rejected: [], refused: [], added: 3 });
});

test("an index that is missing is made, and its documents are sent again", async () => {
  const { cluster, write, made } = await rig({ makesIndices: false });
  expect((await write(events(2))).added).toBe(2);
  expect(new Set(made)).toEqual(new Set([EVENTS]));
  expect(numbers(cluster)).toEqual([1, 2]);
});

test.each([
  ["HTML", { status: 200, body: "<html>Sign in</html>", stores: true }],
  [
    "fewer items than documents",
    { status: 200, body: { errors: false, items: [{ create: { status: 201 } }] }, stores: true },
  ],
  ["no items", { status: 200, body: { took: 3 } }],
  ["items without a status", { status: 200, body: { items: [{}, {}, {}] } }],
])("an answer of %s rejects nothing, and the documents are sent again", async (_, trouble) => {
  const { cluster, write } = await rig();
  cluster.onRequest(first(2, trouble));
  expect((await write(events(3))).rejected).toEqual([]);
  expect(numbers(cluster)).toEqual([1, 2, 3]);
});

test("a connection that ends in the middle of the answer doubles nothing", async () => {
  const { cluster, write } = await rig();
  cluster.onRequest(first(2, "cut" as const));
  expect((await write(events(50))).rejected).toEqual([]);
  expect(numbers(cluster)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
});

test("a request that is cut again and again by a cluster that answers all else goes in two halves", async () => {
  const { cluster, write } = await rig();
  cluster.onRequest(({ lines }) => (lines.length > 3 ? "hang up" : undefined));
  expect(await write(events(6))).toEqual({ rejected: [], refused: [], added: 6 });
  expect(sizes(cluster).slice(-2)).toEqual([3, 3]);
});

test("two calls at once tell the end of a trouble when both go on", async () => {
  const { cluster, bulk, troubles } = await rig();
  let blocked = new Set(["1", "2"]);
  cluster.onRequest(({ lines }) => {
    if (!lines.some(({ id }) => blocked.has(id))) return undefined;
    return { status: 503, body: { error: { type: "away", reason: "away" } } };
  });
  const signal = AbortSignal.timeout(20_000);
  const [one, two] = events(2) as [Operation, Operation];
  const both = [bulk.write([one], signal), bulk.write([two], signal)];
  await expect.poll(() => troubles.length).toBeGreaterThan(3);
  blocked = new Set(["2"]);
  await both[0];
  expect(troubles).not.toContain(undefined);
  blocked = new Set();
  await both[1];
  expect(troubles.filter((told) => told === undefined)).toHaveLength(1);
});

test("a call that is aborted ends with the signal's reason, whatever it waits for", async () => {
  const { cluster, bulk } = await rig();
  for (const trouble of ["silence", { status: 503, body: {} }] as const) {
    cluster.onRequest(() => trouble);
    const aborting = new AbortController();
    const before = cluster.bulks().length;
    const writing = bulk.write(events(2), aborting.signal);
    await expect.poll(() => cluster.bulks().length).toBeGreaterThan(before);
    aborting.abort(new Error("enough"));
    await expect(writing).rejects.toThrow("enough");
  }
});

/** What goes wrong with one request, or with one of its documents. */
const troubles = fc.constantFrom("none", "some", "all", "cut", "hang up", "html", "short");

test("whatever fails and in whatever order: the last write of an id stays, and each event is there once", async () => {
  const schedule = fc.array(fc.tuple(troubles, fc.integer({ min: 2, max: 5 })), { maxLength: 12 });
  const writes = fc.array(fc.constantFrom("a", "b", "c", undefined), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(writes, schedule, async (ids, plan) => {
      const cluster = await startFakeCluster();
      const engine = connectEngine({ urls: [cluster.url], compress: false });
      try {
        const left = [...plan];
        cluster.onRequest(({ path }) => {
          if (path !== "/_bulk") return undefined;
          const [kind, every] = left.shift() ?? ["none", 2];
          if (kind === "cut" || kind === "hang up") return kind;
          if (kind === "html") return { status: 200, body: "<html>", stores: true };
          if (kind === "short") return { status: 200, body: { items: [] }, stores: true };
          if (kind === "all") return () => REJECTED;
          if (kind === "some") return (_, at) => (at % every === 0 ? REJECTED : undefined);
          return undefined;
        });
        const bulk = createBulk({
          engine,
          onTrouble() {},
          prepare: async () => ({ unknown: new Set(), refused: new Map() }),
          waits: { firstMs: 1, maxMs: 2 },
          async recheck(left) {
            await engine.ask({ method: "GET", path: "/" });
            return left;
          },
        });
        const all = operations.of(
          ids.map((id, at) => ({
            position: at + 1,
            writtenAtUs: 0,
            document: id === undefined ? event(at + 1) : thing(id, { "test.number": at + 1 }),
          })),
        );
        const half = all.length >> 1;
        const signal = AbortSignal.timeout(20_000);
        // As the loader does: two requests of one batch at once, in any order.
        await Promise.all([bulk.write(all.slice(half), signal), bulk.write(all.slice(0, half), signal)]);
        const expected = new Map<string, number>();
        for (const [at, id] of ids.entries()) if (id !== undefined) expected.set(id, at + 1);
        const things = [...cluster.indices.documents(THINGS)];
        const stored = new Map(things.map(([id, { test }]) => [id, (test as { number: number }).number]));
        expect(stored).toEqual(expected);
        const wanted = ids.flatMap((id, at) => (id === undefined ? [at + 1] : []));
        expect(numbers(cluster).toSorted((a, b) => a - b)).toEqual(wanted);
      } finally {
        await engine.close();
        await cluster.close();
      }
    }),
    { numRuns: 25 },
  );
});
