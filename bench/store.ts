import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogue } from "../src/events/catalogue.ts";
import type { Document } from "../src/events/document.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { sleep } from "../src/lib/sleep.ts";
import { createEmbeddedStore } from "../src/store/embedded/embedded-store.ts";

/** Documents a second through the embedded store, and how long one takes to be durable and to be searchable. */
const DOCUMENTS = 500_000;
const BATCH = 1000;
const LATENCY_RATE = 1000;
const LATENCY_SAMPLES = 300;

const clock = systemClock();
const directory = mkdtempSync(join(tmpdir(), "ethmon-bench-store-"));
const network = "bench";
const store = await createEmbeddedStore({
  directory,
  network,
  datasets: catalogue,
  clock,
  log: silentLog,
});

const dataset = catalogue.find(({ name }) => name === "ethereum.single_attestation");
if (dataset === undefined) throw new Error("the catalogue has no single attestations");
const root = `0x${"ab".repeat(32)}`;

/** A vote with every column of its dataset filled. */
function vote(number: number): Document {
  const fields: Record<string, string | number | boolean> = {};
  for (const { name, type } of (dataset as NonNullable<typeof dataset>).columns) {
    if (type === "keyword") fields[name] = name.includes("root") ? root : `node-${number % 5}`;
    else if (type === "boolean") fields[name] = number % 7 === 0;
    else if (type === "date") fields[name] = clock.nowUs();
    else if (type === "long" || type === "unsigned_long" || type === "double") fields[name] = number;
  }
  return { dataset: "ethereum.single_attestation", timestampUs: clock.nowUs(), fields };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function measureThroughput(): Promise<{ journaled: number; searchable: number }> {
  const startUs = clock.monoUs();
  for (let from = 0; from < DOCUMENTS; from += BATCH) {
    const documents = Array.from({ length: BATCH }, (_, i) => vote(from + i));
    while (store.state().queued > 50_000) await sleep(1);
    if (!store.offer(documents)) throw new Error("a document was dropped");
    if (from % (10 * BATCH) === 0) await sleep(0);
  }
  while (store.state().queued > 0 || store.state().journaled < DOCUMENTS) await sleep(1);
  const journaledUs = clock.monoUs() - startUs;
  await store.settled();
  const searchableUs = clock.monoUs() - startUs;
  return { journaled: (DOCUMENTS / journaledUs) * 1e6, searchable: (DOCUMENTS / searchableUs) * 1e6 };
}

/** Under a steady load of other documents. */
async function measureLatency(): Promise<{ durableMs: number[]; searchableMs: number[] }> {
  const durableMs: number[] = [];
  const searchableMs: number[] = [];
  const stop = new AbortController();
  const load = (async () => {
    for (let number = 0; !stop.signal.aborted; number++) {
      store.offer(Array.from({ length: LATENCY_RATE / 100 }, () => vote(number)));
      await sleep(10);
    }
  })();
  for (let i = 0; i < LATENCY_SAMPLES; i++) {
    const startUs = clock.monoUs();
    await store.append([vote(i)]);
    durableMs.push((clock.monoUs() - startUs) / 1000);
    await store.settled();
    searchableMs.push((clock.monoUs() - startUs) / 1000);
    await sleep(7);
  }
  stop.abort();
  await load;
  return { durableMs, searchableMs };
}

try {
  const { journaled, searchable } = await measureThroughput();
  const { durableMs, searchableMs } = await measureLatency();
  const rows: [string, string][] = [
    ["offer to durable, documents a second", Math.round(journaled).toString()],
    ["offer to searchable, documents a second", Math.round(searchable).toString()],
    [`append to durable at ${LATENCY_RATE}/s, p50 ms`, percentile(durableMs, 0.5).toFixed(1)],
    [`append to durable at ${LATENCY_RATE}/s, p99 ms`, percentile(durableMs, 0.99).toFixed(1)],
    [`append to searchable at ${LATENCY_RATE}/s, p50 ms`, percentile(searchableMs, 0.5).toFixed(1)],
    [`append to searchable at ${LATENCY_RATE}/s, p99 ms`, percentile(searchableMs, 0.99).toFixed(1)],
  ];
  for (const [what, value] of rows) process.stdout.write(`${what.padEnd(46)}${value.padStart(10)}\n`);
} finally {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
}
