import { readdirSync, readFileSync } from "node:fs";
import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";

const DATA = new URL("../../data/", import.meta.url);
const SLOT_MS = 12_000;
const FIRST_SLOT = 7_000_000;
const CHAIN_DOCUMENTS = 160;
/** Saturday before Europe's clocks go back; the documents go on over that night. */
const BEGIN_MS = Date.parse("2026-10-24T21:30:00Z");
const STATUSES = ["proposed", "proposed", "proposed", "missed", "orphaned"];

/** As the datasets of the chain have them: slots, delays, roots, votes, from three observers. */
export function chainDocuments(): JsonObject[] {
  return Array.from({ length: CHAIN_DOCUMENTS }, (_, i) => {
    const slot = FIRST_SLOT + Math.floor(i / 3) * 7;
    const startMs = BEGIN_MS + (slot - FIRST_SLOT) * SLOT_MS * 4;
    const delayMs = ((i * 7919) % 4001) + (i % 8) / 8;
    return {
      "@timestamp": new Date(startMs + Math.floor(delayMs)).toISOString(),
      event: {
        dataset: i % 2 === 0 ? "ethereum.block" : "ethereum.attestation",
        start: new Date(startMs).toISOString(),
      },
      "observer.name": ["lighthouse-1", "teku-1", "nimbus-1"][i % 3] ?? "",
      ethereum: {
        slot,
        seen_at: new Date(startMs + Math.floor(delayMs)).toISOString(),
        epoch: Math.floor(slot / 32),
        status: STATUSES[i % STATUSES.length] ?? "",
        block: { root: `0x${(slot * 2_654_435_761).toString(16).padStart(16, "0").repeat(4)}` },
        ...(i % 5 === 0 ? {} : { delay_ms: delayMs, echo: i % 3 === 2 }),
        ...(i % 2 === 0
          ? {}
          : { "validator.index": (i * 31) % 97, vote: { source: { epoch: Math.floor(slot / 32) - 1 } } }),
        ...(i % 11 === 0 ? { reorg: { nodes: ["lighthouse-1", "teku-1"].slice(i % 2) } } : {}),
        peers: 40 + (i % 37),
      },
    };
  });
}

/** The samples of Metricbeat, Packetbeat and Filebeat, as they are. */
export function hostDocuments(): JsonObject[] {
  const samples = ["metricbeat", "packetbeat", "filebeat"].flatMap((name) =>
    readFileSync(new URL(`beats-samples/${name}.jsonl`, DATA), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, Json>),
  );
  const figures = Array.from({ length: 90 }, (_, i) => ({
    "@timestamp": new Date(BEGIN_MS + i * 61_000).toISOString(),
    event: { dataset: "system.cpu", duration: 100_000 + i * 997, type: i % 3 === 0 ? ["info", "start"] : "info" },
    host: { name: `node-${i % 4}`, "cpu.usage": ((i * 37) % 100) / 100 },
    system: {
      cpu: { total: { "norm.pct": ((i * 53) % 1000) / 1000 } },
      memory: { used: { pct: 0.5 + (i % 10) / 100, bytes: 8_000_000_000 + i * 4096 } },
    },
    ...(i % 3 === 0 ? { source: { ip: `10.0.${i % 5}.${i}`, port: 9000 + i }, "destination.bytes": i * i * 1500 } : {}),
    ...(i % 3 === 1 ? { source: { ip: `2001:db8::${(i * 257).toString(16)}` }, "network.transport": "udp" } : {}),
  }));
  return [
    // One sample is of 1937 by its sender's clock, and some have no time. Microseconds are kept here alone.
    ...samples.map(({ _sample, ...document }, i) => {
      const at = String(document["@timestamp"] ?? "");
      return { ...document, "@timestamp": new Date(at > "1970" ? at : BEGIN_MS + i * 1000).toISOString() };
    }),
    ...figures,
  ];
}

/** Lines of eleven clients, twice: as they were written, and taken apart. */
export function logDocuments(): JsonObject[] {
  const files = readdirSync(new URL("client-logs/", DATA)).filter((name) => name.endsWith(".json"));
  const lines = files.flatMap((file) =>
    (
      JSON.parse(readFileSync(new URL(`client-logs/${file}`, DATA), "utf8")) as { line: string; expected: JsonObject }[]
    ).map((one) => ({ client: file.replace(".json", ""), ...one })),
  );
  return lines.flatMap(({ client, line, expected }, i) => {
    const at = new Date(BEGIN_MS + i * 333).toISOString();
    const own = { "@timestamp": at, host: { name: `node-${i % 4}` } };
    const log = { offset: i * 120, logger: client };
    return [
      { ...own, log, message: line },
      { ...expected, ...own, log: { ...(expected["log"] as JsonObject), ...log }, "event.dataset": `${client}.log` },
    ];
  });
}
