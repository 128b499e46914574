import { expect, test } from "vitest";
import type { Document } from "../events/document.ts";
import { systemClock } from "../lib/clock.ts";
import { type MonitorTallies, watchMonitor } from "./monitor-watch.ts";

const START: MonitorTallies = {
  nodes: [{ name: "n1", state: "streaming", reconnects: 1, last_event_ms: null }],
  topics: [],
  queues: [{ queue: "intake", counts: { size: 0, limit: 100, pushed: 10, dropped: 1, highWater: 5 } }],
  quarantined: 2,
  store: { state: "ready", journaled: 50, loaded: 50, queued: 0, dropped: 3, rows: 50 },
  loopDelayP99Ms: 1.5,
  usage: { rssBytes: 1e8, cpuUs: 0 },
};

const LATER: MonitorTallies = {
  nodes: [{ name: "n1", state: "down", reconnects: 3, last_event_ms: 0 }],
  topics: [
    { node: "n1", events: 30, bytes: 3000 },
    { node: "n1", events: 10, bytes: 500 },
  ],
  queues: [{ queue: "intake", counts: { size: 25, limit: 100, pushed: 50, dropped: 5, highWater: 30 } }],
  quarantined: 6,
  store: { state: "ready", journaled: 90, loaded: 70, queued: 4, dropped: 8, rows: 70 },
  loopDelayP99Ms: 2.5,
  usage: { rssBytes: 2e8, cpuUs: 1000 },
};

async function documentsOf(looks: readonly MonitorTallies[]): Promise<Document[]> {
  const ending = new AbortController();
  const documents: Document[] = [];
  const left = [...looks];
  const read = () => left.shift() ?? (looks.at(-1) as MonitorTallies);
  const watch = watchMonitor({ read, clock: systemClock(), signal: ending.signal, everyMs: 1 });
  watch.onDocument((document) => documents.push(document));
  await expect.poll(() => documents.length).toBeGreaterThanOrEqual(3 * (looks.length - 1));
  ending.abort();
  await watch.stopped;
  return documents;
}

test("a look tells of the program, each node and each queue what happened since the look before", async () => {
  const [program, node, queue] = await documentsOf([START, LATER]);
  expect(program?.fields).toMatchObject({
    "ethereum.monitor.part": "program",
    "ethereum.monitor.events": 40,
    "ethereum.monitor.dropped": 5,
    "ethereum.monitor.quarantined": 4,
    "ethereum.monitor.unsearchable": 20,
    "ethereum.monitor.unjournaled": 4,
    "ethereum.monitor.rss_bytes": 2e8,
    "ethereum.monitor.loop_delay_p99_ms": 2.5,
  });
  const spanMs = Number(program?.fields["ethereum.monitor.span_ms"]);
  expect(program?.fields["ethereum.monitor.events_per_s"]).toBeCloseTo(40_000 / spanMs, 9);
  expect(program?.fields["ethereum.monitor.cpu_share"]).toBeCloseTo(1 / spanMs, 9);
  expect(node?.fields).toMatchObject({
    "ethereum.monitor.part": "node",
    "observer.name": "n1",
    "ethereum.monitor.state": "down",
    "ethereum.monitor.events": 40,
    "ethereum.monitor.bytes": 3500,
    "ethereum.monitor.reconnects": 2,
  });
  expect(node?.fields["ethereum.monitor.silent_ms"]).toBeGreaterThan(1e12);
  expect(queue?.fields).toMatchObject({
    "ethereum.monitor.queue": "intake",
    "ethereum.monitor.items": 25,
    "ethereum.monitor.fullness": 0.25,
    "ethereum.monitor.pushed": 40,
    "ethereum.monitor.dropped": 4,
  });
});

test("what did not change is counted as nothing, and a node without an event has no silence", async () => {
  const documents = await documentsOf([START, START]);
  const [program, node] = documents;
  expect(program?.fields).toMatchObject({ "ethereum.monitor.events": 0, "ethereum.monitor.dropped": 0 });
  expect(node?.fields["ethereum.monitor.silent_ms"]).toBeUndefined();
  expect(program?.fields["ethereum.monitor.disk_bytes"]).toBeUndefined();
});
