import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { stopSignal } from "../src/cli/stop-signal.ts";
import { isAborted, isFault, messageOf } from "../src/lib/fault.ts";
import { sleep } from "../src/lib/sleep.ts";
import { type Drained, drain, giveOthers } from "./cluster/drain.ts";
import { watchLag } from "./cluster/lag.ts";
import { drainLines, spanLines, type WatchedSpan, writtenLines } from "./cluster/report.ts";
import { type Rig, startRig } from "./cluster/rig.ts";
import { mergeAll, readWritten, type Written, writtenBetween } from "./cluster/written.ts";
import { keepResult } from "./machine.ts";
import { OPENSEARCH_JVM } from "./search/contestants.ts";

/**
 * The whole program on simulated mainnet nodes, storing in a real OpenSearch of one node: what it writes by dataset, how
 * long until that is found, what it costs; then how fast a journal drains that waited while the cluster was away, with
 * documents of the chain and with those of Beats; and last the same nodes with every single vote.
 */
const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "3" },
    nodes: { type: "string", default: "5" },
    /** Documents of Beats that wait while the cluster is away. */
    others: { type: "string", default: "50000" },
    "votes-seconds": { type: "string", default: "40" },
  },
});

/** EX_UNAVAILABLE of sysexits.h: something is not installed. */
const EXIT_MISSING = 69;
const LOOK_EVERY_MS = 1_000;
const SLOT_S = 12;
const AWAY_S = 60;

const { signal, close } = stopSignal();
const rigs: Rig[] = [];
try {
  const [minutes, nodes] = [numberOf("minutes"), numberOf("nodes")];
  const loadBefore = readLoad();
  const quiet = await startRig({ nodes, votes: false, signal });
  rigs.push(quiet);
  await quiet.warm();
  const watched = await watch(quiet, { seconds: minutes * 60 });
  const own = await drainOwn(quiet);
  await giveOthers(quiet, { count: numberOf("others"), signal });
  const others = await drain(quiet, signal);
  await mergeAll(quiet.client);
  const merged = [...(await readWritten(quiet.client)).values()];
  await quiet.close();
  rigs.pop();

  const loud = await startRig({ nodes, votes: true, signal });
  rigs.push(loud);
  await loud.warm();
  const withVotes = await watch(loud, { seconds: numberOf("votes-seconds") });
  const { journaled, loaded } = await loud.health();
  await loud.stopNodes();
  loud.gate.shut();
  await mergeAll(loud.client);
  const votes = [...(await readWritten(loud.client)).values()].filter(({ growth }) => growth === "vote");

  const figures = {
    nodes,
    opensearch_jvm: OPENSEARCH_JVM.join(" "),
    load_average: { before: loadBefore, after: readLoad() },
    watched,
    drained: { own, others },
    merged,
    with_votes: { ...withVotes, waiting_at_the_end: journaled - loaded, merged: votes },
  };
  say([`${nodes} nodes, votes not stored`, "", ...spanLines(watched), "", ...writtenLines(watched, merged), ""]);
  say([...drainLines({ "documents of the chain": own, "documents of Beats, mixed": others }), ""]);
  say([`${nodes} nodes, every vote stored`, "", ...spanLines(withVotes), "", ...writtenLines(withVotes, votes)]);
  say([`${journaled - loaded} documents waited in the journal at the end`]);
  keepResult("cluster", figures);
} catch (error) {
  const wasStopped = signal.aborted || isAborted(error);
  process.stderr.write(`bench cluster: ${wasStopped ? "It was interrupted." : messageOf(error)}\n`);
  process.exitCode = isFault(error, "tool_missing") ? EXIT_MISSING : 1;
} finally {
  for (const rig of rigs) await rig.close();
  close();
}

/** A span of time in which nothing is done but watched. */
async function watch(rig: Rig, { seconds }: { seconds: number }): Promise<WatchedSpan> {
  const lag = await watchLag(rig.client);
  const before = { written: await readWritten(rig.client), usage: rig.usage(), passed: rig.gate.passed() };
  const startedMs = performance.now();
  const most = { monitorMb: 0, engineMb: 0, waiting: 0 };
  while (performance.now() < startedMs + seconds * 1000) {
    await sleep(LOOK_EVERY_MS, signal);
    signal.throwIfAborted();
    const { monitor, engine } = rig.usage();
    const { journaled, loaded } = await rig.health();
    most.monitorMb = Math.max(most.monitorMb, monitor.nowMb);
    most.engineMb = Math.max(most.engineMb, engine.nowMb);
    most.waiting = Math.max(most.waiting, journaled - loaded);
  }
  const spanSeconds = (performance.now() - startedMs) / 1000;
  const after = rig.usage();
  const passed = rig.gate.passed();
  const found = await lag.stop();
  const written: Written[] = writtenBetween(before.written, await readWritten(rig.client));
  return {
    seconds: spanSeconds,
    slots: spanSeconds / SLOT_S,
    written,
    bulkRequests: passed.bulkRequests - before.passed.bulkRequests,
    bulkBytes: passed.bulkBytes - before.passed.bulkBytes,
    lag: found,
    mostMb: { monitor: most.monitorMb, engine: most.engineMb },
    mostWaiting: most.waiting,
    cpuSeconds: {
      monitor: after.monitor.cpuSeconds - before.usage.monitor.cpuSeconds,
      engine: after.engine.cpuSeconds - before.usage.engine.cpuSeconds,
    },
  };
}

/** What the nodes tell in a minute waits, and is drained when they are silent. */
async function drainOwn(rig: Rig): Promise<Drained> {
  rig.gate.shut();
  await sleep(AWAY_S * 1000, signal);
  signal.throwIfAborted();
  await rig.stopNodes();
  await sleep(LOOK_EVERY_MS, signal);
  return drain(rig, signal);
}

/** Mean number of runnable processes in the last minute: what else the machine had to do. */
function readLoad(): number {
  return Number(readFileSync("/proc/loadavg", "utf8").split(" ")[0]);
}

function numberOf(name: "minutes" | "nodes" | "others" | "votes-seconds"): number {
  const value = Number(options[name]);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} is a number above 0.`);
  return value;
}

function say(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
