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
import { parsePlan } from "../../devnet/plan.ts";
import { stopSignal } from "../../src/cli/stop-signal.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { isAborted, isFault, messageOf } from "../../src/lib/fault.ts";
import { compareWithTruth } from "./compare.ts";
import { effectRows } from "./effects.ts";
import { findOutcome, firstWitnessed, type Outcome } from "./outcome.ts";
import { type Row, tableOf } from "./row.ts";
import { readTold } from "./told.ts";
import { startWitness } from "./witness.ts";

const PLAN = "run:3,late:2:4:1600,run:2,miss:1:2,run:2,freeze:1:3,run:3,partition:3:5,run:5,cut:2:2,run:5";
const SLOT_SECONDS = 3;
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
    const firstSlot = firstWitnessed(devnet.network);
    try {
      await Promise.race([devnet.run(plan), witness.failed]);
      signal.throwIfAborted();
      const outcome = await findOutcome({ devnet, witness, firstSlot, clock, signal });
      return await judge({ outcome, devnet, faults, directory });
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

async function judge(input: { outcome: Outcome; devnet: Devnet; faults: readonly FaultLine[]; directory: string }) {
  const { outcome, devnet, faults, directory } = input;
  const { truth, attestationDueMs } = outcome;
  const told = await readTold(devnet.monitor.url);
  await writeFile(join(directory, "truth.json"), JSON.stringify({ ...truth, headers: [...truth.headers.values()] }));
  await writeFile(join(directory, "told.json"), JSON.stringify(told));
  return [
    ...compareWithTruth({ truth, told, faults }),
    ...effectRows({ truth, told, faults, network: devnet.network, attestationDueMs }),
  ];
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
