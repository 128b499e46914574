import { readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ForeignItem, JsonObject } from "../src/events/foreign.ts";
import { createPipelines } from "../src/ingest/pipelines.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { createForeignSink } from "../src/store/foreign/foreign-sink.ts";
import type { ForeignTables } from "../src/store/foreign/foreign-tables.ts";
import { keepResult } from "./machine.ts";

/**
 * Documents of others a second on one thread, from a parsed item to what goes to the journal: mapping, values, place on
 * the chain and source. Of Beats' own samples, into a data stream, with and without ids.
 */
const SECONDS = 3;
const BATCH = 2_000;
const clock = systemClock();

/** Takes everything at once and forgets it. */
function nowhere(): ForeignTables & { bytes: number } {
  let seqNo = 0;
  const tables = {
    bytes: 0,
    indices: async () => [],
    append: async ({ records }: Parameters<ForeignTables["append"]>[0]) => {
      for (const { source } of records) tables.bytes += source.length;
      await nextTurn();
      return records.map(() => (seqNo += 1));
    },
    lookup: async () => new Map(),
    limit: () => undefined,
    drop: async () => undefined,
    settled: async () => undefined,
    full: () => false,
  };
  return tables;
}

function itemsOf(beat: string, withIds: boolean): (n: number) => ForeignItem {
  const file = fileURLToPath(new URL(`../test/data/beats-samples/${beat}.jsonl`, import.meta.url));
  const texts = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.includes('"@timestamp"'));
  const sources = texts.map((text) => JSON.parse(text) as JsonObject);
  return (n) => ({
    action: "create",
    index: `${beat}-9.2.0`,
    source: sources[n % sources.length] ?? {},
    text: texts[n % texts.length] ?? "{}",
    ...(withIds ? { id: `id-${n}` } : {}),
    receivedAtUs: clock.nowUs(),
  });
}

async function documentsASecond(itemOf: (n: number) => ForeignItem): Promise<number> {
  const tables = nowhere();
  const sink = createForeignSink({
    tables,
    templates: { all: () => new Map(), put: async () => undefined },
    pipelines: createPipelines({ nowUs: clock.nowUs }),
    place: (source) => ({ ...source, ethereum: { network: "mainnet", slot: 12_345_678, slot_index: 14 } }),
    clock,
    log: silentLog,
  });
  let done = 0;
  const started = process.cpuUsage();
  for (;;) {
    const outcomes = await sink.write(Array.from({ length: BATCH }, (_, n) => itemOf(done + n)));
    const failed = outcomes.find(({ status }) => status !== 201);
    if (failed !== undefined) throw new Error(`A document failed: ${failed.error?.reason}`);
    done += BATCH;
    const { user, system } = process.cpuUsage(started);
    if ((user + system) / 1e6 > SECONDS) return Math.round(done / ((user + system) / 1e6));
  }
}

const figures: Record<string, { documents_a_second: number; with_ids: number }> = {};
for (const beat of ["metricbeat", "packetbeat", "filebeat"]) {
  await documentsASecond(itemsOf(beat, false));
  figures[beat] = {
    documents_a_second: await documentsASecond(itemsOf(beat, false)),
    with_ids: await documentsASecond(itemsOf(beat, true)),
  };
  process.stdout.write(`${JSON.stringify({ what: "documents of others", beat, ...figures[beat] })}\n`);
}
keepResult("foreign", { beats: figures });
