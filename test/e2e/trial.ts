import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "../../devnet/devnet.ts";
import type { FaultLine } from "../../devnet/fault-log.ts";
import { kindNamed } from "../../devnet/kinds.ts";
import type { KindName, NodeKind } from "../../devnet/node-kind.ts";
import { parsePlan, type Step } from "../../devnet/plan.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import type { EngineName } from "../engines/engine.ts";
import { startTrialCluster, type TrialCluster } from "./cluster.ts";
import { compareWithTruth, type ExpectedClient } from "./compare.ts";
import { effectRows } from "./effects.ts";
import { findOutcome, firstWitnessed } from "./outcome.ts";
import { RAW_TOPICS, rawRows } from "./raw-events.ts";
import type { Row } from "./row.ts";
import { readTold, type Told } from "./told.ts";
import type { Truth } from "./truth.ts";
import { checkNodeTypes } from "./types.ts";
import { voteRows } from "./vote-rows.ts";
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

/**
 * Starts a network of a kind with the monitor on it, does a plan, and compares what was told with what happened. The
 * monitor stores in a real engine where one is named.
 */
export async function runTrial(input: {
  kindName: KindName;
  planText: string | undefined;
  engineName: EngineName | undefined;
  signal: AbortSignal;
  say(sentence: string): void;
}): Promise<Row[]> {
  const { kindName, planText, engineName, signal, say } = input;
  const trial = TRIALS[kindName];
  const plan = parsePlan(planText ?? trial.plan, kindName);
  const kind = kindNamed(kindName, { fuluEpoch: FULU_EPOCH, env: process.env });
  kind.install((sentence) => process.stderr.write(`${sentence}\n`));
  if (kindName === "fulu") checkNodeTypes();
  const clock = systemClock();
  const directory = await mkdtemp(join(tmpdir(), "devnet-e2e-"));
  say(`Three nodes are starting: ${kind.description}.`);
  say(`Logs, faults.jsonl and what was found are in ${directory}`);
  const cluster = engineName === undefined ? undefined : await startTrialCluster({ engineName, directory, signal });
  try {
    return await runOn({ kind, trial, plan, cluster, directory, clock, signal, say });
  } finally {
    await cluster?.stop();
  }
}

async function runOn(input: {
  kind: NodeKind;
  trial: Trial;
  plan: readonly Step[];
  cluster: TrialCluster | undefined;
  directory: string;
  clock: Clock;
  signal: AbortSignal;
  say(sentence: string): void;
}): Promise<Row[]> {
  const { kind, trial, plan, cluster, directory, clock, signal, say } = input;
  const faults: FaultLine[] = [];
  const onFault = (line: FaultLine) => {
    faults.push(line);
    say(`slot ${line.slot.toFixed(2)} ${line.kind} ${line.node ?? ""}`.trimEnd());
  };
  const devnet = await startDevnet({
    kind,
    directory,
    slotSeconds: SLOT_SECONDS,
    port: 0,
    clock,
    signal,
    onFault,
    ...(cluster === undefined ? {} : { monitorArgs: ["--config", cluster.configFile] }),
  });
  const witness = startWitness({ nodes: devnet.network.nodes, topics: trial.topics, clock });
  const listening = witness.listening.then(() => firstWitnessed(devnet.network));
  let judged: Judged;
  try {
    await Promise.race([devnet.run(plan), witness.failed]);
    signal.throwIfAborted();
    const firstSlot = await listening;
    judged = await judge({ devnet, witness, clock, signal, faults, directory, firstSlot, client: trial.client });
  } finally {
    witness.close();
    await devnet.close();
  }
  const { truth, told } = judged;
  const rows = cluster === undefined ? judged.rows : [...judged.rows, await cluster.row(told)];
  if (kind.name !== "fulu") return rows;
  const { rawEvents } = witness;
  const { hasBlobs } = kind;
  return [
    ...rows,
    ...voteRows({ rawEvents, truth, told, faults }),
    ...(await rawRows({ rawEvents, truth, told, faults, directory, cluster: cluster?.settings, hasBlobs })),
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
  const { truth, attestationDueMs } = await findOutcome({ devnet, witness, firstSlot, clock, signal });
  const told = await readTold(monitor.url, faults);
  await writeFile(join(directory, "truth.json"), JSON.stringify({ ...truth, headers: [...truth.headers.values()] }));
  await writeFile(join(directory, "told.json"), JSON.stringify(told));
  const rows = [
    ...compareWithTruth({ truth, told, faults, client }),
    ...effectRows({ truth, told, faults, network, attestationDueMs }),
  ];
  return { rows, truth, told };
}
