/**
 * Real nodes, real faults: starts the devnet with the monitor on it, does a plan of faults, and compares what the
 * monitor says with what happened, by the nodes' own REST and by a witness beside the monitor. Some minutes.
 */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import type { FaultLine } from "../../devnet/fault-log.ts";
import { installNodes } from "../../devnet/install.ts";
import type { Header } from "../../devnet/node-api.ts";
import { parsePlan } from "../../devnet/plan.ts";
import { stopSignal } from "../../src/cli/stop-signal.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { Fault, isAborted, isFault, messageOf } from "../../src/lib/fault.ts";
import { sleep } from "../../src/lib/sleep.ts";
import type { NodesAnswer, SlotsAnswer } from "../../src/serve/views.ts";
import { compareWithTruth } from "./compare.ts";
import { effectRows } from "./effects.ts";
import { type Row, tableOf } from "./row.ts";
import { ask, readTold } from "./told.ts";
import { findTruth } from "./truth.ts";
import { startWitness, type Witness } from "./witness.ts";

const PLAN = "run:3,late:2:4:1600,run:2,miss:1:2,run:2,freeze:1:3,run:3,partition:3:5,run:5,cut:2:2,run:5";
const SLOT_SECONDS = 3;
/** Slots at the end that are left out: they may still change. */
const UNSETTLED_SLOTS = 2;
const AGREED_WITHIN_MS = 90_000;
const SETTLED_WITHIN_MS = 60_000;
/** EX_TEMPFAIL of sysexits.h: nothing was proven, the same command may succeed later. */
const EXIT_TEMPORARY = 75;

const { values: options } = parseArgs({ options: { plan: { type: "string", default: PLAN } } });

try {
  const rows = await run(options.plan);
  say(tableOf(rows));
  const wrong = rows.filter(({ ok }) => !ok).length;
  say(wrong === 0 ? "All that happened was found, and nothing else." : `${wrong} of ${rows.length} lines are wrong.`);
  process.exitCode = wrong === 0 ? 0 : 1;
} catch (error) {
  const reason = isAborted(error) ? "It was interrupted; nothing was proven." : messageOf(error);
  process.stderr.write(`test:e2e: ${reason}\n`);
  process.exitCode = isAborted(error) || (isFault(error) && error.retry === "retryable") ? EXIT_TEMPORARY : 1;
}

async function run(planText: string): Promise<Row[]> {
  const plan = parsePlan(planText);
  installNodes((sentence) => process.stderr.write(`${sentence}\n`));
  const { signal, close } = stopSignal();
  const clock = systemClock();
  const directory = await mkdtemp(join(tmpdir(), "devnet-e2e-"));
  say(`Three nodes are starting; logs, faults.jsonl and what was found are in ${directory}`);
  const faults: FaultLine[] = [];
  const onFault = (line: FaultLine) => {
    faults.push(line);
    say(`slot ${line.slot.toFixed(2)} ${line.kind} ${line.node ?? ""}`.trimEnd());
  };
  try {
    const devnet = await startDevnet({ directory, slotSeconds: SLOT_SECONDS, port: 0, clock, signal, onFault });
    const witness = startWitness(devnet.network.nodes, clock);
    try {
      await Promise.race([devnet.run(plan), witness.failed]);
      signal.throwIfAborted();
      return await judge({ devnet, witness, clock, signal, faults, directory });
    } finally {
      witness.close();
      await devnet.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    close();
  }
}

async function judge(input: {
  devnet: Devnet;
  witness: Witness;
  clock: Clock;
  signal: AbortSignal;
  faults: readonly FaultLine[];
  directory: string;
}): Promise<Row[]> {
  const { devnet, witness, clock, signal, faults, directory } = input;
  const { network, monitor } = devnet;
  const head = await agreedHead({ devnet, clock, signal });
  const lastSlot = head.slot - UNSETTLED_SLOTS;
  const spec = await network.nodes[0]?.api.spec();
  const attestationDueMs = network.slotMs / Number(spec?.["INTERVALS_PER_SLOT"] ?? 3);
  const truth = await findTruth({
    network,
    attestationDueMs,
    firstSlot: 1,
    lastSlot,
    head,
    sightings: witness.sightings,
    headers: await witness.headers(),
  });
  await untilSettled({ url: monitor.url, lastSlot, clock, signal });
  const told = await readTold(monitor.url, faults);
  await writeFile(join(directory, "truth.json"), JSON.stringify({ ...truth, headers: [...truth.headers.values()] }));
  await writeFile(join(directory, "told.json"), JSON.stringify(told));
  return [
    ...compareWithTruth({ truth, told, faults }),
    ...effectRows({ truth, told, faults, network, attestationDueMs }),
  ];
}

/** The head that all nodes have. */
async function agreedHead(input: { devnet: Devnet; clock: Clock; signal: AbortSignal }): Promise<Header> {
  const { devnet, clock, signal } = input;
  const { network } = devnet;
  const lastUs = clock.monoUs() + AGREED_WITHIN_MS * 1000;
  while (clock.monoUs() < lastUs && !signal.aborted) {
    const heads = await Promise.all(network.nodes.map(({ api }) => api.header("head")));
    const head = heads[0];
    if (head !== undefined && heads.every((other) => other?.root === head.root)) return head;
    await sleep(200, signal);
  }
  signal.throwIfAborted();
  throw new Fault("devnet_split", "The nodes did not agree on a head after the plan.", { retry: "retryable" });
}

/** Waits until the monitor streams from all nodes again and has judged every slot; what is not by then is wrong. */
async function untilSettled(input: {
  url: string;
  lastSlot: number;
  clock: Clock;
  signal: AbortSignal;
}): Promise<void> {
  const { url, lastSlot, clock, signal } = input;
  const lastUs = clock.monoUs() + SETTLED_WITHIN_MS * 1000;
  while (clock.monoUs() < lastUs && !signal.aborted) {
    const { nodes } = await ask<NodesAnswer>(`${url}/api/v1/nodes`);
    const { slots } = await ask<SlotsAnswer>(`${url}/api/v1/slots?limit=100`);
    const isJudged = slots.every(({ slot, status }) => slot > lastSlot || status !== "pending");
    const hasGoneOn = slots.some(({ slot }) => slot > lastSlot + UNSETTLED_SLOTS);
    if (isJudged && hasGoneOn && nodes.every(({ state }) => state === "streaming")) return;
    await sleep(500, signal);
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
