import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import type { FaultLine } from "../../devnet/fault-log.ts";
import { kindNamed } from "../../devnet/kinds.ts";
import type { Header } from "../../devnet/node-api.ts";
import type { KindName } from "../../devnet/node-kind.ts";
import { parsePlan } from "../../devnet/plan.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { Fault } from "../../src/lib/fault.ts";
import { sleep } from "../../src/lib/sleep.ts";
import type { NodesAnswer, SlotsAnswer } from "../../src/serve/views.ts";
import { compareWithTruth, type ExpectedClient } from "./compare.ts";
import { effectRows } from "./effects.ts";
import { RAW_TOPICS, rawRows } from "./raw-events.ts";
import type { Row } from "./row.ts";
import { ask, readTold, type Told } from "./told.ts";
import { findTruth, type Truth } from "./truth.ts";
import { checkNodeTypes } from "./types.ts";
import { startWitness, type Witness } from "./witness.ts";

/** What is tried on a kind of nodes, and what they are then told by. */
type Trial = { plan: string; client: ExpectedClient; topics: readonly string[] };

const TRIALS: Readonly<Record<KindName, Trial>> = {
  lodestar: {
    plan: "run:3,late:2:4:1600,run:2,miss:1:2,run:2,freeze:1:3,run:3,partition:3:5,run:5,cut:2:2,run:5",
    client: { family: "Lodestar", version: "Lodestar/v1.5.1/" },
    topics: ["block", "head"],
  },
  fulu: {
    plan: "run:2,late:2:2:1600,run:1,freeze:1:4,run:2,partition:1:4,run:2,equivocate:1:1,run:2,skew:2:3:1500,run:1,cut:2:2,run:3",
    client: { family: "ethmon-devnode", version: "ethmon-devnode/0.1.0" },
    topics: ["block_gossip", "block", "head", ...RAW_TOPICS],
  },
};
/** Two epochs of Electra come first: the fork happens during the trial. */
const FULU_EPOCH = 2;
const SLOT_SECONDS = 3;
/** Slots at the end that are left out: they may still change. */
const UNSETTLED_SLOTS = 2;
const AGREED_WITHIN_MS = 90_000;
const SETTLED_WITHIN_MS = 60_000;

/** Starts a network of a kind with the monitor on it, does a plan, and compares what was told with what happened. */
export async function runTrial(input: {
  kindName: KindName;
  planText: string | undefined;
  signal: AbortSignal;
  say(sentence: string): void;
}): Promise<Row[]> {
  const { kindName, planText, signal, say } = input;
  const trial = TRIALS[kindName];
  const plan = parsePlan(planText ?? trial.plan, kindName);
  const kind = kindNamed(kindName, { fuluEpoch: FULU_EPOCH, env: process.env });
  kind.install((sentence) => process.stderr.write(`${sentence}\n`));
  if (kindName === "fulu") checkNodeTypes();
  const clock = systemClock();
  const directory = await mkdtemp(join(tmpdir(), "devnet-e2e-"));
  say(`Three nodes are starting: ${kind.description}.`);
  say(`Logs, faults.jsonl and what was found are in ${directory}`);
  const faults: FaultLine[] = [];
  const onFault = (line: FaultLine) => {
    faults.push(line);
    say(`slot ${line.slot.toFixed(2)} ${line.kind} ${line.node ?? ""}`.trimEnd());
  };
  const devnet = await startDevnet({ kind, directory, slotSeconds: SLOT_SECONDS, port: 0, clock, signal, onFault });
  const witness = startWitness({ nodes: devnet.network.nodes, topics: trial.topics, clock });
  // On a busy machine slots pass before the nodes are connected, and the monitor alone hears of their blocks.
  const firstSlot = Math.max(1, Math.floor(devnet.network.slotNow()) + 2);
  let judged: Judged;
  try {
    await Promise.race([devnet.run(plan), witness.failed]);
    signal.throwIfAborted();
    judged = await judge({ devnet, witness, clock, signal, faults, directory, firstSlot, client: trial.client });
  } finally {
    witness.close();
    await devnet.close();
  }
  const { rows, truth, told } = judged;
  if (kindName !== "fulu") return rows;
  return [
    ...rows,
    ...(await rawRows({ rawEvents: witness.rawEvents, truth, told, faults, directory, hasBlobs: kind.hasBlobs })),
  ];
}

type Judged = { rows: Row[]; truth: Truth; told: Told };

async function judge(input: {
  devnet: Devnet;
  witness: Witness;
  clock: Clock;
  signal: AbortSignal;
  faults: readonly FaultLine[];
  directory: string;
  firstSlot: number;
  client: ExpectedClient;
}): Promise<Judged> {
  const { devnet, witness, clock, signal, faults, directory, firstSlot, client } = input;
  const { network, monitor } = devnet;
  const head = await agreedHead({ devnet, clock, signal });
  const lastSlot = head.slot - UNSETTLED_SLOTS;
  const spec = await network.nodes[0]?.api.spec();
  const attestationDueMs = network.slotMs / Number(spec?.["INTERVALS_PER_SLOT"] ?? 3);
  // Before the headers: each block that is seen up to now has one.
  const sightings = [...witness.sightings];
  const truth = await findTruth({
    network,
    attestationDueMs,
    firstSlot,
    lastSlot,
    head,
    sightings,
    headers: await witness.headers(),
  });
  await untilSettled({ url: monitor.url, lastSlot, clock, signal });
  const told = await readTold(monitor.url);
  await writeFile(join(directory, "truth.json"), JSON.stringify({ ...truth, headers: [...truth.headers.values()] }));
  await writeFile(join(directory, "told.json"), JSON.stringify(told));
  const rows = [
    ...compareWithTruth({ truth, told, faults, client }),
    ...effectRows({ truth, told, faults, network, attestationDueMs }),
  ];
  return { rows, truth, told };
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
