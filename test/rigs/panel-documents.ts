import type { Chain } from "../../src/chain/chain.ts";
import { blockDataset } from "../../src/events/block/block-record.ts";
import { clockDataset } from "../../src/events/clock.ts";
import { gapDataset } from "../../src/events/derived.ts";
import type { Document, Json } from "../../src/events/document.ts";
import { type MonitorRecord, monitorDataset } from "../../src/events/monitor.ts";
import { quarantined } from "../../src/events/quarantine.ts";
import { documentOf } from "../../src/events/record.ts";
import { votePartDataset } from "../../src/events/vote-records.ts";
import type { ForeignDocuments } from "./foreign-documents.ts";
import { line, measurement, metric, packets } from "./host-documents.ts";

type Recorded = { chain: Chain; nodes: readonly string[]; slots: readonly number[] };

const CLIENTS = ["lighthouse", "teku", "prysm"];
const LOST = { level: "error", type: "peers", message: "All peers were lost" };
const PART = { expected: 8, late: 1, included: 7 };

/** What a network without faults of its monitor, and with nameless clients, does not have: some of each of our own. */
export function panelDocuments({ chain, nodes, slots }: Recorded): Document[] {
  return slots.flatMap((slot, at) => {
    const startUs = chain.slotStartUs(slot);
    const startMs = startUs / 1000;
    const [node = ""] = nodes.slice(at % nodes.length);
    const monitor = (record: Partial<MonitorRecord>) =>
      documentOf({ dataset: monitorDataset, record: { span_ms: 30_000, ...record }, timestampUs: startUs });
    return [
      ...CLIENTS.map((name, place) =>
        documentOf({
          dataset: votePartDataset,
          record: { slot, epoch: chain.epochOf(slot), kind: "client", name, seen: 8, head: 8 - place, ...PART },
          timestampUs: startUs,
          id: `${slot}/client/${name}`,
        }),
      ),
      monitor({
        part: "program",
        events: 900,
        events_per_s: 30,
        dropped: at % 9 === 0 ? 2 : 0,
        quarantined: 0,
        unsearchable: at % 40,
        unjournaled: at % 7,
        rows: 1000 * at,
        disk_bytes: 1e8 + at * 1e5,
        rss_bytes: 2e8 + (at % 5) * 1e6,
        cpu_share: 0.05 + (at % 10) / 100,
        loop_delay_p99_ms: at % 12,
      }),
      ...nodes.map((name, place) =>
        monitor({
          part: "node",
          node: name,
          state: "streaming",
          events: 300,
          events_per_s: 10 + place,
          silent_ms: (at % 5) * 100,
          reconnects: at % 20 === 0 ? 1 : 0,
        }),
      ),
      ...["intake", "block_requests"].map((queue) =>
        monitor({
          part: "queue",
          queue,
          items: at,
          limit: 1000,
          fullness: at / 1000,
          pushed: 50,
          dropped: at % 30 === 0 ? 1 : 0,
        }),
      ),
      documentOf({
        dataset: clockDataset,
        record: {
          reachable: true,
          offset_ms: 1.5 + (at % 3),
          error_ms: 4,
          loop_delay_p50_ms: 1,
          loop_delay_p99_ms: 4,
          loop_delay_max_ms: 9,
        },
        timestampUs: startUs,
      }),
      ...(at % 5 > 0 ? [] : [richBlock({ chain, slot, at })]),
      ...(at % 10 > 0
        ? []
        : [
            documentOf({
              dataset: gapDataset,
              record: { node, from_ms: startMs - 1500, to_ms: startMs, cause: at % 20 === 0 ? "closed" : "silent" },
              timestampUs: startUs,
            }),
            quarantined({
              node,
              receivedAtUs: startUs,
              dataset: "ethereum.head",
              reason: "slot: expected a number",
              original: "{}",
            }),
          ]),
    ];
  });
}

/** A block with what the recording's lack: a slashing, a graffiti that names a client, a builder's payment. */
function richBlock({ chain, slot, at }: { chain: Chain; slot: number; at: number }): Document {
  const timestampUs = chain.slotStartUs(slot);
  const record = {
    root: `0x${String(slot).padStart(64, "f")}`,
    slot,
    epoch: chain.epochOf(slot),
    start_ms: timestampUs / 1000,
    proposer_index: at,
    consensus_client: ["LH", "TK", "PM"][at % 3],
    mev_payment_gwei: 1e7 * (1 + (at % 4)),
    exits: [at],
    proposers_slashed: at % 30 === 0 ? [at] : [],
    attesters_slashed: at % 20 === 0 ? [at, at + 1] : [],
  };
  return documentOf({ dataset: blockDataset, record, timestampUs, id: record.root });
}

/** Flows, HTTP, processes, and lines of rsyslog, which the servers of the other tests do not send. */
export function panelHostDocuments({ chain, nodes, slots }: Recorded): ForeignDocuments[] {
  const everywhere = <T>(make: (where: { atMs: number; host: string }, slot: number) => readonly T[]): T[] =>
    slots.flatMap((slot) =>
      nodes.flatMap((node) => make({ atMs: chain.slotStartUs(slot) / 1000, host: `${node}.example` }, slot)),
    );
  // Of as many servers as tell of an error by Filebeat at once, so that the newest thirty are whole moments.
  const newestMs = chain.slotStartUs(slots.at(-1) ?? 0) / 1000;
  const lost = (client: string) =>
    nodes.slice(0, -1).map((node) => line({ atMs: newestMs, host: `${node}.example` }, { ...LOST, client }));
  return [
    {
      index: `metricbeat-9.2.0-${chain.network}`,
      kind: "stream",
      documents: everywhere((where, slot) => [
        metric("process", where, {
          "process.name": ["geth", "lighthouse"][slot % 2] as Json,
          "system.process.cpu.total.pct": 0.4,
          "system.process.memory.rss.bytes": 4e9,
        }),
        metric("network", where, {
          "system.network.name": "eth0",
          "system.network.in.bytes": slot * 3e6,
          "system.network.out.bytes": slot * 2e6,
        }),
        metric("diskio", where, {
          "system.diskio.name": "nvme0n1",
          "system.diskio.read.bytes": slot * 1e6,
          "system.diskio.write.bytes": slot * 4e6,
        }),
      ]),
    },
    {
      index: `packetbeat-9.2.0-${chain.network}`,
      kind: "stream",
      documents: everywhere((where, slot) => [
        ...packets("flow", where),
        ...(slot % 4 === 0 ? packets("http", where) : []),
      ]),
    },
    {
      index: `logs-rsyslog-default-${chain.network}`,
      kind: "stream",
      documents: lost("besu"),
    },
    {
      index: `syslog-2026.11.28-${chain.network}`,
      kind: "index",
      texts: "text",
      documents: lost("erigon"),
    },
    {
      index: `telegraf-2026.11.28-${chain.network}`,
      kind: "index",
      documents: everywhere((where, slot) => [
        measurement("mem", where, { fields: { available_percent: 30 + (slot % 20) } }),
        measurement("system", where, { fields: { load1: 1.5, n_cpus: 4 } }),
        // One core of several, which the panels leave out.
        measurement("cpu", where, { tags: { cpu: "cpu0" }, fields: { usage_idle: 0, usage_iowait: 50 } }),
      ]),
    },
  ];
}
