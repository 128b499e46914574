import { type Command, InvalidArgumentError } from "commander";
import { loadConfig } from "../config/load.ts";
import { limitsOf } from "../config/retention-limits.ts";
import { catalogue } from "../events/catalogue.ts";
import { systemClock } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
import { createLog } from "../lib/log.ts";
import type { Comparison } from "../store/copy/compare.ts";
import { type CopyStep, copyStore } from "../store/copy/copy.ts";
import { openSource, openTarget, type Place } from "../store/copy/open-sides.ts";
import { comparisonLines } from "./comparison-lines.ts";
import { EXIT_FAULT, EXIT_INTERRUPTED } from "./exit-codes.ts";
import { stopSignal } from "./stop-signal.ts";

type Options = {
  from: string;
  to: string;
  network?: string;
  datasets?: string;
  since?: number;
  until?: number;
  votes?: true;
  again?: true;
  config?: string;
  json?: true;
};

export function addStoreCopy(store: Command): void {
  store
    .command("copy")
    .description("Copy what is stored between a data directory and a cluster, or two of a kind, and compare both.")
    .requiredOption("--from <place>", "the store that is read: a data directory, or the URL of a cluster")
    .requiredOption("--to <place>", "the store that is written to, likewise")
    .option("--network <name>", "the network to copy, where there are several")
    .option("--datasets <pattern>", "these datasets or indices alone, by name with *, separated by commas")
    .option("--since <time>", "documents from this moment on, ISO 8601", momentUs)
    .option("--until <time>", "documents before this moment, ISO 8601", momentUs)
    .option("--votes", "copy single votes and data columns, too")
    .option("--again", "send everything to the cluster again, also what an earlier run copied")
    .option("--config <file>", "configuration file whose store.elasticsearch says how a cluster is reached")
    .option("--json", "print one JSON object at the end")
    .addHelpText(
      "after",
      "\nNo program may run on the directories. An interrupted copy goes on where it was when the same command is run again." +
        "\nExit code: 0 both sides are alike; 1 something differs, or the command is wrong; 75 that may pass by itself.",
    )
    .action(copy);
}

async function copy(options: Options): Promise<void> {
  const { signal, close } = stopSignal();
  const clock = systemClock();
  const log = createLog({ level: "warn" });
  const told = progressTeller(options.json === true);
  const undo: (() => Promise<void>)[] = [];
  try {
    const config = await loadConfig({ file: options.config, overrides: {}, env: process.env });
    const opening = {
      datasets: catalogue,
      clock,
      log,
      retention: limitsOf(config.retention),
      onTrouble: told.trouble,
      signal,
    };
    const from = await openSource(await placeOf(options.from, options.config), {
      ...opening,
      network: options.network,
    });
    undo.push(from.close);
    const to = await openTarget(await placeOf(options.to, options.config), { ...opening, network: from.network });
    undo.push(to.close);
    const comparisons = await copyStore({
      from,
      to,
      datasets: catalogue,
      patterns: options.datasets,
      votes: options.votes === true,
      bounds: { sinceUs: options.since, untilUs: options.until },
      again: options.again === true,
      onStep: told.step,
      onCompared: told.compared,
      clock,
      signal,
    });
    const same = comparisons.every((one) => one.same);
    if (options.json) {
      const told = { from: from.place, to: to.place, network: from.network, same, indices: comparisons };
      process.stdout.write(`${JSON.stringify(told)}\n`);
    } else process.stdout.write(`${summary(comparisons)}\n`);
    if (!same) process.exitCode = EXIT_FAULT;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write("ethmon: Interrupted. The same command goes on where this one was.\n");
    process.exitCode = EXIT_INTERRUPTED;
  } finally {
    for (const step of undo.reverse()) await step();
    close();
  }
}

function summary(comparisons: readonly Comparison[]): string {
  const documents = comparisons.reduce((sum, { target }) => sum + target.documents, 0);
  const differing = comparisons.filter(({ same }) => !same).length;
  if (comparisons.length === 0) return "There was nothing to copy.";
  const what = `${documents} documents in ${comparisons.length} data streams and indices`;
  return differing === 0 ? `${what} are alike on both sides.` : `${what}; ${differing} of these differ.`;
}

/** What people see meanwhile: a line of progress that is written over where there is a terminal. */
function progressTeller(json: boolean): {
  step: (step: CopyStep) => void;
  compared: (comparison: Comparison) => void;
  trouble: (reason: string | undefined) => void;
} {
  const isTerminal = process.stderr.isTTY === true;
  let isTroubled = false;
  const clear = isTerminal ? "\r\u001b[K" : "";
  return {
    step({ index, copied, documents }) {
      if (isTerminal) process.stderr.write(`${clear}${index} ${copied} of ${documents}`);
      else if (!json && copied === documents) process.stderr.write(`${index} ${copied} of ${documents}\n`);
    },
    compared(comparison) {
      process.stderr.write(clear);
      if (!json) process.stdout.write(`${comparisonLines(comparison).join("\n")}\n`);
    },
    trouble(reason) {
      if (reason !== undefined && !isTroubled)
        process.stderr.write(`${clear}ethmon: Waiting for the cluster: ${reason}\n`);
      isTroubled = reason !== undefined;
    },
  };
}

/** A cluster is a URL; how it is reached stands in the configuration. */
async function placeOf(text: string, config: string | undefined): Promise<Place> {
  if (!/^https?:\/\//.test(text)) return { directory: text };
  const { store } = await loadConfig({ file: config, overrides: { store: [text] }, env: process.env });
  if (store.elasticsearch === undefined) throw new Fault("config_invalid", "The configuration names no cluster.");
  return { settings: store.elasticsearch };
}

function momentUs(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}(?:T.*(?:Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms) && ms >= 0) return ms * 1000;
  throw new InvalidArgumentError("It must be a moment such as 2026-11-22 or 2026-11-22T10:00:00Z.");
}
