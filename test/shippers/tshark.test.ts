import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ElasticProgram, startElasticProgram } from "../rigs/elastic-program.ts";
import { search } from "./ask.ts";
import { dnsQuery, pcapFile } from "./capture.ts";

const PACKETS = 40;
/** Of the node that the program watches here. */
const SLOT_MS = 6_000;

let receiver: ElasticProgram;
let directory: string;
let genesisTimeS: number;
let packets: Buffer<ArrayBuffer>;
beforeAll(async () => {
  genesisTimeS = Math.floor(Date.now() / 1000) - 86_400;
  receiver = await startElasticProgram({ genesisTimeS });
  directory = await mkdtemp(join(tmpdir(), "ethmon-tshark-"));
  const file = join(directory, "queries.pcap");
  const frames = Array.from({ length: PACKETS }, (_, id) => ({
    atMs: genesisTimeS * 1000 + id * 1000,
    bytes: dnsQuery({ id, name: `${id % 4 === 0 ? "boot" : "peer"}-${id}.example.org` }),
  }));
  await writeFile(file, pcapFile(frames));
  const { status, stdout, stderr } = spawnSync("tshark", ["-r", file, "-T", "ek"]);
  expect(status, stderr.toString()).toBe(0);
  packets = Buffer.from(stdout);
});
afterAll(async () => {
  await receiver?.close();
  await rm(directory, { recursive: true, force: true });
});

async function bulk(query: string): Promise<{ errors: boolean; items: readonly unknown[] }> {
  const response = await fetch(`${receiver.elasticUrl}/_bulk?refresh=true${query}`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: packets,
  });
  return (await response.json()) as { errors: boolean; items: readonly unknown[] };
}

test("what tshark writes with -T ek goes into _bulk as it is, and each packet is found by its fields", async () => {
  const { errors, items } = await bulk("");
  expect({ errors, items: items.length }).toEqual({ errors: false, items: PACKETS });
  const found = await search(receiver.elasticUrl, "packets-*", {
    size: PACKETS,
    query: { prefix: { "layers.dns.dns_dns_qry_name.keyword": "boot-" } },
    aggs: { ports: { terms: { field: "layers.udp.udp_udp_dstport.keyword" } } },
  });
  const names = found.hits.hits.map(({ _source }) => _source.layers.dns.dns_dns_qry_name);
  expect(names.toSorted()).toEqual(
    Array.from({ length: PACKETS / 4 }, (_, at) => `boot-${4 * at}.example.org`).toSorted(),
  );
  expect(found.aggregations?.["ports"]?.buckets).toEqual([{ key: "53", doc_count: PACKETS / 4 }]);
});

test("a pipeline that reads tshark's own time puts its packets on the axis of slots", async () => {
  const dated = { processors: [{ date: { field: "timestamp", formats: ["UNIX_MS"] } }] };
  const put = await fetch(`${receiver.elasticUrl}/_ingest/pipeline/tshark`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(dated),
  });
  expect(put.status).toBe(200);
  const { errors } = await bulk("&pipeline=tshark");
  expect(errors).toBe(false);
  const found = await search(receiver.elasticUrl, "packets-*", {
    size: 0,
    query: { exists: { field: "@timestamp" } },
    aggs: { slots: { terms: { field: "ethereum.slot", order: { _key: "asc" } } } },
  });
  const perSlot = SLOT_MS / 1000;
  expect(found.aggregations?.["slots"]?.buckets.map(({ key, doc_count: packets }) => [key, packets])).toEqual(
    Array.from({ length: Math.ceil(PACKETS / perSlot) }, (_, slot) => [
      slot,
      Math.min(perSlot, PACKETS - slot * perSlot),
    ]),
  );
});
