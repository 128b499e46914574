import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { catalogue } from "../src/events/catalogue.ts";
import type { ForeignItem, JsonObject } from "../src/events/foreign.ts";
import type { JsonObject as IngestedObject } from "../src/ingest/document/json.ts";
import { createPipelines } from "../src/ingest/pipelines.ts";
import { placeOnChain } from "../src/ingest/place-on-chain.ts";
import { systemClock } from "../src/lib/clock.ts";
import { messageOf } from "../src/lib/fault.ts";
import { silentLog } from "../src/lib/log.ts";
import { sleep } from "../src/lib/sleep.ts";
import type { QueryBody, SearchRequest } from "../src/search/request.ts";
import { readHosts } from "../src/serve/hosts/read-hosts.ts";
import { spanOfTime } from "../src/serve/hosts/span.ts";
import { createEmbeddedStore } from "../src/store/embedded/embedded-store.ts";
import { createForeignSink } from "../src/store/foreign/foreign-sink.ts";
import { chainAxis, network } from "../test/rigs/serve-fixtures.ts";
import { BEATS, NODES, PERIOD_MS } from "./host-load.ts";
import { keepResult } from "./machine.ts";

/**
 * Five servers with Metricbeat, Filebeat (10 lines a second) and Packetbeat (2 flows a second) in the embedded store:
 * how long the panels of the servers take, and searches over the same documents; the best of five runs, idle.
 */
const { values } = parseArgs({ options: { hours: { type: "string", default: "1" } } });
const HOURS = Number(values.hours);
const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 10, 23);
const END_MS = START_MS + HOURS * HOUR_MS;
const RUNS = 5;
/** Documents that may wait, so that what is measured is no queue. */
const MOST_WAITING = 20_000;

const clock = systemClock();
const directory = mkdtempSync(join(tmpdir(), "ethmon-bench-hosts-"));
const store = await createEmbeddedStore({
  directory,
  network: network.name,
  datasets: catalogue,
  clock,
  log: silentLog,
});
const sink = createForeignSink({
  tables: store.foreign,
  templates: { all: () => new Map(), put: async () => undefined },
  pipelines: createPipelines({ nowUs: clock.nowUs }),
  place: (source) =>
    placeOnChain({
      source: source as IngestedObject,
      chain: chainAxis,
      nodeOf: (name) => NODES.find((node) => name === `${node}.example`),
    }) as JsonObject,
  clock,
  log: silentLog,
});

async function load(): Promise<number> {
  let documents = 0;
  for (let atMs = START_MS; atMs < END_MS; atMs += PERIOD_MS) {
    const items = BEATS.flatMap(({ index, ofPeriod }) =>
      ofPeriod(atMs).map(
        (source): ForeignItem => ({
          action: "create",
          index,
          source,
          text: JSON.stringify(source),
          receivedAtUs: clock.nowUs(),
        }),
      ),
    );
    while (store.state().journaled - store.state().loaded > MOST_WAITING) await sleep(5);
    const failed = (await sink.write(items)).find(({ status }) => status !== 201);
    if (failed !== undefined) throw new Error(`A document failed: ${failed.error?.reason}`);
    documents += items.length;
  }
  await store.settled();
  return documents;
}

async function best(run: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i += 1) {
    const startUs = clock.monoUs();
    await run();
    least = Math.min(least, (clock.monoUs() - startUs) / 1000);
  }
  return Math.round(least * 10) / 10;
}

const panels = (fromMs: number) => () =>
  readHosts(
    { store, nodes: NODES, allNodes: NODES, network: network.name, signal: AbortSignal.timeout(60_000) },
    { span: spanOfTime(network, { fromMs, toMs: END_MS }), axis: network },
  );

const within = {
  range: { "@timestamp": { gte: new Date(START_MS).toISOString(), lt: new Date(END_MS).toISOString() } },
};
const search = (index: string, query: QueryBody, aggs?: SearchRequest["aggs"]) => () =>
  store.search(index, {
    size: 0,
    track_total_hits: true,
    query: { bool: { filter: [within, query] } },
    ...(aggs === undefined ? {} : { aggs }),
  });
const anyOf = (field: string, kind: "term" | "match_phrase") => ({
  bool: { should: Array.from({ length: 20 }, (_, i) => ({ [kind]: { [field]: `process-${i}` } })) as QueryBody[] },
});
const byMinute = { date_histogram: { field: "@timestamp", fixed_interval: "1m" } };
const METRICS = "metricbeat-*";

const SEARCHES: Readonly<Record<string, () => Promise<unknown>>> = {
  "hosts, 5 nodes, 1 h": panels(END_MS - HOUR_MS),
  ...(HOURS > 1 ? { [`hosts, 5 nodes, ${HOURS} h`]: panels(START_MS) } : {}),
  count: search(METRICS, { match_all: {} }),
  "term on a keyword": search(METRICS, { term: { "process.name": "process-3" } }),
  "20 terms in a should": search(METRICS, anyOf("process.name", "term")),
  "20 phrases in a should": search(METRICS, anyOf("process.name", "match_phrase")),
  "date_histogram and avg": search(
    METRICS,
    { match_all: {} },
    {
      minutes: { ...byMinute, aggs: { mean: { avg: { field: "system.process.memory.rss.bytes" } } } },
    },
  ),
  "terms and avg": search(
    METRICS,
    { match_all: {} },
    {
      names: {
        terms: { field: "process.name", size: 10 },
        aggs: { mean: { avg: { field: "system.process.cpu.total.pct" } } },
      },
    },
  ),
  "a rare word in lines": search("filebeat-*", { match: { message: "equivocation" } }),
  "a common word in lines": search("filebeat-*", { match: { message: "attestation" } }),
  "a phrase in lines": search("filebeat-*", { match_phrase: { message: "sync published" } }),
  "newest 50 lines": () => store.search("filebeat-*", { size: 50, query: within, sort: [{ "@timestamp": "desc" }] }),
};

const figures: Record<string, number> = {};
const tell = (what: string, value: number): void => {
  figures[what] = value;
  process.stdout.write(`${what.padEnd(46)}${String(value).padStart(10)}\n`);
};

try {
  const startUs = clock.monoUs();
  const documents = await load();
  tell("documents", documents);
  tell("documents a second to searchable", Math.round(documents / ((clock.monoUs() - startUs) / 1e6)));
  const { datasets } = await store.use();
  tell("bytes a document on the disk", Math.round(datasets.reduce((sum, { bytes }) => sum + bytes, 0) / documents));
  for (const [what, run] of Object.entries(SEARCHES)) {
    const ms = await best(run).catch((error: unknown) => {
      process.stdout.write(`${what}: ${messageOf(error)}\n`);
      return Number.NaN;
    });
    tell(`${what}, ms`, ms);
  }
  keepResult("hosts", { hours: HOURS, ...figures });
} finally {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
}
