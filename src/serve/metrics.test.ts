import { afterEach, describe, expect, it } from "vitest";
import { health, nodeView, slotStartMs } from "../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../test/rigs/serve-rig.ts";
import type { StoreState } from "../store/store.ts";
import type { Tallies } from "./metric-definitions.ts";
import { createMetrics } from "./metrics.ts";
import { renderMetricsDocs } from "./metrics-docs.ts";

let rig: ServeRig | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function scrape(): Promise<string> {
  const { status, headers, body } = (await rig?.get("/metrics")) ?? {};
  expect(status).toBe(200);
  expect(headers?.get("content-type")).toContain("text/plain; version=0.0.4");
  return String(body);
}

describe("the metrics", () => {
  it("are what their owners say at the moment of the scrape", async () => {
    const tallies = {
      topics: [{ node: "n1", topic: "head", events: 5, bytes: 1700 }],
      gaps: [{ node: "n1", cause: "closed", count: 2, seconds: 12.5 }],
      votes: { unresolved: 7, waiting: 2, dropped: 0 },
      queues: [{ queue: "events", counts: { size: 3, limit: 100, pushed: 40, dropped: 1, highWater: 9 } }],
      alerts: {
        rules: 25,
        checks: 1_000,
        leftOut: 2,
        open: [{ severity: "high", count: 1 }],
        channels: [
          { channel: "email", delivered: 3, failed: 0, waiting: 2 },
          { channel: "email", delivered: 1, failed: 1, waiting: 0 },
        ],
      },
    } satisfies Tallies;
    rig = await startServeRig({
      documents: [],
      tallies,
      source: {
        nodes: () => [nodeView("n1"), nodeView("n2", { state: "down", peers: null, head: null, last_event_ms: null })],
      },
    });

    const first = await scrape();
    for (const line of [
      'ethmon_events_total{node="n1",topic="head"} 5',
      'ethmon_event_bytes_total{node="n1",topic="head"} 1700',
      'ethmon_gaps_total{node="n1",cause="closed"} 2',
      'ethmon_gap_seconds_total{node="n1",cause="closed"} 12.5',
      "ethmon_votes_unresolved_total 7",
      "ethmon_votes_waiting 2",
      "ethmon_votes_forgotten_total 0",
      'ethmon_queue_items{queue="events"} 3',
      'ethmon_queue_dropped_total{queue="events"} 1',
      "ethmon_quarantined_total 3",
      "ethmon_alert_rules 25",
      'ethmon_alerts_open{severity="high"} 1',
      'ethmon_alert_failed_total{channel="email"} 1',
      'ethmon_alert_waiting{channel="email"} 2',
      'ethmon_node_state{node="n2",state="down"} 1',
      'ethmon_node_state{node="n2",state="streaming"} 0',
      'ethmon_node_head_slot{node="n1"} 99',
      "ethmon_store_ready 1",
      "ethmon_store_journal_failing 0",
      'ethmon_event_loop_delay_seconds{quantile="0.99"} 0.004',
      'ethmon_health_state{state="ok"} 1',
      `ethmon_start_time_seconds ${slotStartMs(0) / 1000}`,
    ]) {
      expect(first.split("\n")).toContain(line);
    }
    expect(first).not.toContain('ethmon_node_peers{node="n2"}');

    tallies.topics[0] = { node: "n1", topic: "head", events: 6, bytes: 2000 };
    tallies.gaps = [];
    const second = await scrape();
    expect(second.split("\n")).toContain('ethmon_events_total{node="n1",topic="head"} 6');
    expect(second).not.toContain("ethmon_gaps_total{");
  });

  it("tell what is kept how long, and nothing of it before it was counted", async () => {
    const state = { state: "ready" as const, journaled: 0, loaded: 0, queued: 0, dropped: 0, rows: 0 };
    let counted: Partial<StoreState> = {};
    rig = await startServeRig({
      store: { search: () => Promise.reject(new Error("not asked")), state: () => ({ ...state, ...counted }) },
    });
    const before = await scrape();
    expect(before).not.toMatch(/^ethmon_store_(class|disk)_/m);
    const disk = { database: 900, free: 100, wal: 20, journal: 3, pending: 1 };
    const limits = { votesMs: 1, rawMs: 1, diskBytes: 1 };
    counted = {
      classes: [{ keep: "votes", rows: 7, bytes: 262_144 }],
      retention: { limits, last: { ranAtUs: 1, droppedDays: 0, droppedRows: 0, disk } },
    };
    const lines = (await scrape()).split("\n");
    for (const line of [
      'ethmon_store_class_rows{keep="votes"} 7',
      'ethmon_store_class_bytes{keep="votes"} 262144',
      'ethmon_store_disk_bytes{part="database"} 800',
      'ethmon_store_disk_bytes{part="free"} 100',
      'ethmon_store_disk_bytes{part="wal"} 20',
      'ethmon_store_disk_bytes{part="journal"} 2',
      'ethmon_store_disk_bytes{part="pending"} 1',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it("time requests by route and status, never by path", async () => {
    rig = await startServeRig({ documents: [] });
    await rig.get("/api/v1/slots/7");
    await rig.get("/api/v1/slots/8");
    await rig.get("/api/v1/nothing/xyzzy");
    const text = await scrape();
    expect(text).toContain('ethmon_http_request_duration_seconds_count{route="/api/v1/slots/:slot",status="404"} 2');
    expect(text).toContain('ethmon_http_request_duration_seconds_count{route="none",status="404"} 1');
    expect(text).not.toContain("xyzzy");
  });

  it("have the figures of the process beside them", async () => {
    rig = await startServeRig();
    expect(await scrape()).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  it("carry units in their names, and all stand in docs/metrics.md", () => {
    const { registry } = createMetrics({
      source: { network: () => undefined, nodes: () => [], health: () => health },
      store: { state: () => ({ state: "ready", journaled: 0, loaded: 0, queued: 0, dropped: 0, rows: 0 }) },
      tallies: () => ({ topics: [], gaps: [], votes: undefined, queues: [] }),
    });
    const page = renderMetricsDocs(registry);
    const own = registry.getMetricsAsArray().filter(({ name }) => name.startsWith("ethmon_"));
    expect(own.length).toBeGreaterThan(25);
    for (const metric of own) {
      expect(page).toContain(`| \`${metric.name}\` | ${metric.type} | `);
      if (String(metric.type) === "counter") expect(metric.name).toMatch(/_total$/);
    }
    expect(page).toContain("| `ethmon_events_total` | counter | node, topic | Events received from a node's stream. |");
  });
});
