import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  eventDocument,
  gapDocument,
  network,
  slotDocument,
  slotRecord,
  slotStartMs,
} from "../../../test/rigs/serve-fixtures.ts";
import { createChain } from "../../chain/chain.ts";
import { catalogue } from "../../events/catalogue.ts";
import type { Document } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { createEmbeddedStore } from "../../store/embedded/embedded-store.ts";
import type { Store } from "../../store/store.ts";
import { parseWatch } from "../watch/parse-watch.ts";
import { backtest } from "./backtest.ts";
import type { BacktestDeps } from "./backtest-deps.ts";
import { createBacktests } from "./backtests.ts";
import { createMetricPoints } from "./metric-points.ts";

const chain = createChain({
  spec: { CONFIG_NAME: network.name, SLOT_DURATION_MS: "12000", SLOTS_PER_EPOCH: "32", FULU_FORK_EPOCH: "0" },
  genesis: { genesis_time: network.genesis_time },
});

/** Slots 20 to 23 and 60 are missed; blocks of slots divisible by ten come 5 s into them, of others after 1 s. */
const MISSED = [20, 21, 22, 23, 60];
const slots = Array.from({ length: 100 }, (_, slot) =>
  slotDocument(slotRecord(slot, MISSED.includes(slot) ? { status: "missed", block_root: null, delay_ms: null } : {})),
);
const heads = Array.from({ length: 100 }, (_, slot) =>
  ["n1", "n2", "n3"].map((node, i) =>
    eventDocument({
      topic: "head",
      node,
      slot,
      delayMs: (slot % 10 === 0 ? 5_000 : 1_000) + i * 20.5,
      fields: { "ethereum.block.root": `0x${slot}` },
    }),
  ),
).flat();
const gaps = ["n2", "n3"].map((node) =>
  gapDocument({ node, from_ms: slotStartMs(55), to_ms: slotStartMs(65), cause: "closed" }),
);
const syncing = [70, 71, 72].map(
  (slot): Document => ({
    dataset: "ethereum.node_syncing",
    timestampUs: slotStartMs(slot) * 1000,
    fields: { "observer.name": "n1", "ethereum.sync_distance": 9, "ethereum.syncing": true },
  }),
);

let directory: string;
let store: Store;
let deps: BacktestDeps;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-backtest-"));
  const clock = systemClock();
  store = await createEmbeddedStore({ directory, network: network.name, datasets: catalogue, clock, log: silentLog });
  await store.append([...slots, ...heads, ...gaps, ...syncing]);
  await store.settled();
  deps = {
    store,
    chain,
    nodes: ["n1", "n2", "n3"],
    datasets: catalogue,
    clock: { nowUs: () => slotStartMs(100) * 1000, monoUs: clock.monoUs },
    limits: { checks: 1_000, tookMs: 60_000 },
  };
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

const log = { log: { logging: { text: "{{ctx.payload.ethereum.slot}}" } } };
const streamWatch = (more: { where?: JsonObject; condition?: JsonObject; last?: number; alert?: JsonObject }) => ({
  trigger: {
    stream: {
      dataset: "slot",
      ...(more.where === undefined ? {} : { where: more.where }),
      ...(more.last === undefined ? {} : { last: more.last }),
    },
  },
  condition: more.condition ?? { compare: { "ctx.payload.ethereum.status": { eq: "missed" } } },
  actions: log,
  metadata: {
    name: "Missed",
    ...(more.alert === undefined
      ? {}
      : { alert: { scope: "host", title: "Slot {{ctx.payload.ethereum.slot}}", ...more.alert } }),
  },
});
const run = (watch: object, span: { from?: number; until?: number; signal?: AbortSignal } = {}, changed = {}) =>
  backtest(
    {
      watch: parseWatch({ id: "tried", body: watch }),
      fromMs: slotStartMs(span.from ?? 0),
      untilMs: slotStartMs(span.until ?? 100),
      signal: span.signal ?? new AbortController().signal,
    },
    { ...deps, ...changed },
  );

describe("a watch over a stream", () => {
  test("fires when stored documents met its condition, by the rules that it would have fired by", async () => {
    const answer = await run(streamWatch({ alert: { over_after: "30s", about: "missed" } }));
    expect(answer).toMatchObject({ checks: 100, failures: 0, from_ms: slotStartMs(0), until_ms: slotStartMs(100) });
    expect(answer.alerts.map(({ title, since_ms, until_ms, met }) => ({ title, since_ms, until_ms, met }))).toEqual([
      { title: "Slot 23", since_ms: slotStartMs(20), until_ms: slotStartMs(24), met: 4 },
      { title: "Slot 60", since_ms: slotStartMs(60), until_ms: slotStartMs(61), met: 1 },
    ]);
    expect(answer.alerts[0]?.told.map(({ stage, at_ms }) => [stage, at_ms])).toEqual([
      ["new", slotStartMs(20)],
      // It was not met for 30 s.
      ["over", slotStartMs(24) + 30_000],
    ]);
    expect(answer.alerts[0]?.told[0]).not.toHaveProperty("delivery");
    expect(answer.notes).toEqual([expect.stringMatching(/ethmon-slot-testnet was seen once, as it is now/)]);
    expect(answer.metric).toBeNull();
  });

  test("waits for a condition to hold, as long as time alone says", async () => {
    const { alerts } = await run(streamWatch({ alert: { holds_for: "30s", over_after: "1 slots", about: "missed" } }));
    expect(alerts).toMatchObject([{ since_ms: slotStartMs(20), told: [{ at_ms: slotStartMs(22) + 6_000 }, {}] }]);
    const never = await run(streamWatch({ alert: { holds_for: "1m", over_after: "1 slots", about: "missed" } }));
    expect(never.alerts).toEqual([]);
  });

  test("sees the newest documents that its trigger takes, also those from before the span", async () => {
    const three = "return ctx.vars.last.stream().filter(s -> s.ethereum.status == 'missed').count() >= 3";
    const watch = streamWatch({ last: 3, condition: { script: three }, alert: { about: "run", over_after: "1s" } });
    expect((await run(watch, { from: 22 })).alerts).toMatchObject([{ since_ms: slotStartMs(22), met: 2, slot: null }]);
    const taken = streamWatch({
      where: { compare: { "ctx.payload.ethereum.status": { eq: "missed" } } },
      last: 5,
      condition: { script: "return ctx.vars.last.size() == 5" },
      alert: { about: "five", slot: "{{ctx.payload.ethereum.slot}}", event: true },
    });
    expect(await run(taken)).toMatchObject({ checks: 5, alerts: [{ since_ms: slotStartMs(60), slot: 60 }] });
  });

  test("reads documents of many nodes in the order of their time, and notes its figure at each", async () => {
    const answer = await run({
      trigger: { stream: { dataset: "ethereum.head" } },
      condition: { compare: { "ctx.payload.ethereum.delay_ms": { gt: 5_030 } } },
      actions: log,
      metadata: {
        alert: {
          scope: "node",
          about: "{{ctx.payload.observer.name}}",
          title: "{{ctx.payload.observer.name}} was late",
          nodes: "{{ctx.payload.observer.name}}",
          event: true,
          metric: { value: "payload.ethereum.delay_ms", title: "Head", unit: "ms" },
        },
      },
    });
    expect(answer.checks).toBe(300);
    expect(answer.alerts).toHaveLength(10);
    expect(answer.alerts[1]).toMatchObject({ nodes: ["n3"], since_ms: slotStartMs(10) + 5_041, title: "n3 was late" });
    expect(answer.metric).toMatchObject({ title: "Head", unit: "ms" });
    const points = answer.metric?.points ?? [];
    expect(points.map(([, value]) => value)).toEqual(expect.arrayContaining([1_000, 5_041]));
    expect(points.map(([at]) => at)).toEqual(points.map(([at]) => at).toSorted((a, b) => a - b));
    expect(answer.notes).toEqual([]);
  });

  test("is not judged where our own data were bad, and says so", async () => {
    const answer = await run(streamWatch({ alert: { scope: "network", over_after: "30s", about: "missed" } }));
    // Two of three nodes were away in slot 60.
    expect(answer.alerts.map(({ since_ms }) => since_ms)).toEqual([slotStartMs(20)]);
    expect(answer.notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^10 checks could not be judged.*Only 1 of 3 nodes can be relied on/),
        expect.stringMatching(/taken to have been up but for its gaps/),
      ]),
    );
    const all = streamWatch({ condition: { always: {} }, alert: { needs_nodes: 3, about: "any", event: true } });
    // In slots 70 to 72 a node was behind, and as long as it had not said otherwise.
    expect((await run(all, { from: 66, until: 80 })).notes[0]).toMatch(/^4 checks could not be judged.*n1 is behind/);
  });

  test("over the nodes' streams is told by their gaps, since only their present state is stored", async () => {
    const answer = await run({
      trigger: { stream: { dataset: "stream" } },
      condition: { compare: { "ctx.payload.ethereum.stream.state": { eq: "down" } } },
      actions: log,
      metadata: {
        alert: { scope: "node", about: "{{ctx.payload.observer.name}}", nodes: "{{ctx.payload.observer.name}}" },
      },
    });
    expect(answer.alerts.map(({ about, since_ms, until_ms }) => [about, since_ms, until_ms])).toEqual([
      ["n2", slotStartMs(55), slotStartMs(65)],
      ["n3", slotStartMs(55), slotStartMs(65)],
    ]);
    expect(answer.notes).toEqual(["The past of streams is that of their gaps."]);
  });

  test("without alerts of its own tells each execution that Watcher would not have throttled", async () => {
    const plain = (throttle_period: string) => run({ ...streamWatch({}), throttle_period });
    const [first, second] = (await plain("20s")).alerts;
    expect(first).toMatchObject({ title: "Missed", since_ms: slotStartMs(20), until_ms: slotStartMs(24), met: 4 });
    expect(first?.told.map(({ at_ms }) => at_ms)).toEqual([slotStartMs(20), slotStartMs(22)]);
    expect(second?.told).toHaveLength(1);
    expect((await plain("1s")).alerts[0]?.told).toHaveLength(4);
  });
});

describe("a watch by schedule", () => {
  const scheduled = (interval: string, more: object = {}) => ({
    trigger: { schedule: { interval } },
    input: {
      search: {
        request: {
          indices: ["ethmon-slot-*"],
          body: { query: { bool: { filter: [{ range: { "@timestamp": { gte: "now-1m" } } }] } } },
        },
      },
    },
    condition: { compare: { "ctx.payload.hits.total": { gte: 3 } } },
    actions: log,
    metadata: {
      alert: {
        scope: "host",
        over_after: "30s",
        metric: { value: "payload.hits.total", title: "Slots", unit: "" },
      },
    },
    ...more,
  });
  const missedOnly = scheduled("12s");
  const filters = missedOnly.input.search.request.body.query.bool.filter as object[];
  filters.push({ term: { "ethereum.status": "missed" } });

  test("asks at each of its moments what could be found then", async () => {
    const answer = await run(missedOnly);
    expect(answer.checks).toBe(100);
    expect(answer.alerts).toMatchObject([{ since_ms: slotStartMs(22), until_ms: slotStartMs(27), met: 5 }]);
    expect(answer.notes).toEqual([
      expect.stringMatching(/^Documents of ethmon-slot-testnet were seen as they are now/),
    ]);
    // What is found never runs ahead of the moment: of all slots of the last day as many as had begun.
    const everything = scheduled("12s");
    everything.input.search.request.body.query.bool.filter = [{ range: { "@timestamp": { gte: "now-1d" } } }];
    const points = (await run(everything, { until: 60 })).metric?.points ?? [];
    expect(points).toEqual(Array.from({ length: 60 }, (_, i) => [slotStartMs(i + 1), i + 2]));
  });

  test("with more moments than may be checked is checked over the whole span nevertheless", async () => {
    const answer = await run(missedOnly, {}, { limits: { checks: 30, tookMs: 60_000 } });
    expect(answer.checks).toBeLessThanOrEqual(30);
    expect(answer.metric?.points.at(-1)?.[0]).toBeGreaterThan(slotStartMs(95));
    expect(answer.notes[0]).toMatch(/about one in 4 was checked, since at most 30 are/);
  });

  test("asks nobody over HTTP: the check fails, and is counted", async () => {
    const answer = await run(scheduled("1m", { input: { http: { request: { url: "http://127.0.0.1:1/x" } } } }));
    expect(answer).toMatchObject({ checks: 20, failures: 20, alerts: [] });
    expect(answer.failure).toMatch(/asks nobody over HTTP/);
  });
});

describe("a back-test", () => {
  test("ends after its time, and says up to where it came", async () => {
    let us = 0;
    const clock = { nowUs: deps.clock.nowUs, monoUs: () => (us += 10_000) };
    const answer = await run(streamWatch({}), {}, { clock, limits: { checks: 10, tookMs: 500 } });
    expect(answer.until_ms).toBeLessThan(slotStartMs(60));
    expect(answer.notes[0]).toMatch(/It was stopped after 1 s, at 2026-11-22T10:0/);
  });

  test("stops at once when nobody waits for it, and tells how far it is to who does", async () => {
    const stop = new AbortController();
    let us = 0;
    const clock = { nowUs: deps.clock.nowUs, monoUs: () => (us += 100_000) };
    const told: number[] = [];
    const asked = {
      watch: parseWatch({ id: "tried", body: streamWatch({}) }),
      fromMs: slotStartMs(0),
      untilMs: slotStartMs(100),
      onProgress: ({ checks }: { checks: number }) => {
        told.push(checks);
        if (told.length === 3) stop.abort();
      },
      signal: stop.signal,
    };
    await expect(backtest(asked, { ...deps, clock })).rejects.toThrow(/aborted/);
    expect(told).toHaveLength(3);
    expect(told[2]).toBeLessThan(50);
  });

  test("of what is still to come is refused, and one that reaches into it ends now", async () => {
    await expect(run(streamWatch({}), { from: 101, until: 110 })).rejects.toThrow("must begin in the past");
    expect((await run(streamWatch({}), { from: 90, until: 200 })).until_ms).toBe(slotStartMs(100));
  });

  test("is one of few at a time, of a watch that can be read", async () => {
    const backtests = createBacktests({ ...deps, read: parseWatch });
    const asked = { watch: streamWatch({}), fromMs: slotStartMs(0), untilMs: slotStartMs(100) };
    const { signal } = new AbortController();
    const all = await Promise.allSettled([1, 2, 3].map(() => backtests(asked, signal)));
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(all[2]).toMatchObject({ reason: { code: "backtest_busy", retry: "retryable" } });
    await expect(backtests({ ...asked, watch: {} }, signal)).rejects.toMatchObject({ code: "watch_invalid" });
    expect(await backtests(asked, signal)).toMatchObject({ checks: 100, alerts: [{ rule: "backtest" }, {}] });
  });

  test("from before anything was stored says since when something is", async () => {
    const { notes } = await run(streamWatch({}), { from: -50, until: 10 });
    expect(notes).toContain("The oldest document of ethmon-slot-testnet that is stored is of 2026-11-22T10:00:00Z.");
  });
});

test("points of a metric keep least and greatest of each part of the span, in their order", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 20 }), (all, parts) => {
      const metric = createMetricPoints({ fromMs: 0, untilMs: all.length, parts });
      for (const [at, value] of all.entries()) metric.add(at, value);
      const points = metric.points();
      expect(points.length).toBeLessThanOrEqual(2 * parts);
      expect(points.map(([at]) => at)).toEqual(points.map(([at]) => at).toSorted((a, b) => a - b));
      for (const [at, value] of points) expect(all[at]).toBe(value);
      const kept = points.map(([, value]) => value);
      expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...all), Math.max(...all)]);
    }),
  );
});
