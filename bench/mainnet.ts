import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { sleep } from "../src/lib/sleep.ts";
import { keepResult } from "./machine.ts";
import { addressOf, linesOf, startEthmon } from "./processes.ts";
import { type LoadedSample, readStoredVotes } from "./stored-votes.ts";
import { processTree, usageOf } from "./usage.ts";

/**
 * The whole program on five simulated mainnet nodes, each in a process of its own and with the stream of the live page
 * open: resident memory, CPU, time from an event's arrival to its searchable row, bytes on the disk; then a burst.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "2" },
    burst: { type: "string", default: "70000:12" },
    "node-args": { type: "string", default: "" },
  },
});
const MINUTES = Number(values.minutes);
const POLL_MS = 50;
const OFFLINE = fileURLToPath(new URL("../test/rigs/offline.json", import.meta.url));
/** The nodes begin 5 s after they start; the burst one slot later. */
const BEFORE_BURST_S = 5 + 12;
const TOPICS = ["head", "block", "block_gossip", "finalized_checkpoint", "single_attestation", "attestation"].concat([
  "contribution_and_proof",
  "data_column_sidecar",
]);

type Health = { store: { journaled: number; loaded: number; queued: number; dropped: number } };
type Nodes = { nodes: { events: number }[] };

async function measure(options: { what: string; seconds: number; burst?: string }): Promise<object> {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-bench-mainnet-"));
  const simulation = startEthmon([
    "simulate",
    "--mainnet",
    ...(options.burst === undefined ? [] : ["--burst", options.burst]),
  ]);
  const nodes = await linesOf(simulation, 5);
  const nodeArgs = values["node-args"].split(" ").filter(Boolean);
  const started = ["run", "--port", "0", "--data", directory, "--config", OFFLINE, "--log-level", "warn"];
  const monitor = startEthmon([...started, ...nodes.flatMap((node) => ["--node", node])], nodeArgs);
  const url = await addressOf(monitor);
  const live = new AbortController();
  void readAll(`${url}/api/v1/stream`, live.signal);
  const samples: LoadedSample[] = [];
  let mostQueued = 0;
  const peak = { monitor: 0, database: 0, simulation: 0 };
  let sending = true;
  const look = async () => {
    const { store } = (await (await fetch(`${url}/api/v1/health`)).json()) as Health;
    samples.push({ atUs: Math.round((performance.timeOrigin + performance.now()) * 1000), position: store.loaded });
    mostQueued = Math.max(mostQueued, store.queued);
    const [main, ...others] = processTree(monitor.pid).map((pid) => usageOf(pid).residentMegabytes);
    peak.monitor = Math.max(peak.monitor, main ?? 0);
    peak.database = Math.max(
      peak.database,
      others.reduce((sum, one) => sum + one, 0),
    );
    if (sending) peak.simulation = Math.max(peak.simulation, usageOf(simulation.pid).residentMegabytes);
    return store;
  };
  const endsMs = performance.now() + options.seconds * 1000;
  while (performance.now() < endsMs) {
    await look();
    await sleep(POLL_MS);
  }
  const cpu = processTree(monitor.pid).map((pid) => usageOf(pid).cpuSeconds);
  const simulationCpu = usageOf(simulation.pid).cpuSeconds;
  sending = false;
  await simulation.stop();
  for (let store = await look(), calm = 0; calm < 20; store = await look()) {
    calm = store.queued === 0 && store.loaded === store.journaled ? calm + 1 : 0;
    await sleep(POLL_MS);
  }
  const received = await eventsReceived(url);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  live.abort();
  await monitor.stop();
  const stored = await readStoredVotes(join(directory, "ethmon.duckdb"), samples);
  await rm(directory, { recursive: true, force: true });
  const events = TOPICS.reduce((sum, topic) => sum + (stored.rows[`ethereum.${topic}`] ?? 0), 0);
  const total = cpu.reduce((sum, one) => sum + one, 0);
  return {
    what: options.what,
    seconds: options.seconds,
    events_sent: Number(/"events":(\d+)/.exec(simulation.errors())?.[1]),
    events_received: received,
    events_stored: events,
    events_lost: received - events,
    quarantined: stored.rows["ethereum.quarantine"] ?? 0,
    events_a_second: Math.round(events / options.seconds),
    event_to_row_p50_ms: stored.p50Ms,
    event_to_row_p99_ms: stored.p99Ms,
    event_to_row_most_ms: stored.mostMs,
    bytes_a_vote_on_disk: stored.bytesAVote,
    intake_high_water: metricOf(metrics, 'ethmon_queue_high_water_items{queue="intake"}'),
    journal_queue_most: mostQueued,
    resident_megabytes_most: {
      monitor: Math.round(peak.monitor),
      database: Math.round(peak.database),
      all: Math.round(peak.monitor + peak.database),
      generator: Math.round(peak.simulation),
    },
    cpu_seconds: { monitor: cpu[0], database: Number((total - (cpu[0] ?? 0)).toFixed(2)), generator: simulationCpu },
    cpu_us_an_event: Number(((total * 1e6) / events).toFixed(1)),
  };
}

/** The live page's stream, read and thrown away. */
async function readAll(url: string, signal: AbortSignal): Promise<void> {
  try {
    const response = await fetch(url, { signal });
    for await (const chunk of response.body ?? []) void chunk;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function eventsReceived(url: string): Promise<number> {
  const { nodes } = (await (await fetch(`${url}/api/v1/nodes`)).json()) as Nodes;
  return nodes.reduce((sum, { events }) => sum + events, 0);
}

function metricOf(metrics: string, name: string): number {
  const line = metrics.split("\n").find((one) => one.startsWith(name));
  return Number(line?.slice(name.length));
}

const [rate = 0, seconds = 0] = values.burst.split(":").map(Number);
const steady = await measure({ what: "mainnet's rate from five nodes", seconds: Math.round(MINUTES * 60) });
process.stdout.write(`${JSON.stringify(steady, null, 2)}\n`);
const burst = await measure({
  what: `the same with a burst of ${rate} votes a second for ${seconds} s`,
  seconds: BEFORE_BURST_S + seconds + 5,
  burst: values.burst,
});
process.stdout.write(`${JSON.stringify(burst, null, 2)}\n`);
keepResult("mainnet", { steady, burst });
