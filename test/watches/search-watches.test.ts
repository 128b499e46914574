import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../src/events/catalogue.ts";
import type { JsonObject } from "../../src/events/foreign.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { createEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import type { Store } from "../../src/store/store.ts";
import { storeForeign } from "../rigs/foreign-documents.ts";
import { line, measurement, metric } from "../rigs/host-documents.ts";
import { createWatched, HOLES, own, shippedWatches, slotMs, watchedChain } from "../rigs/watched.ts";

/** Ten hours after genesis. */
const NOW_SLOT = 3000;
const NOW_MS = slotMs(NOW_SLOT);
const MINUTE_MS = 60_000;

/** `sick` has every trouble of a host and sends with Metricbeat, `ill` the same with Telegraf; `well` has none of it. */
const NODES = ["sick", "ill", "well"] as const;
type Node = (typeof NODES)[number];
const at = (node: Node, minutesAgo: number) => ({ atMs: NOW_MS - minutesAgo * MINUTE_MS, host: `${node}.example` });
const minutes = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

const BYTES_A_MINUTE = 60_000_000;
/** Bytes that an interface has taken in until then: since five minutes twenty-five times as many. */
const counter = (minutesAgo: number, isFlooded: boolean) =>
  (1000 - minutesAgo) * BYTES_A_MINUTE + (isFlooded ? Math.max(0, 5 - minutesAgo) * 24 * BYTES_A_MINUTE : 0);

function metricbeatOf(node: "sick" | "well"): JsonObject[] {
  const isSick = node === "sick";
  const cpu = minutes(0.5, 4.5).map((ago) =>
    metric("cpu", at(node, ago), {
      "system.cpu.steal.norm.pct": isSick ? 0.24 : 0.001,
      "system.cpu.iowait.norm.pct": isSick ? 0.61 : 0.02,
    }),
  );
  const memory = minutes(0.5, 4.5).map((ago) =>
    metric("memory", at(node, ago), { "system.memory.actual.used.pct": isSick ? 0.98 : 0.71 }),
  );
  const disk = [...minutes(0.5, 9.5, 3), ...minutes(361, 369, 3)].map((ago) =>
    metric("filesystem", at(node, ago), {
      "system.filesystem.mount_point": "/data",
      "system.filesystem.used.pct": isSick ? (ago > 300 ? 0.7 : 0.8) : 0.62,
    }),
  );
  const network = minutes(0, 59).map((ago) =>
    metric("network", at(node, ago), {
      "system.network.name": "eth0",
      "system.network.in.bytes": counter(ago, isSick),
    }),
  );
  const sockets = minutes(0.5, 4.5).map((ago) => ({
    ...metric("load", at(node, ago)),
    event: { dataset: "system.socket_summary" },
    system: { socket: { summary: { tcp: { all: { syn_recv: isSick ? 400 : 2 } } } } },
  }));
  const pool = [...minutes(0.5, 9.5, 3), ...minutes(30, 360, 30)].map((ago) => ({
    ...metric("load", at(node, ago)),
    event: { dataset: "prometheus.collector" },
    prometheus: { metrics: { txpool_pending: isSick && ago < 10 ? 24_000 : 4_000 } },
  }));
  return [...cpu, ...memory, ...disk, ...network, ...sockets, ...pool];
}

function telegrafOf(): JsonObject[] {
  const of = (name: string, ago: number, tags: JsonObject, fields: JsonObject) =>
    measurement(name, at("ill", ago), { tags, fields });
  return [
    ...minutes(0.5, 4.5).flatMap((ago) => [
      of("cpu", ago, { cpu: "cpu-total" }, { usage_steal: 9.5, usage_iowait: 44 }),
      // A core of its own says nothing of the host.
      of("cpu", ago, { cpu: "cpu0" }, { usage_steal: 0, usage_iowait: 0 }),
      of("mem", ago, {}, { available_percent: 4 }),
      of("netstat", ago, {}, { tcp_syn_recv: 2000 }),
      of("disk", ago, { path: "/" }, { used_percent: 96 }),
    ]),
    ...minutes(0, 59).map((ago) => of("net", ago, { interface: "eth0" }, { bytes_recv: counter(ago, true) })),
    ...[...minutes(0.5, 9.5, 3), ...minutes(30, 360, 30)].map((ago) =>
      of("prometheus", ago, {}, { txpool_pending: ago < 10 ? 9_000 : 2_000 }),
    ),
  ];
}

function linesOf(): JsonObject[] {
  const error = { client: "geth", level: "error", type: "peer", message: "Peer sent bad block" };
  return [
    ...minutes(0.1, 4.9, 0.1).map((ago) => line(at("sick", ago), error)),
    line(at("ill", 2), { client: "lighthouse", level: "error", type: "database", message: "Database is corrupted" }),
    // As many as ever.
    ...minutes(0.5, 64.5, 0.2).map((ago) => line(at("well", ago), error)),
  ];
}

let store: Store;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-watches-"));
  store = await createEmbeddedStore({
    directory,
    network: watchedChain.network,
    datasets: catalogue,
    clock: { nowUs: () => NOW_MS * 1000, monoUs: systemClock().monoUs },
    log: silentLog,
  });
  await storeForeign(store.foreign, {
    axis: watchedChain,
    nodeOf: (host) => NODES.find((node) => host === `${node}.example`),
    foreign: [
      { index: "metricbeat-9.1.0", kind: "stream", documents: [...metricbeatOf("sick"), ...metricbeatOf("well")] },
      { index: "telegraf-2027.01.15", kind: "index", documents: telegrafOf() },
      { index: "filebeat-9.1.0", kind: "stream", documents: linesOf() },
    ],
  });
  const reorgs = Array.from({ length: 7 }, (_, index) =>
    own("reorg", `0x${index}`, NOW_SLOT - 20 * index, {
      "ethereum.slot": NOW_SLOT - 20 * index,
      "ethereum.reorg.depth": 1,
      "ethereum.reorg.withdrawn": false,
      "event.start": slotMs(NOW_SLOT - 20 * index) * 1000,
    }),
  );
  await store.append([
    ...reorgs,
    own("delivery", "d1", NOW_SLOT - 10, {
      "delivery.id": "d1",
      "delivery.watch": "reorg",
      "delivery.action": "email",
      "delivery.status": "failed",
      "event.end": slotMs(NOW_SLOT - 10) * 1000,
      "event.reason": "The server refused the password.",
    }),
    own("ethereum.watch_history", undefined, NOW_SLOT - 10, {
      "watch.id": "memory",
      "watch.state": "failed",
      "event.reason": "The field is text.",
    }),
  ]);
  await store.settled();
});

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const signal = new AbortController().signal;
const search = ({ indices, body }: { indices: readonly string[]; body: JsonObject }) =>
  store.search(indices.join(","), body, { signal, params: { ignoreMissing: true } });

/** About what each alerts, how bad, and its title. */
const CASES: Readonly<Record<string, readonly (readonly [about: string, severity: string, title: RegExp])[]>> = {
  memory: [
    ["ill", "warning", /^Memory of ill is 96 % used$/],
    ["sick", "high", /^Memory of sick is 98 % used$/],
  ],
  "cpu-steal": [
    ["ill", "warning", /^ill is denied 9\.5 % of its processor time$/],
    ["sick", "high", /^sick is denied 24 % of its processor time$/],
  ],
  "disk-slow": [
    ["ill", "warning", /^ill waits 44 % of the time/],
    ["sick", "high", /^sick waits 61 % of the time/],
  ],
  "disk-filling": [
    ["ill", "high", /^The disk of ill is 96 % full$/],
    ["sick", "warning", /^The disk of sick is 80 % full, and fills within 12 hours$/],
  ],
  "network-traffic": [
    ["ill", "high", /^ill takes in 25 MB\/s, 2\d(?:\.\d)? times as much as before$/],
    ["sick", "high", /^sick takes in 25 MB\/s, 2\d(?:\.\d)? times as much as before$/],
  ],
  "half-open-connections": [
    ["ill", "high", /^ill has 2000 half-open connections/],
    ["sick", "warning", /^sick has 400 half-open connections/],
  ],
  "txpool-growing": [
    ["ill", "warning", /^9000 transactions wait in the pool of ill/],
    ["sick", "warning", /^24000 transactions wait in the pool of sick/],
  ],
  "client-log-errors": [
    ["ill", "high", /^lighthouse on ill logged 1 errors in five minutes$/],
    ["sick", "warning", /^geth on sick logged 4\d errors in five minutes$/],
  ],
  "delivery-failures": [["deliveries", "high", /^1 messages of alerts could not be delivered$/]],
  "rule-failures": [["rules", "warning", /^Rules fail: memory$/]],
  "reorg-rate": [["reorg-rate", "warning", /^7 reorgs within an hour$/]],
};

test("every shipped watch that searches has a case", () => {
  const ids = shippedWatches.filter(({ trigger }) => trigger.kind === "schedule").map(({ id }) => id);
  expect(Object.keys(CASES).sort()).toEqual(ids.sort());
});

describe.each(Object.entries(CASES))("%s", (id, expected) => {
  test("fires for what is wrong and for nothing else, with texts that are whole", async () => {
    const watched = createWatched([id], { nodes: NODES, search });
    await watched.pass(NOW_SLOT);
    expect(watched.failures()).toEqual([]);
    const alerts = watched.alerts().sort((a, b) => (a.about < b.about ? -1 : 1));
    expect(alerts.map(({ about, severity, title }) => [about, severity, title])).toEqual(
      expected.map(([about, severity, title]) => [about, severity, expect.stringMatching(title)]),
    );
    for (const { title, text, link, check_first } of alerts) {
      for (const words of [title, text, link, check_first]) {
        expect(words).toBeTruthy();
        expect(words).not.toMatch(HOLES);
      }
    }
  });

  test("stays silent where nothing is wrong, and where nothing came at all", async () => {
    const watched = createWatched([id], { nodes: NODES, search });
    await watched.pass(NOW_SLOT - 2000);
    await watched.pass(NOW_SLOT + 2000);
    expect(watched.alerts()).toEqual([]);
    expect(watched.failures()).toEqual([]);
  });
});
