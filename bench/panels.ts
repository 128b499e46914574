import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stopSignal } from "../src/cli/stop-signal.ts";
import { systemClock } from "../src/lib/clock.ts";
import { isAborted, isFault, messageOf } from "../src/lib/fault.ts";
import { keepResult } from "./machine.ts";
import { fillOwn } from "./panels/fill-own.ts";
import { FIRST_SLOT, SLOT_MS, SLOTS_PER_EPOCH } from "./panels/network-day.ts";
import { panelSearches } from "./panels/panel-searches.ts";
import { serverDocument } from "./panels/server-documents.ts";
import { type Contestant, OPENSEARCH_JVM, startEmbedded, startReference } from "./search/contestants.ts";
import { DAY_MS, type Day } from "./search/documents/day.ts";
import { load } from "./search/load.ts";
import { searchLines } from "./search/report.ts";
import { timeSearches } from "./search/time-searches.ts";

/**
 * Every shipped panel over 24 hours of five mainnet nodes, asked over HTTP of the program's own store and of a real
 * OpenSearch on this machine that holds the same documents. `--only ID,ID` asks some panels alone; `--embedded-only`
 * needs no JDK, and compares nothing.
 */
const { values: options } = parseArgs({
  options: {
    /** What the servers send in the day, beside the program's own documents. */
    servers: { type: "string", default: "400000" },
    repeat: { type: "string", default: "7" },
    only: { type: "string" },
    "embedded-only": { type: "boolean", default: false },
  },
});

/** EX_UNAVAILABLE of sysexits.h: something is not installed. */
const EXIT_MISSING = 69;
const HOUR_MS = 3_600_000;
/** What the product promises of a panel. */
const PROMISED_MS = 100;

const { signal, close } = stopSignal();
const started: Contestant[] = [];
const directories: string[] = [];
try {
  await measure();
} catch (error) {
  const wasStopped = signal.aborted || isAborted(error);
  process.stderr.write(`bench panels: ${wasStopped ? "It was interrupted." : messageOf(error)}\n`);
  process.exitCode = isFault(error, "tool_missing") ? EXIT_MISSING : 1;
} finally {
  for (const contestant of started) await contestant.stop();
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
  close();
}

async function measure(): Promise<void> {
  const [servers, repeat] = [numberOf("servers"), numberOf("repeat")];
  const only = options.only?.split(",");
  const searches = panelSearches().filter(({ name }) => only === undefined || only.includes(name));
  if (searches.length === 0) throw new Error(`There is no panel ${options.only}.`);
  const endMs = Math.floor(systemClock().nowUs() / 1000 / HOUR_MS) * HOUR_MS;
  const day: Day = { startMs: endMs - DAY_MS, endMs, documents: servers, seed: 1 };

  // What is missing is told before anything is loaded.
  if (!options["embedded-only"]) {
    const reference = await startReference(signal);
    started.push(reference);
    await fillOwn({ directory: await newDirectory(), cluster: reference.url, startMs: day.startMs, signal });
  }
  const directory = await newDirectory();
  const own = await fillOwn({ directory, startMs: day.startMs, signal });
  say(`${own} documents of the program and ${servers} of servers in each store.`);
  const embedded = await startEmbedded({
    directory,
    genesisTimeS: day.startMs / 1000 - (FIRST_SLOT * SLOT_MS) / 1000,
    spec: {
      CONFIG_NAME: "mainnet",
      SECONDS_PER_SLOT: String(SLOT_MS / 1000),
      SLOTS_PER_EPOCH: String(SLOTS_PER_EPOCH),
    },
  });
  started.unshift(embedded);
  for (const contestant of started) {
    await load({ contestant, count: servers, documentAt: (number) => serverDocument(day, number), signal });
  }
  const timed = await timeSearches({ contestants: started, searches, endMs, repeat, signal });
  say(
    searchLines(
      timed,
      started.map(({ name }) => name),
    ).join("\n"),
  );
  const slow = timed.filter(({ p50Ms }) => (p50Ms.embedded ?? 0) >= PROMISED_MS);
  say(`${timed.length - slow.length} of ${timed.length} took less than ${PROMISED_MS} ms in the embedded store.`);
  for (const { search } of slow) say(`Over ${PROMISED_MS} ms: ${search}.`);
  if (only === undefined && !options["embedded-only"]) {
    const jvm = OPENSEARCH_JVM.join(" ");
    keepResult("panels", { own_documents: own, server_documents: servers, repeat, opensearch_jvm: jvm, panels: timed });
  }
  if (timed.some(({ difference, failure }) => (difference ?? failure) !== undefined)) process.exitCode = 1;
}

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-bench-panels-"));
  directories.push(directory);
  return directory;
}

function numberOf(name: "servers" | "repeat"): number {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1 on.`);
  return value;
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
