/**
 * Real nodes, real faults: starts the devnet with the monitor on it, does a plan of faults, and compares what the
 * monitor says with what happened, by the nodes' own REST and by a witness beside the monitor. First on Lodestar's
 * nodes, then on the Fulu nodes of the project's own; some minutes each.
 */
import { parseArgs } from "node:util";
import type { KindName } from "../../devnet/node-kind.ts";
import { stopSignal } from "../../src/cli/stop-signal.ts";
import { isAborted, isFault, messageOf } from "../../src/lib/fault.ts";
import { tableOf } from "./row.ts";
import { runTrial } from "./trial.ts";

/** EX_TEMPFAIL of sysexits.h: nothing was proven, the same command may succeed later. */
const EXIT_TEMPORARY = 75;
const KINDS: readonly KindName[] = ["lodestar", "fulu"];

const { values: options } = parseArgs({ options: { kind: { type: "string" }, plan: { type: "string" } } });
const { signal, close } = stopSignal();

try {
  const kinds = KINDS.filter((kind) => options.kind === undefined || options.kind === kind);
  if (kinds.length === 0) throw new Error(`--kind must be ${KINDS.join(" or ")}.`);
  let wrong = 0;
  for (const kindName of kinds) {
    const rows = await runTrial({ kindName, planText: options.plan, signal, say });
    say(tableOf(rows));
    const wrongHere = rows.filter(({ ok }) => !ok).length;
    say(
      wrongHere === 0
        ? "All that happened was found, and nothing else."
        : `${wrongHere} of ${rows.length} lines are wrong.`,
    );
    wrong += wrongHere;
  }
  process.exitCode = wrong === 0 ? 0 : 1;
} catch (error) {
  const wasStopped = signal.aborted || isAborted(error);
  const reason = wasStopped ? "It was interrupted; nothing was proven." : messageOf(error);
  process.stderr.write(`test:e2e: ${reason}\n`);
  process.exitCode = wasStopped || (isFault(error) && error.retry === "retryable") ? EXIT_TEMPORARY : 1;
} finally {
  close();
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
