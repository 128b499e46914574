import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopSignal } from "../src/cli/stop-signal.ts";
import { systemClock } from "../src/lib/clock.ts";
import { isAborted, isFault, messageOf } from "../src/lib/fault.ts";
import { type Devnet, startDevnet } from "./devnet.ts";
import type { FaultLine } from "./fault-log.ts";
import { kindNamed } from "./kinds.ts";
import { type DevnetOptions, HELP, readOptions } from "./options.ts";

/** Starts real nodes and the monitor on them, does what the plan says, and runs until Ctrl-C. See README.md. */
const EXIT_FAULT = 1;
/** EX_TEMPFAIL of sysexits.h: the same command may succeed later. */
const EXIT_TEMPORARY = 75;

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) say(HELP.trimEnd());
  else await run(options);
} catch (error) {
  if (!isAborted(error)) {
    process.stderr.write(`devnet: ${messageOf(error)}\n`);
    process.exitCode = isFault(error) && error.retry === "retryable" ? EXIT_TEMPORARY : EXIT_FAULT;
  }
}

async function run({ kind: kindName, fuluEpoch, slotSeconds, port, plan }: DevnetOptions): Promise<void> {
  const kind = kindNamed(kindName, { fuluEpoch, env: process.env });
  kind.install((sentence) => process.stderr.write(`${sentence}\n`));
  const { signal, close } = stopSignal();
  const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  const directory = await mkdtemp(join(tmpdir(), "devnet-"));
  say(`Three nodes are starting: ${kind.description}.`);
  say(`Logs and faults.jsonl are in ${directory}`);
  try {
    const devnet = await startDevnet({
      kind,
      directory,
      slotSeconds,
      port,
      clock: systemClock(),
      signal,
      onFault: sayFault,
    });
    try {
      sayWhere(devnet, slotSeconds);
      await Promise.race([devnet.run(plan), stopped]);
      if (!signal.aborted) say(plan.length > 0 ? "The plan is done; Ctrl-C ends all." : "Ctrl-C ends all.");
      await Promise.race([devnet.failed, stopped]);
    } finally {
      say("Ending ...");
      await devnet.close();
    }
  } catch (error) {
    // What Ctrl-C interrupted is no failure.
    if (!signal.aborted) throw error;
  } finally {
    close();
  }
}

function sayWhere({ network, monitor }: Devnet, slotSeconds: number): void {
  for (const { name, url, validators } of network.nodes) {
    say(`  ${name}  ${url}  validators ${validators.first} to ${validators.last}`);
  }
  say(`Genesis is at ${new Date(network.genesisTimeS * 1000).toISOString()}; a slot has ${slotSeconds} s.`);
  say(`Open ${monitor.url}`);
}

/** Without the nodes' heads, which are long. */
function sayFault({ slot, kind, t_ms, heads, ...details }: FaultLine): void {
  const fields = Object.entries(details).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  say(`${new Date(t_ms).toISOString()} slot ${slot.toFixed(2)} ${kind} ${fields.join(", ")}`.trimEnd());
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
