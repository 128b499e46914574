import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { alertRecord } from "../../../test/rigs/alert-fixtures.ts";
import { dashboardOf, shippedOf, slotsPanel } from "../../../test/rigs/panel-fixtures.ts";
import { health, nodeView, slotDocument, slotRecord, slotStartMs } from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, type ServeRigOptions, startServeRig } from "../../../test/rigs/serve-rig.ts";
import { openSse } from "../../../test/rigs/sse-reader.ts";
import { until } from "../../../test/rigs/until.ts";
import type { Operation } from "../api/operation.ts";
import { operations } from "../api/operations.ts";
import { publicSchema } from "./schema.ts";
import { createTurns } from "./search-turns.ts";

let rig: ServeRig | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

const histogram = (interval: string) => ({
  size: 0,
  aggs: { over: { date_histogram: { field: "@timestamp", fixed_interval: interval } } },
});
const bySlot = slotsPanel("by-slot", { request: { index: "ethmon-slot-{network}", body: histogram("12s") } });
const SHIPPED = shippedOf(
  [slotsPanel("slots"), bySlot],
  [dashboardOf("health", ["slots"]), dashboardOf("more", ["by-slot"])],
);
const DOCUMENTS = Array.from({ length: 100 }, (_, slot) => slotDocument(slotRecord(slot)));

async function serve(settings: object = {}, more: ServeRigOptions = {}): Promise<ServeRig> {
  const config = { public: publicSchema.parse(settings), ...more.config };
  rig = await startServeRig({ documents: DOCUMENTS, shipped: SHIPPED, ...more, config });
  return rig;
}

const refused = (code: string, words: RegExp) => ({
  error: { code, message: expect.stringMatching(words), retry: false },
});
const answerPath = (panel: string, fromSlot: number, toSlot: number) =>
  `/api/v1/panels/${panel}/answer?from=${slotStartMs(fromSlot)}&to=${slotStartMs(toSlot)}`;

describe("a public monitor", () => {
  it("shows dashboards, panels, answers, searches and the screens", async () => {
    const { get } = await serve();
    for (const path of [
      "/api/v1/mode",
      "/api/v1/network",
      "/api/v1/nodes",
      "/api/v1/slots",
      "/api/v1/health",
      "/api/v1/variables",
      "/api/v1/dashboards",
      "/api/v1/dashboards/health",
      "/api/v1/panels",
      "/api/v1/panels/slots",
      answerPath("slots", 0, 100),
      "/api/v1/searches",
      "/api/v1/openapi.json",
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
    expect((await get("/api/v1/mode")).body).toEqual({ public: true, sql: false, writes: false });
  });

  it("refuses everything else with a sentence: every operation that is not meant for all, and every change", async () => {
    const { url, get, send } = await serve();
    const closed = Object.values<Operation>(operations).filter(({ open }) => !open);
    expect(closed.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        "/api/v1/store",
        "/api/v1/sql",
        "/api/v1/search",
        "/api/v1/hosts",
        "/api/v1/check",
        "/api/v1/alerts",
      ]),
    );
    for (const { path, method } of closed) {
      const asked = path.replaceAll(/\{\w+\}/g, "slots");
      const answer = method === undefined ? await get(asked) : await send(method, asked, slotsPanel("slots"));
      expect({ path, method, ...answer }).toMatchObject({
        status: 403,
        body: refused("public_refused", /^This monitor is public: .+\.$/),
      });
    }
    expect(await get("/metrics")).toMatchObject({ status: 403, body: refused("public_refused", /metrics/) });
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      for (const path of ["/", "/api/v1/panels/mine", "/_bulk", "/nothing"]) {
        const response = await fetch(`${url}${path}`, { method });
        expect([method, path, response.status]).toEqual([method, path, 403]);
      }
    }
    expect((await get("/api/v1/nothing")).status).toBe(404);
  });

  it("tells nobody where its nodes are and what the machine said, neither when asked nor in the stream", async () => {
    const sick = {
      ...health,
      reasons: [{ code: "node_down", node: "n2", sentence: "n2: connect 10.0.0.5:5052 refused" }],
    };
    const { url, get, live } = await serve({}, { source: { health: () => sick } });
    const stream = await openSse(`${url}/api/v1/stream`);
    live.publish({ event: "alert", data: alertRecord(7) });
    live.publish({ event: "node", data: nodeView("n2", { reason: "connect 10.0.0.5:5052 refused" }) });
    live.publish({ event: "health", data: sick });
    const told = [...(await stream.received(2)), (await get("/api/v1/nodes")).body, (await get("/api/v1/health")).body];
    stream.close();
    for (const words of told.map((one) => JSON.stringify(one))) {
      expect(words).toMatch(/n2|n1/);
      expect(words).not.toContain("late-blocks");
      expect(words).not.toMatch(/10\.0\.0\.5|n\d\.example|connection refused/);
    }
  });

  it("listens to others than this machine without credentials, and answers to its own names alone", async () => {
    const { url } = await serve({}, { config: { host: "0.0.0.0", allowedHosts: ["dashboards.example"] } });
    const { port } = new URL(url);
    const statusFor = async (host: string) => {
      const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
      request({ host: "127.0.0.1", port, path: "/api/v1/dashboards", headers: { host }, setHost: false }, resolve)
        .on("error", reject)
        .end();
      const response = await promise;
      await text(response);
      return response.statusCode;
    };
    expect(await statusFor("dashboards.example")).toBe(200);
    expect(await statusFor("evil.example")).toBe(421);
  });

  it("shows nothing but the dashboards and searches that are named, and their panels", async () => {
    const { get } = await serve({ dashboards: ["health", "not-there"], searches: [] });
    expect((await get("/api/v1/dashboards")).body).toMatchObject({ dashboards: [{ id: "health" }] });
    expect((await get("/api/v1/panels")).body).toMatchObject({ panels: [{ id: "slots" }] });
    expect((await get(answerPath("slots", 0, 10))).status).toBe(200);
    for (const path of ["/api/v1/dashboards/more", "/api/v1/panels/by-slot", answerPath("by-slot", 0, 10)]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  it("bounds a request's span, buckets, bytes and time", async () => {
    const { get } = await serve({ span_days: 0.01, buckets: 50, query_ms: 5_000 });
    expect(await get(answerPath("slots", 0, 100))).toMatchObject({
      status: 400,
      body: refused("time_range_invalid", /longer than the 0.01 days/),
    });
    expect((await get(answerPath("by-slot", 0, 49))).status).toBe(200);
    expect(await get(answerPath("by-slot", 0, 60))).toMatchObject({
      status: 422,
      body: refused("answer_too_large", /more than 50 buckets/),
    });
    await rig?.close();
    const small = await serve({ answer_mb: 0.001 });
    expect(await small.get(answerPath("by-slot", 0, 60))).toMatchObject({
      status: 422,
      body: refused("answer_too_large", /MB/),
    });
  });

  it("gives up a request that takes too long", async () => {
    const store = storeThat(
      (signal) =>
        new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true })),
    );
    const { get } = await serve({ query_ms: 30 }, { store });
    const { status, body, headers } = await get(answerPath("slots", 0, 10));
    expect([status, body]).toEqual([
      504,
      { error: { code: "search_timeout", message: expect.stringMatching(/longer than 30 ms/), retry: true } },
    ]);
    expect(headers.get("retry-after")).toBe("1");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("holds so many requests of a client and of all at once, and tells more of them to come again", async () => {
    const { promise: letGo, resolve: release } = Promise.withResolvers<void>();
    const settings = { requests: 3, requests_per_client: 2, proxies: ["127.0.0.1"] };
    const { get } = await serve(settings, { store: storeThat(() => letGo) });
    const from = (client: string, slot: number) => get(answerPath("slots", slot, 100), { "x-forwarded-for": client });
    const tooMany = (words: RegExp) => ({
      status: 429,
      body: { error: { code: "too_many_requests", message: expect.stringMatching(words), retry: true } },
    });

    // Whichever of them comes last is refused at once, and the others are held.
    const ofOne = [1, 2, 3].map((slot) => from("203.0.113.1", slot));
    const refusedOne = await Promise.race(ofOne);
    expect(refusedOne).toMatchObject(tooMany(/2 requests of yours/));
    expect(refusedOne.headers.get("retry-after")).toBe("1");
    const ofOthers = [from("203.0.113.2", 4), from("203.0.113.3", 5)];
    expect(await Promise.race(ofOthers)).toMatchObject(tooMany(/3 requests are/));
    release();
    const statuses = (await Promise.all([...ofOne, ...ofOthers])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 200, 200, 429, 429]);
    expect((await from("203.0.113.1", 6)).status).toBe(200);
  });

  it("searches twice at once, lets some wait and tells more to come again, so that the store stays free for others", async () => {
    const { promise: letGo, resolve: release } = Promise.withResolvers<void>();
    let underWay = 0;
    let most = 0;
    const store = storeThat(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await letGo;
      underWay -= 1;
    });
    const { get } = await serve({}, { store, config: { turns: { atOnce: 2, waiting: 3 } } });
    const asked = Array.from({ length: 8 }, (_, slot) => get(answerPath("slots", slot * 5, 100)));
    let told = 0;
    for (const answer of asked) void answer.then(() => (told += 1));
    await until("more than can wait were told so", () => told === 3);
    const first = await Promise.race(asked);
    expect([first.status, first.headers.get("retry-after"), first.body]).toEqual([
      429,
      "1",
      { error: { code: "too_many_requests", message: expect.stringMatching(/3 searches wait/), retry: true } },
    ]);
    release();
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    expect(most).toBe(2);
    expect((await get(answerPath("slots", 50, 100))).status).toBe(200);
  });

  it("gives the place of who went away to the next", async () => {
    const { promise: letGo, resolve: release } = Promise.withResolvers<void>();
    const turns = createTurns({ atOnce: 1, waiting: 1 });
    const gone = new AbortController();
    const order: string[] = [];
    const held = turns(undefined, () => letGo.then(() => order.push("held")));
    const left = turns(gone.signal, async () => order.push("left"));
    await expect(turns(undefined, async () => order.push("refused"))).rejects.toMatchObject({
      code: "too_many_requests",
      retry: "retryable",
    });
    gone.abort();
    await expect(left).rejects.toMatchObject({ name: "AbortError" });
    const next = turns(undefined, async () => order.push("next"));
    release();
    await Promise.all([held, next]);
    expect(order).toEqual(["held", "next"]);
  });

  it("answers requests once that differ in nothing that the panel shows", async () => {
    const nodes = slotsPanel("nodes", { variables: { node: "ethereum.node" } });
    let searches = 0;
    const store = storeThat(async () => {
      searches += 1;
    });
    const shipped = shippedOf([slotsPanel("slots"), nodes], []);
    const { get } = await serve({ cache_seconds: 10 }, { store, shipped });
    const made = async (...queries: string[]) => {
      const before = searches;
      for (const query of queries) expect((await get(`/api/v1/panels/${query}`)).status).toBe(200);
      return searches - before;
    };
    // A step of ten seconds begins with every fifth slot.
    const [from, to] = [slotStartMs(0), slotStartMs(5)];
    const range = `from=${from}&to=${to}`;
    expect(
      await made(
        `slots/answer?${range}`,
        `slots/answer?to=${to}&from=${from}`,
        `slots/answer?${range}&node=a&client=b&group=c&network=d`,
        `slots/answer?from=${from + 1}&to=${to + 9_999}`,
        `slots/answer?from=${new Date(from).toISOString()}&to=${to + 5}`,
      ),
    ).toBe(1);
    expect(await made(`nodes/answer?${range}&node=a&node=b`, `nodes/answer?${range}&node=b&node=a&node=b`)).toBe(1);
    expect(await made(`nodes/answer?${range}&node=a`, `nodes/answer?from=${from}&to=${to + 10_000}&node=a`)).toBe(2);
    const { body } = await get(`/api/v1/panels/slots/answer?from=${from + 1}&to=${from + 2}`);
    expect(body).toMatchObject({ from_ms: from, to_ms: from + 10_000 });
    expect(await get(`/api/v1/searches/any/answer?${range}&node=a`)).toMatchObject({
      status: 400,
      body: refused("parameter_invalid", /no query parameter "node"/),
    });
  });

  it("names groups of validators only where a dashboard that is shown is narrowed by them", async () => {
    const source = { labels: () => [{ group: "home", nodes: ["n1"], validators: 1 }] };
    const grouped = dashboardOf("grouped", ["slots"], { variables: ["group"] });
    const shipped = shippedOf([slotsPanel("slots")], [dashboardOf("health", ["slots"]), grouped]);
    const groups = async (settings: object) => {
      await rig?.close();
      const { get } = await serve(settings, { source, shipped });
      return ((await get("/api/v1/variables")).body as { group: string[] }).group;
    };
    expect(await groups({ dashboards: ["health"] })).toEqual([]);
    expect(await groups({ dashboards: ["health", "grouped"] })).toEqual(["home"]);
    expect(await groups({})).toEqual(["home"]);
  });

  it("believes nobody but its proxies where a request comes from", async () => {
    const { promise: letGo, resolve: release } = Promise.withResolvers<void>();
    const { get } = await serve({ requests_per_client: 1 }, { store: storeThat(() => letGo) });
    const asked = [1, 2].map((i) =>
      get(answerPath("slots", i, 100), { "x-forwarded-for": `203.0.113.${i}` }).then(({ status }) => status),
    );
    expect(await Promise.race(asked)).toBe(429);
    release();
    expect((await Promise.all(asked)).toSorted()).toEqual([200, 429]);
  });

  it("gives live streams to each client up to a bound", async () => {
    const { url } = await serve({ streams_per_client: 2 });
    const readers = [new AbortController(), new AbortController()];
    for (const { signal } of readers) expect((await fetch(`${url}/api/v1/stream`, { signal })).status).toBe(200);
    const third = await fetch(`${url}/api/v1/stream`);
    expect([third.status, third.headers.get("retry-after")]).toEqual([429, "1"]);
    await third.body?.cancel();
    for (const reader of readers) reader.abort();
  });

  it("lets caches keep what changes seldom and answers for a while, and no error", async () => {
    const { get } = await serve({ cache_seconds: 30 });
    const cacheControl = async (path: string) => (await get(path)).headers.get("cache-control");
    for (const path of [
      "/api/v1/dashboards",
      "/api/v1/panels/slots",
      "/api/v1/variables",
      answerPath("slots", 0, 10),
    ]) {
      expect([path, await cacheControl(path)]).toEqual([path, "public, max-age=30"]);
    }
    for (const path of ["/api/v1/health", "/api/v1/network", "/api/v1/store", "/api/v1/panels/nothing"]) {
      expect([path, await cacheControl(path)]).toEqual([path, "no-store"]);
    }
    await rig?.close();
    const own = await startServeRig({ documents: DOCUMENTS, shipped: SHIPPED });
    rig = own;
    expect((await own.get("/api/v1/dashboards")).headers.get("cache-control")).toBe("no-store");
    expect((await own.get(answerPath("slots", 0, 10))).headers.get("cache-control")).toBe("no-store");
  });

  it("tells robots what they may read, and lets no page run what it did not come with", async () => {
    const { get } = await serve();
    const robots = await get("/robots.txt");
    expect(robots).toMatchObject({ status: 200, body: "User-agent: *\nDisallow: /api/\nDisallow: /metrics\n" });
    expect(robots.headers.get("content-type")).toMatch(/^text\/plain/);
    for (const path of ["/", "/robots.txt", "/api/v1/dashboards", "/api/v1/store"]) {
      const policy = (await get(path)).headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/(^|; )default-src 'self'(;|$)/);
      expect(policy).not.toMatch(/unsafe-eval|unsafe-inline|\*/);
      expect(policy).toContain("frame-ancestors 'none'");
    }
    await rig?.close();
    rig = await startServeRig();
    expect((await rig.get("/robots.txt")).body).toBe("User-agent: *\nDisallow: /\n");
  });
});

/** A store whose searches find nothing, once it lets them. */
function storeThat(lets: (signal: AbortSignal | undefined) => Promise<void>): NonNullable<ServeRigOptions["store"]> {
  return {
    async search(_, __, { signal } = {}) {
      await lets(signal);
      const shards = { total: 0, successful: 0, skipped: 0, failed: 0 };
      return { took: 0, timed_out: false, _shards: shards, hits: { max_score: null, hits: [] } };
    },
    state: () => ({ state: "ready", journaled: 0, loaded: 0, queued: 0, dropped: 0, rows: 0 }),
    foreign: { indices: async () => [] },
  };
}
