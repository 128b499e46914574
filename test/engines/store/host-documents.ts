import type { ForeignDocuments } from "../../rigs/foreign-documents.ts";
import { line, measurement, metric, packets, ping } from "../../rigs/host-documents.ts";
import type { Recording } from "./recordings.ts";

/** A share of each slot at which the servers send. */
const SENT_AT = 1 / 3;

/**
 * What the nodes' servers might have sent while a recording was made: Metricbeat, Packetbeat and Filebeat of every node
 * but the last, whose server has Telegraf.
 */
export function hostDocuments(recording: Recording, slots: readonly number[]): ForeignDocuments[] {
  const { chain, nodes } = recording;
  const { network } = chain;
  const hosts = nodes.map((node) => `${node}.example`);
  const atMs = (slot: number) => chain.slotStartUs(slot) / 1000 + chain.slotDurationMs * SENT_AT;
  const everywhere = <T>(make: (where: { atMs: number; host: string }, slot: number) => readonly T[]): T[] =>
    slots.flatMap((slot) => hosts.slice(0, -1).flatMap((host) => make({ atMs: atMs(slot), host }, slot)));
  const last = hosts.at(-1) ?? "";
  return [
    {
      index: `metricbeat-9.1.0-${network}`,
      kind: "stream",
      documents: everywhere((where, slot) => [
        metric("cpu", where, { "system.cpu.total.norm.pct": (slot % 10) / 10 + 0.05 }),
        metric("memory", where),
        metric("load", where),
        metric("filesystem", where),
        metric("diskio", where),
        metric("network", where),
      ]),
    },
    {
      index: `packetbeat-9.1.0-${network}`,
      kind: "stream",
      documents: everywhere((where, slot) => [
        ping(where, slot % 3 > 0),
        ...(slot % 8 === 0 ? packets("dns", where) : []),
      ]),
    },
    {
      index: `filebeat-9.1.0-${network}`,
      kind: "stream",
      documents: everywhere((where, slot) =>
        slot % 4 > 0
          ? []
          : [
              line(where, { client: "lodestar", level: "warn", message: `Peer ${slot} was lost` }),
              line(where, { client: "geth", level: "error", type: "database", message: "Block could not be written" }),
            ],
      ),
    },
    {
      index: `telegraf-2026.11.22-${network}`,
      kind: "index",
      texts: "text",
      documents: slots.map((slot) =>
        measurement(
          "cpu",
          { atMs: atMs(slot), host: last },
          { tags: { cpu: "cpu-total" }, fields: { usage_idle: 40 + (slot % 50), usage_iowait: 1.5, usage_steal: 0 } },
        ),
      ),
    },
  ];
}
