import { expect, test } from "vitest";
import { nodeView } from "../../test/rigs/serve-fixtures.ts";
import type { ClockView } from "../serve/views.ts";
import type { StoreState } from "../store/store.ts";
import { healthOf, measureLoopDelay } from "./health.ts";

const store: StoreState = { state: "ready", journaled: 1, loaded: 1, queued: 0, dropped: 0, rows: 1 };

function health(changes: Partial<Parameters<typeof healthOf>[0]> = {}) {
  return healthOf({
    startedMs: 0,
    nodes: [nodeView("n1")],
    store,
    droppedEnvelopes: 0,
    quarantined: 0,
    loopDelayMs: { p50: 0, p99: 1, max: 2 },
    clock: null,
    ...changes,
  });
}

const clock = (changes: Partial<ClockView>): ClockView => ({
  offset_ms: 2,
  error_ms: 8,
  server: "ntp.example",
  reachable: true,
  sampled_ms: 1_000,
  asked_ms: 1_000,
  servers: [],
  ...changes,
});

const UNKNOWN = { offset_ms: null, error_ms: null, server: null, sampled_ms: null };

test.each<[string, ClockView | null]>([
  ["is right", clock({})],
  ["is not asked for", null],
  ["was not compared yet", clock({ ...UNKNOWN, reachable: null })],
  ["is known from a while ago, though no server answers now", clock({ reachable: false })],
])("a clock that %s is no reason", (_, view) => {
  expect(health({ clock: view })).toMatchObject({ status: "ok", reasons: [], clock: view });
});

test.each<[string, ClockView, string, RegExp]>([
  ["behind", clock({ offset_ms: 250.4 }), "clock_off", /250 ms behind \(± 8 ms, by ntp.example\)/],
  ["ahead", clock({ offset_ms: -3_600_000 }), "clock_off", /3600000 ms ahead/],
  ["hardly known", clock({ error_ms: 400 }), "clock_uncertain", /± 400 ms/],
  ["not known", clock({ ...UNKNOWN, reachable: false }), "clock_unknown", /no time server answered.*ntp_servers/],
])("a clock that is %s degrades and never fails", (_, view, code, words) => {
  const { status, reasons } = health({ clock: view });
  expect(status).toBe("degraded");
  expect(reasons).toMatchObject([{ code, sentence: expect.stringMatching(words) }]);
});

test("an event loop that stood still is measured, once", async () => {
  const delays = measureLoopDelay();
  try {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const blockedUntil = performance.now() + 200;
    while (performance.now() < blockedUntil);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { max, p99 } = delays.take();
    expect(max).toBeGreaterThanOrEqual(150);
    expect(p99).toBeLessThanOrEqual(max + 1);
    expect(delays.take().max).toBe(0);
  } finally {
    delays.close();
  }
});

test("a disk cap that cannot be kept degrades, with the reason", () => {
  const disk = { database: 3e9, free: 0, wal: 0, journal: 0, pending: 0 };
  const limits = { votesMs: 1, rawMs: 1, diskBytes: 2e9 };
  const kept = { ranAtUs: 1, droppedDays: 0, droppedRows: 0, disk };
  expect(health({ store: { ...store, retention: { limits, last: kept } } }).status).toBe("ok");
  const overCap = "The store takes 3.00 GB, more than its cap of 2.00 GB";
  expect(health({ store: { ...store, retention: { limits, last: { ...kept, overCap } } } })).toMatchObject({
    status: "degraded",
    reasons: [{ code: "disk_cap_exceeded", sentence: `${overCap}.` }],
  });
});

test("an index of others that the cluster refuses degrades, with the reason and what is in quarantine; of many the latest are named", () => {
  const refused = (number: number) => ({
    index: `logs-of.${number}-x`,
    reason: "no permissions.",
    sinceUs: 1_795_341_600_000_000,
    documents: number,
  });
  expect(health({ store: { ...store, refusedIndices: [refused(1)] } })).toMatchObject({
    status: "degraded",
    reasons: [
      {
        code: "index_refused",
        sentence:
          "The cluster has not taken documents of logs-of.1-x since 2026-11-22 10:00:00 UTC: no permissions. 1 document " +
          "of it is in quarantine; all else goes on.",
      },
    ],
  });
  const { reasons } = health({ store: { ...store, refusedIndices: [1, 2, 3, 4, 5].map(refused) } });
  expect(reasons.map(({ sentence }) => /logs-of\.\d|\d more indices/.exec(sentence)?.[0])).toEqual([
    "logs-of.5",
    "logs-of.4",
    "logs-of.3",
    "2 more indices",
  ]);
});

test("a channel that delivers nothing is a reason, with since when, why and what waits", () => {
  const channel = {
    kind: "email" as const,
    name: "email",
    configured: true,
    delivered: 3,
    failed: 0,
    waiting: 2,
    last_failure: "The server refused the connection.",
    last_failure_ms: 5_000,
  };
  expect(health({ channels: [{ ...channel, failing_since_ms: null }] }).status).toBe("ok");
  expect(health({ channels: [{ ...channel, failing_since_ms: 4_000 }] })).toMatchObject({
    status: "degraded",
    reasons: [
      {
        code: "alerts_undelivered",
        sentence:
          "Alerts have not been delivered by email since 1970-01-01 00:00:04 UTC: The server refused the connection. 2 wait.",
      },
    ],
  });
});
