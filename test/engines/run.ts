/**
 * The differential test: the same documents in the embedded store and in a real OpenSearch and Elasticsearch, thousands
 * of generated requests to both, and every answer compared. Then the tests beside this file: our store in these
 * engines, and every panel's request. Some minutes; `--skip language`, `--skip panels` and `--skip store` leave out parts.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
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
    skip: { type: "string", multiple: true, default: [] },
  },
});
const { signal, close } = stopSignal();
const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
const CONFIG = fileURLToPath(new URL("vitest.config.ts", import.meta.url));

/** Tests of vitest by part: panels and what is exported of them, and the store. */
const FILES = {
  panels: ["test/engines/panels.test.ts", "test/engines/export.test.ts"],
  store: ["test/engines/store/"],
};

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
  const unknown = options.skip.find((part) => !["language", ...Object.keys(FILES)].includes(part));
  if (unknown !== undefined) throw new Error(`--skip is language, ${Object.keys(FILES).join(" or ")}, not ${unknown}.`);
  const isSame = options.skip.includes("language") || (await holdLanguage(asked, seed));
  const files = Object.entries(FILES).flatMap(([part, paths]) => (options.skip.includes(part) ? [] : paths));
  const isHeld =
    files.length === 0 ||
    spawnSync(process.execPath, [VITEST, "run", "--config", CONFIG, ...files], { stdio: "inherit" }).status === 0;
  process.exitCode = isSame && isHeld ? 0 : 1;
} catch (error) {
  const wasStopped = signal.aborted || isAborted(error);
  process.stderr.write(`test:engines: ${wasStopped ? "It was interrupted; nothing was proven." : messageOf(error)}\n`);
  if (isFault(error, "tool_missing")) process.exitCode = EXIT_MISSING;
  else process.exitCode = wasStopped || (isFault(error) && error.retry === "retryable") ? EXIT_TEMPORARY : 1;
} finally {
  close();
}

async function holdLanguage(engines: readonly (readonly [EngineName, number])[], seed: number): Promise<boolean> {
  let wrong = 0;
  for (const [engine, count] of engines) {
    wrong += await compareWith({ engine, runs: count, seed, part: options.part, signal, say });
  }
  say(wrong === 0 ? "All answers are the same." : `${wrong} parts of the language are answered differently.`);
  return wrong === 0;
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
