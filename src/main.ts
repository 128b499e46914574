#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addCheck } from "./cli/check.ts";
import { EXIT_FAULT, EXIT_TEMPORARY } from "./cli/exit-codes.ts";
import { addGrafana } from "./cli/grafana.ts";
import { addKey } from "./cli/key.ts";
import { addKibana } from "./cli/kibana.ts";
import { addReplay } from "./cli/replay.ts";
import { addRun } from "./cli/run.ts";
import { addSimulate } from "./cli/simulate.ts";
import { addStore } from "./cli/store.ts";
import { addWatch } from "./cli/watch.ts";
import { isAborted, isFault, messageOf } from "./lib/fault.ts";

const program = new Command("ethmon")
  .description("Ethereum Monitor: watches Ethereum's consensus layer from several beacon nodes at once.")
  .showHelpAfterError("(--help says what there is)")
  .exitOverride();
// Each describes its verb and loads what runs it when it runs: a key is made, and a slip is told, at once.
addRun(program);
addCheck(program);
addReplay(program);
addStore(program);
addWatch(program);
addKey(program);
addKibana(program);
addGrafana(program);
addSimulate(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_FAULT;
  if (isAborted(error)) return 0;
  // A fault's own sentence says what to do; what a library said beneath it does not help a user.
  process.stderr.write(`ethmon: ${isFault(error) ? error.message : messageOf(error)}\n`);
  if (!isFault(error)) {
    if (error instanceof Error && error.stack !== undefined) process.stderr.write(`${error.stack}\n`);
    return EXIT_FAULT;
  }
  return error.retry === "retryable" ? EXIT_TEMPORARY : EXIT_FAULT;
}
