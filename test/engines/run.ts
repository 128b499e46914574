/**
 * The differential test: the same documents in the embedded store and in a real OpenSearch and Elasticsearch, thousands
 * of generated requests to both, and every answer compared. Some minutes.
 */
import { parseArgs } from "node:util";
import { stopSignal } from "../../src/cli/stop-signal.ts";
import { isAborted, isFault, messageOf } from "../../src/lib/fault.ts";
import { compareWith } from "./compare-with.ts";
import type { EngineName } from "./engine.ts";

/** EX_UNAVAILABLE and EX_TEMPFAIL of sysexits.h: something is not installed; nothing was proven, try again later. */
const EXIT_MISSING = 69;
const EXIT_TEMPORARY = 75;

const { values: options } = parseArgs({
  options: {
    /** Requests to OpenSearch; a tenth as many go to Elasticsearch. */
    runs: { type: "string", default: "3000" },
    seed: { type: "string" },
    engine: { type: "string" },
    part: { type: "string" },
  },
});
const { signal, close } = stopSignal();

try {
  const runs = Number(options.runs);
  const seed = options.seed === undefined ? Date.now() % 2 ** 31 : Number(options.seed);
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) throw new Error("--runs and --seed are numbers.");
  const engines: readonly (readonly [EngineName, number])[] = [
    ["opensearch", runs],
    ["elasticsearch", Math.ceil(runs / 10)],
  ];
  const asked = engines.filter(([name]) => options.engine === undefined || options.engine === name);
  if (asked.length === 0) throw new Error("--engine is opensearch or elasticsearch.");
  let wrong = 0;
  for (const [engine, count] of asked) {
    wrong += await compareWith({ engine, runs: count, seed, part: options.part, signal, say });
  }
  say(wrong === 0 ? "All answers are the same." : `${wrong} parts of the language are answered differently.`);
  process.exitCode = wrong === 0 ? 0 : 1;
} catch (error) {
  const wasStopped = signal.aborted || isAborted(error);
  process.stderr.write(`test:engines: ${wasStopped ? "It was interrupted; nothing was proven." : messageOf(error)}\n`);
  if (isFault(error, "tool_missing")) process.exitCode = EXIT_MISSING;
  else process.exitCode = wasStopped || (isFault(error) && error.retry === "retryable") ? EXIT_TEMPORARY : 1;
} finally {
  close();
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
