/**
 * Real nodes, real faults: starts the devnet with the monitor on it, does a plan of faults, and compares what the
 * monitor says with what happened, by the nodes' own REST and by a witness beside the monitor. First on Lodestar's
 * nodes, then on the Fulu nodes of the project's own; some minutes each. `--kind` does one of them. With
 * `--store opensearch` or `--store elasticsearch` the monitor stores in a real one of them, and the Fulu nodes alone are
 * tried unless told otherwise.
 */
import { parseArgs } from "node:util";
import type { KindName } from "../../devnet/node-kind.ts";
import { stopSignal } from "../../src/cli/stop-signal.ts";
import { isAborted, isFault, messageOf } from "../../src/lib/fault.ts";
import { ENGINES } from "./cluster.ts";
import { tableOf } from "./row.ts";
import { runTrial } from "./trial.ts";

/** EX_UNAVAILABLE and EX_TEMPFAIL of sysexits.h: something is not installed; the same command may succeed later. */
const EXIT_MISSING = 69;
const EXIT_TEMPORARY = 75;
const KINDS: readonly KindName[] = ["lodestar", "fulu"];

const { values: options } = parseArgs({
  options: { kind: { type: "string" }, plan: { type: "string" }, store: { type: "string" } },
});
const { signal, close } = stopSignal();

try {
  const engineName = ENGINES.find((name) => name === options.store);
  if (options.store !== undefined && engineName === undefined)
    throw new Error(`--store must be ${ENGINES.join(" or ")}.`);
  const wanted = options.kind ?? (engineName === undefined ? undefined : "fulu");
  const kinds = KINDS.filter((kind) => wanted === undefined || wanted === kind);
  if (kinds.length === 0) throw new Error(`--kind must be ${KINDS.join(" or ")}.`);
  let wrong = 0;
  for (const kindName of kinds) {
    const rows = await runTrial({ kindName, planText: options.plan, engineName, signal, say });
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
  if (isFault(error, "tool_missing")) process.exitCode = EXIT_MISSING;
  else process.exitCode = wasStopped || (isFault(error) && error.retry === "retryable") ? EXIT_TEMPORARY : 1;
} finally {
  close();
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
