import type { JsonObject } from "../src/events/foreign.ts";
import { line, metric, packets } from "../test/rigs/host-documents.ts";

/** What one Beat sends of all nodes in a period of ten seconds. */
export type Beat = { index: string; ofPeriod(atMs: number): JsonObject[] };

export const PERIOD_MS = 10_000;
export const NODES = ["n1", "n2", "n3", "n4", "n5"] as const;

const CLIENTS = ["lighthouse", "prysm", "teku", "nimbus", "geth"] as const;
const LEVELS = ["info", "debug", "info", "info", "info", "info", "info", "info", "warn", "info"] as const;
const WORDS = "block slot head peer attestation sync published imported received root validator gossip".split(" ");
const LINES_A_SECOND = 10;
const FLOWS_A_SECOND = 2;

/** Small, even and without a seed: two runs store the same. */
let state = 1;
function random(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

const share = () => Math.round(random() * 1e4) / 1e4;

function eachNode(make: (host: string) => JsonObject[]): JsonObject[] {
  return NODES.flatMap((node) => make(`${node}.example`));
}

/** Metricbeat's module `system` as it is by default: 30 documents a host, the disks once a minute. */
const metricbeat: Beat = {
  index: "metricbeat-9.1.0",
  ofPeriod: (atMs) =>
    eachNode((host) => {
      const where = { atMs, host };
      const total = Math.floor(atMs / 1000) * 1_000_000;
      const disks = atMs % 60_000 === 0 ? ["/", "/data", "/boot"] : [];
      return [
        metric("cpu", where, { "system.cpu.total.norm.pct": share(), "system.cpu.iowait.norm.pct": share() }),
        metric("memory", where, { "system.memory.actual.used.pct": share() }),
        metric("load", where, { "system.load.1": share() * 8 }),
        metric("process.summary", where),
        metric("fsstat", where),
        metric("uptime", where),
        ...["eth0", "lo", "docker0"].map((name) =>
          metric("network", where, {
            "system.network.name": name,
            "system.network.in.bytes": total,
            "system.network.out.bytes": 2 * total,
          }),
        ),
        ...["sda", "sdb"].map((name) => metric("diskio", where, { "system.diskio.name": name })),
        ...disks.map((mount) =>
          metric("filesystem", where, {
            "system.filesystem.mount_point": mount,
            "system.filesystem.used.pct": share(),
          }),
        ),
        ...Array.from({ length: 19 }, (_, i) =>
          metric("process", where, {
            "process.name": `process-${i}`,
            "process.pid": 1000 + i,
            "system.process.cpu.total.pct": share(),
            "system.process.memory.rss.bytes": Math.round(random() * 1e9),
          }),
        ),
      ];
    }),
};

const filebeat: Beat = {
  index: "filebeat-9.1.0",
  ofPeriod: (atMs) =>
    eachNode((host) =>
      Array.from({ length: (LINES_A_SECOND * PERIOD_MS) / 1000 }, (_, i) => {
        const at = { atMs: atMs + (i * 1000) / LINES_A_SECOND, host };
        const level = LEVELS[Math.floor(random() * LEVELS.length)] ?? "info";
        const words = Array.from({ length: 8 }, () => WORDS[Math.floor(random() * WORDS.length)]).join(" ");
        const rare = random() < 1e-5 ? " Equivocation seen" : "";
        const message = `${words} slot=${Math.floor(atMs / 12_000)} peers=${Math.floor(random() * 200)}${rare}`;
        const client = CLIENTS[NODES.indexOf(host.split(".")[0] as (typeof NODES)[number])] ?? "geth";
        return line(at, { client, level, message, ...(level === "warn" ? { type: "PeerLost" } : {}) });
      }),
    ),
};

const packetbeat: Beat = {
  index: "packetbeat-9.1.0",
  ofPeriod: (atMs) =>
    eachNode((host) =>
      Array.from({ length: (FLOWS_A_SECOND * PERIOD_MS) / 1000 }, (_, i) => {
        const [flow = {}] = packets("flow", { atMs: atMs + (i * 1000) / FLOWS_A_SECOND, host });
        return { ...flow, network: { ...(flow["network"] as object), bytes: Math.round(random() * 1e6) } };
      }),
    ),
};

export const BEATS: readonly Beat[] = [metricbeat, filebeat, packetbeat];
