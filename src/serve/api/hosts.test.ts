import { afterEach, describe, expect, it } from "vitest";
import type { ForeignDocuments } from "../../../test/rigs/foreign-documents.ts";
import { line, measurement, metric, packets, ping } from "../../../test/rigs/host-documents.ts";
import { eventDocument, rootOf, slotStartMs } from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../../test/rigs/serve-rig.ts";
import type { Document } from "../../events/document.ts";
import type { HostsAnswer, NodeHosts } from "../views.ts";
import { schemas } from "./schemas.ts";

let rig: ServeRig | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function serve(...foreign: readonly ForeignDocuments[]): Promise<void> {
  rig = await startServeRig({ documents: [], foreign });
}

async function answer(path: string): Promise<HostsAnswer> {
  const { status, body } = (await rig?.get(path)) ?? {};
  expect({ path, status, body }).toMatchObject({ status: 200 });
  return schemas.Hosts.parse(body);
}

async function nodeOf(path: string, name: string): Promise<NodeHosts> {
  const node = (await answer(path)).nodes.find((one) => one.node === name);
  if (node === undefined) throw new Error(`The answer has no node ${name}.`);
  return node;
}

const host = "n1.example";
const inSlot = (slot: number, afterMs: number) => ({ atMs: slotStartMs(slot) + afterMs, host });
const metricbeat = (...documents: ForeignDocuments["documents"]): ForeignDocuments => ({
  index: "metricbeat-9.1.0",
  kind: "stream",
  documents,
});
const EVENT_FIELDS: Readonly<Record<string, Document["fields"]>> = {
  head: { "ethereum.block.root": rootOf("99") },
  block: { "ethereum.block.root": rootOf("99") },
  single_attestation: {},
};
const filebeat = (...documents: ForeignDocuments["documents"]): ForeignDocuments => ({
  index: "filebeat-9.1.0",
  kind: "stream",
  documents,
});

describe("the hosts of the nodes", () => {
  it("are those of the monitor's network, where others send to the same cluster", async () => {
    await serve(
      metricbeat(metric("cpu", inSlot(99, 1000)), metric("cpu", inSlot(98, 1000), { "ethereum.network": "other" })),
      filebeat(line({ ...inSlot(99, 1000) }, { client: "geth", level: "error", message: "Here" })),
    );
    const { hosts, lines } = await nodeOf("/api/v1/hosts", "n1");
    expect(hosts.map(({ points }) => points.map(({ slot }) => slot))).toEqual([[99]]);
    expect(lines?.seen).toBe(1);
  });

  it("have Metricbeat's figures by slot, and the newest of each", async () => {
    await serve(
      metricbeat(
        metric("cpu", inSlot(98, 1000)),
        metric("cpu", inSlot(99, 1000), { "system.cpu.total.norm.pct": 0.9 }),
        metric("cpu", inSlot(99, 9000), { "system.cpu.total.norm.pct": 0.7 }),
        metric("memory", inSlot(99, 1000)),
        metric("load", inSlot(98, 1000)),
        metric("filesystem", inSlot(98, 1000)),
        metric("filesystem", inSlot(98, 1000), {
          "system.filesystem.mount_point": "/data",
          "system.filesystem.used.pct": 0.5,
        }),
        metric("filesystem", inSlot(99, 1000), {
          "system.filesystem.mount_point": "/data",
          "system.filesystem.used.pct": 0.93,
        }),
        metric("process", inSlot(99, 1000)),
      ),
    );
    const node = await nodeOf("/api/v1/hosts", "n1");
    expect(node).toMatchObject({ packets: null, lines: null });
    expect(node.hosts).toHaveLength(1);
    const [view] = node.hosts;
    expect(view).toMatchObject({ host, shipper: "metricbeat", cores: 24 });
    expect(view?.points.map(({ slot, cpu_share, load_1 }) => ({ slot, cpu_share, load_1 }))).toEqual([
      { slot: 98, cpu_share: 0.0467, load_1: 2.33 },
      { slot: 99, cpu_share: 0.8, load_1: null },
    ]);
    expect(view?.now).toMatchObject({
      cpu_share: { value: 0.8, at_ms: slotStartMs(99) },
      memory_share: { value: 0.0593, at_ms: slotStartMs(99) },
      load_1: { value: 2.33, at_ms: slotStartMs(98) },
      in_bytes_per_s: null,
    });
    expect(view?.filesystems).toEqual([
      { mount: "/data", used_share: 0.93, total_bytes: 215_211_835_392 },
      { mount: "/", used_share: 0.309, total_bytes: 215_211_835_392 },
    ]);
    expect(view?.processes).toEqual([{ name: "process.test", cpu_cores: 0.007, memory_bytes: 26_234_880 }]);
  });

  it("have bytes a second from counters, over the interfaces with bytes of their own", async () => {
    const counted = (name: string, slot: number, received: number) =>
      metric("network", inSlot(slot, 2000), {
        "system.network.name": name,
        "system.network.in.bytes": received,
        "system.network.out.bytes": 10 * received,
      });
    await serve(
      metricbeat(
        ...[96, 97, 98, 99].flatMap((slot, at) => [
          counted("eth0", slot, 1000 + 12_000 * at),
          counted("lo", slot, 5_000_000 * at),
          counted("br-12ab", slot, 7_000_000 * at),
          // Began anew between slots 97 and 98.
          counted("eth1", slot, at < 2 ? 900_000 + 24_000 * at : 24_000 * at),
        ]),
      ),
    );
    const { hosts } = await nodeOf(`/api/v1/nodes/n1/hosts?from=${slotStartMs(97)}&to=${slotStartMs(100)}`, "n1");
    expect(
      hosts[0]?.points.map(({ slot, in_bytes_per_s, out_bytes_per_s }) => [slot, in_bytes_per_s, out_bytes_per_s]),
    ).toEqual([
      [97, 3000, 30_000],
      [98, 1000, 10_000],
      [99, 3000, 30_000],
    ]);
  });

  it.each(["keyword", "text"] as const)(
    "have Telegraf's figures in the same units, with tags mapped as %s",
    async (texts) => {
      const allCores = { tags: { cpu: "cpu-total" }, fields: { usage_idle: 60, usage_iowait: 10, usage_user: 25 } };
      const where = inSlot(99, 4000);
      const telegraf: ForeignDocuments = {
        index: "telegraf-2026.11.22",
        kind: "index",
        texts,
        documents: [
          measurement("cpu", where, allCores),
          measurement("cpu", where, { tags: { cpu: "cpu0" }, fields: { usage_idle: 0, usage_iowait: 0 } }),
          measurement("mem", where, { fields: { available_percent: 75, used_percent: 20, total: 8e9 } }),
          measurement("system", where, { fields: { load1: 1.5, n_cpus: 4 } }),
          measurement("disk", where, { tags: { path: "/" }, fields: { used_percent: 81, total: 1e12 } }),
          measurement("net", inSlot(98, 4000), {
            tags: { interface: "eth0" },
            fields: { bytes_recv: 0, bytes_sent: 500 },
          }),
          measurement("net", where, { tags: { interface: "eth0" }, fields: { bytes_recv: 12_000, bytes_sent: 6500 } }),
          measurement("procstat", where, {
            tags: { process_name: "geth" },
            fields: { cpu_usage: 250, memory_rss: 4e9 },
          }),
        ],
      };
      await serve(telegraf);
      const [view] = (await nodeOf("/api/v1/hosts", "n1")).hosts;
      expect(view).toMatchObject({
        host,
        shipper: "telegraf",
        cores: 4,
        filesystems: [{ mount: "/", used_share: expect.closeTo(0.81), total_bytes: 1e12 }],
        processes: [{ name: "geth", cpu_cores: 2.5, memory_bytes: 4e9 }],
      });
      expect(view?.points.at(-1)).toEqual({
        at_ms: slotStartMs(99),
        slot: 99,
        cpu_share: expect.closeTo(0.3),
        iowait_share: expect.closeTo(0.1),
        memory_share: expect.closeTo(0.25),
        load_1: 1.5,
        in_bytes_per_s: 1000,
        out_bytes_per_s: 500,
      });
    },
  );

  it("stand on a slot's axis, with the slot before and after, in steps of a 24th", async () => {
    await serve(
      metricbeat(
        metric("cpu", inSlot(97, 11_999)),
        metric("cpu", inSlot(98, 0), { "system.cpu.total.norm.pct": 0.1 }),
        metric("cpu", inSlot(99, 4200), { "system.cpu.total.norm.pct": 0.95 }),
      ),
      filebeat(
        line(inSlot(99, 4300), { client: "lodestar", level: "error", type: "late", message: "Block 99 came late" }),
        line(inSlot(97, 0), { client: "lodestar", level: "error", type: "late", message: "before" }),
      ),
    );
    const around = await answer("/api/v1/slots/99/hosts");
    expect(around).toMatchObject({ from_ms: slotStartMs(98), to_ms: slotStartMs(101), step_ms: 500 });
    const [node] = around.nodes;
    expect(node?.hosts[0]?.points.map(({ at_ms, cpu_share }) => [at_ms - slotStartMs(99), cpu_share])).toEqual([
      [-12_000, 0.1],
      [4000, 0.95],
    ]);
    expect(node?.lines?.newest).toEqual([
      {
        at_ms: slotStartMs(99) + 4300,
        client: "lodestar",
        level: "error",
        error_type: "late",
        slot: 99,
        message: "Block 99 came late",
      },
    ]);
  });

  it("have Packetbeat's packets: ended flows once, and what was slow or failed", async () => {
    await serve({
      index: "packetbeat-9.1.0",
      kind: "stream",
      documents: [
        ...packets("flow", inSlot(99, 1000)),
        ...packets("dns", inSlot(99, 1000)),
        ...packets("http", inSlot(99, 1000)),
        ...packets("tls", inSlot(99, 1000)),
        ping(inSlot(99, 5000), true),
        ping(inSlot(99, 6000), false),
      ],
    });
    const view = (await nodeOf("/api/v1/slots/99/hosts", "n1")).packets;
    expect(view).toMatchObject({
      flows: { count: 1, bytes: 470, packets: 3, peers: [{ ip: "198.51.100.2", flows: 1, bytes: 470 }] },
      dns: { count: 1, failed: 0, max_ms: 20.69 },
      http: { count: 1, failed: 0, mean_ms: 18.341 },
      icmp: { count: 2, failed: 1, max_ms: 1.25 },
    });
    expect(
      view?.slowest.map(({ protocol, query, server, duration_ms, code }) => [
        protocol,
        query,
        server,
        duration_ms,
        code,
      ]),
    ).toEqual([
      ["dns", "class IN, type AAAA, www.example.com", "8.8.8.8", 20.69, "NOERROR"],
      ["http", "GET /", "www.example.com", 18.341, "200"],
      ["icmp", "EchoRequest(0)", "10.0.0.9", 1.25, "EchoReply(0)"],
    ]);
    expect(view?.failed).toEqual([
      {
        at_ms: slotStartMs(99) + 6000,
        protocol: "icmp",
        query: "EchoRequest(0)",
        server: "10.0.0.9",
        duration_ms: null,
        code: null,
        failed: true,
      },
    ]);
    expect(JSON.stringify(view)).not.toContain("Basic ");
  });

  it("have error and warning lines by client and class, newest first and at most fifty", async () => {
    const late = Array.from({ length: 60 }, (_, at) =>
      line(inSlot(90, at * 100), { client: "teku", level: "warn", type: "late", message: `late ${at}` }),
    );
    await serve(
      filebeat(
        ...late,
        line(inSlot(95, 0), { client: "geth", level: "ERROR", type: "database", message: "Disk is full" }),
        line(inSlot(96, 0), { client: "nethermind", type: "peer", message: "a client that prints no level" }),
        line(inSlot(97, 0), { client: "geth", level: "info", message: "all is well" }),
      ),
    );
    const { lines } = await nodeOf("/api/v1/hosts", "n1");
    expect(lines).toMatchObject({ seen: 63, errors: 2, warnings: 60 });
    expect(lines?.by_class.toSorted((a, b) => b.count - a.count)[0]).toEqual({
      client: "teku",
      error_type: "late",
      count: 60,
    });
    expect(lines?.by_class).toHaveLength(3);
    expect(lines?.newest).toHaveLength(50);
    expect(lines?.newest.slice(0, 3).map(({ message }) => message)).toEqual([
      "a client that prints no level",
      "Disk is full",
      "late 59",
    ]);
  });

  it("are told from the chain's own events, which are in streams of logs too", async () => {
    const own = Object.keys(EVENT_FIELDS).map((topic) =>
      eventDocument({ topic, node: "n1", slot: 99, delayMs: 5, fields: EVENT_FIELDS[topic] ?? {} }),
    );
    rig = await startServeRig({
      documents: own,
      foreign: [
        {
          index: "logs-rsyslog-default",
          kind: "stream",
          documents: [line(inSlot(99, 0), { client: "reth", level: "warn", message: "low on peers" })],
        },
      ],
    });
    expect((await nodeOf("/api/v1/hosts", "n1")).lines).toMatchObject({ seen: 1, warnings: 1 });
  });

  it("tell a node that says nothing wrong from one whose lines do not come", async () => {
    await serve(filebeat(line(inSlot(97, 0), { client: "geth", level: "info", message: "all is well" })));
    expect((await nodeOf("/api/v1/hosts", "n1")).lines).toEqual({
      seen: 1,
      errors: 0,
      warnings: 0,
      by_class: [],
      newest: [],
    });
    expect(await nodeOf("/api/v1/hosts", "n2")).toEqual({ node: "n2", hosts: [], packets: null, lines: null });
  });

  it("of which nothing was ever sent are empty; a node or slot that there is not is not found", async () => {
    await serve();
    const empty = [
      { node: "n1", hosts: [], packets: null, lines: null },
      { node: "n2", hosts: [], packets: null, lines: null },
    ];
    expect((await answer("/api/v1/hosts")).nodes).toEqual(empty);
    expect((await answer("/api/v1/slots/7/hosts")).nodes).toEqual(empty);
    expect((await answer("/api/v1/nodes/n2/hosts")).nodes).toEqual(empty.slice(1));
    const missing = [
      ["/api/v1/nodes/n3/hosts", "node_unknown"],
      ["/api/v1/slots/101/hosts", "slot_unknown"],
      ["/api/v1/slots/-1/hosts", "slot_unknown"],
    ] as const;
    for (const [path, code] of missing) {
      expect(await rig?.get(path)).toMatchObject({ status: 404, body: { error: { code } } });
    }
  });

  it("are refused for a span that ends before it begins, and have few steps for a long one", async () => {
    await serve(metricbeat(metric("cpu", inSlot(99, 0)), metric("cpu", inSlot(10, 0))));
    const wrong = await rig?.get(`/api/v1/hosts?from=${slotStartMs(9)}&to=${slotStartMs(8)}`);
    expect(wrong).toMatchObject({ status: 400, body: { error: { code: "parameter_invalid" } } });
    const year = await answer(`/api/v1/hosts?from=${slotStartMs(100) - 365 * 86_400_000}`);
    expect(year.step_ms % 12_000).toBe(0);
    expect((year.to_ms - year.from_ms) / year.step_ms).toBeLessThanOrEqual(360);
    expect(year.nodes[0]?.hosts[0]?.points).toHaveLength(1);
  });

  it.each(["keyword", "text"] as const)(
    "belong to the node of their name, mapped as %s, where it begins another's",
    async (texts) => {
      const nodes = ["n1", "n1-backup"].map((name) => ({ name }));
      const documents = [
        {
          "@timestamp": new Date(slotStartMs(99)).toISOString(),
          observer: { name: "n1-backup" },
          log: { level: "error" },
          message: "x",
        },
      ];
      rig = await startServeRig({
        documents: [],
        foreign: [{ index: "syslog", kind: "index", texts, documents }],
        source: { nodes: () => nodes as never },
      });
      const answered = (await answer("/api/v1/hosts")).nodes.map(({ node, lines }) => [node, lines?.errors ?? null]);
      expect(answered).toEqual([
        ["n1", null],
        ["n1-backup", 1],
      ]);
    },
  );
});
