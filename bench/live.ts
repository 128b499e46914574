import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { createCollector } from "../src/collect/collector.ts";
import { createBroadcaster } from "../src/lib/broadcast.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";
import { sleep } from "../src/lib/sleep.ts";
import { createIntake } from "../src/run/intake.ts";
import { createFactsBook } from "../src/run/node-facts.ts";
import { startWatch, type Watch } from "../src/run/watch.ts";
import type { LiveItem } from "../src/serve/source.ts";
import type { SenderOptions } from "./live-sender.ts";
import { keepResult } from "./machine.ts";

/**
 * Events from the socket of a beacon node to rows that a search finds, the whole way of the program but its pages.
 * What is sent at once fits the intake, so that nothing need be dropped; the sender's share of the machine is in it.
 */
const AT_ONCE = { single_attestation: 1_200_000, head: 60_000 };
const RATE = 2_000;
const RATED_SECONDS = 10;
const POLL_MS = 10;

const clock = systemClock();
const nowMs = () => clock.nowUs() / 1000;

async function measure(options: Omit<SenderOptions, "genesisTimeS">) {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-bench-live-"));
  const workerData: SenderOptions = { ...options, genesisTimeS: Math.floor(nowMs() / 1000) - 3_600 };
  const sender = new Worker(new URL("./live-sender.ts", import.meta.url), { workerData });
  const sentMs: number[] = [];
  const port = await new Promise<number>((resolve) => {
    sender.on("message", (message: { port?: number; sentTo?: number; atMs?: number }) => {
      if (message.port !== undefined) resolve(message.port);
      while (message.sentTo !== undefined && sentMs.length < message.sentTo) sentMs.push(message.atMs ?? 0);
    });
  });
  const ending = new AbortController();
  const intake = createIntake(clock);
  const shared = { clock, log: silentLog, signal: ending.signal };
  const opened = Promise.withResolvers<Watch>();
  const collector = createCollector({
    ...shared,
    nodes: [{ name: "bench", url: `http://127.0.0.1:${port}` }],
    topics: [options.topic],
    gatherVotes: true,
    emit: intake.emit,
    async onChain(chain) {
      const watch = startWatch({
        ...shared,
        chain,
        directory,
        retention: { votesMs: 86_400_000, rawMs: 86_400_000, diskBytes: 20e9 },
        nodes: ["bench"],
        intake,
        facts: createFactsBook(),
        live: createBroadcaster<LiveItem>(),
        requestBlock: () => undefined,
      });
      opened.resolve(watch);
      await watch;
    },
  });
  const { store, done } = await opened.promise;
  const latenciesMs: number[] = [];
  let found = 0;
  while (found < options.events) {
    const { hits } = await store
      .search(`logs-ethereum.${options.topic}-bench`, { sort: [{ _seq: "desc" }], size: 1, track_total_hits: false })
      .catch(() => ({ hits: { hits: [] } }));
    const atMs = nowMs();
    const newest = numberOf(hits.hits[0]?._source["ethereum"] as Numbered | undefined);
    if (newest !== undefined) {
      for (; found <= newest; found += 1) latenciesMs.push(atMs - (sentMs[found] ?? atMs));
    }
    await sleep(POLL_MS);
  }
  const seconds = (nowMs() - (sentMs[0] ?? 0)) / 1000;
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => Math.round(latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0);
  const figures = {
    what: options.eventsASecond === undefined ? "socket to searchable, at once" : "socket to searchable, at a rate",
    topic: options.topic,
    events: options.events,
    events_a_second: Math.round(options.events / seconds),
    p50_ms: at(0.5),
    p99_ms: at(0.99),
    dropped: intake.counts().dropped + store.state().dropped,
    resident_megabytes: Math.round(process.memoryUsage().rss / 1e6),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  await sender.terminate();
  collector.stop();
  await collector.stopped;
  intake.close();
  await done;
  await store.close();
  ending.abort();
  await rm(directory, { recursive: true, force: true });
  return figures;
}

type Numbered = { validator?: { index: number }; block?: { root: string } };

/** The number that the sender gave an event. */
function numberOf(event: Numbered | undefined): number | undefined {
  return event?.validator?.index ?? (event?.block && Number.parseInt(event.block.root.slice(-8), 16));
}

const results: object[] = [];
for (const topic of ["single_attestation", "head"] as const) {
  results.push(await measure({ topic, events: AT_ONCE[topic], eventsASecond: undefined }));
  results.push(await measure({ topic, events: RATE * RATED_SECONDS, eventsASecond: RATE }));
}
keepResult("live", { results });
