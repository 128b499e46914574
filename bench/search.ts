import { parseArgs } from "node:util";
import { stopSignal } from "../src/cli/stop-signal.ts";
import { systemClock } from "../src/lib/clock.ts";
import { isAborted, isFault, messageOf } from "../src/lib/fault.ts";
import { keepResult } from "./machine.ts";
import { type Contestant, type Disk, OPENSEARCH_JVM, startEmbedded, startReference } from "./search/contestants.ts";
import { DAY_MS, type Day } from "./search/documents/day.ts";
import { lineDocument, mixedDocument } from "./search/documents/mix.ts";
import { type Loaded, load } from "./search/load.ts";
import { fillingLines, type Measured, searchLines } from "./search/report.ts";
import { SEARCHES } from "./search/searches.ts";
import { timeSearches } from "./search/time-searches.ts";
import { WORD_SEARCHES } from "./search/word-searches.ts";
import type { Usage } from "./usage.ts";

/**
 * The program's own store against a real OpenSearch on this machine: the same documents of a day, sent as Beats send
 * them, by the same index templates; what they take, and how long twenty searches take over HTTP. `--only words` looks
 * for words in lines of logs alone; `--embedded-only` needs no JDK, and compares nothing.
 */
const { values: options } = parseArgs({
  options: {
    docs: { type: "string", default: "1000000" },
    repeat: { type: "string", default: "9" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    "embedded-only": { type: "boolean", default: false },
  },
});

/** EX_UNAVAILABLE of sysexits.h: something is not installed. */
const EXIT_MISSING = 69;
const HOUR_MS = 3_600_000;
/** What is searched ends so long before the last document, so that all rounds look at whole spans. */
const SEARCHED_UNTIL_MS = 60_000;

const { signal, close } = stopSignal();
const started: Contestant[] = [];
try {
  await measure();
} catch (error) {
  process.stderr.write(
    `bench search: ${signal.aborted || isAborted(error) ? "It was interrupted." : messageOf(error)}\n`,
  );
  process.exitCode = isFault(error, "tool_missing") ? EXIT_MISSING : 1;
} finally {
  for (const contestant of started) await contestant.stop();
  close();
}

async function measure(): Promise<void> {
  const [count, repeat, seed] = [numberOf("docs"), numberOf("repeat"), numberOf("seed")];
  if (options.only !== undefined && options.only !== "words") throw new Error("--only is words.");
  const isWords = options.only === "words";
  const endMs = Math.floor(systemClock().nowUs() / 1000 / HOUR_MS) * HOUR_MS;
  const day: Day = { startMs: endMs - DAY_MS, endMs, documents: count, seed };
  const documentAt = (number: number) => (isWords ? lineDocument(day, number) : mixedDocument(day, number));

  // What is missing is told before anything is loaded.
  if (!options["embedded-only"]) started.push(await startReference(signal));
  started.unshift(await startEmbedded());
  const filled: Filled[] = [];
  for (const contestant of started) {
    const loaded = await load({ contestant, count, documentAt, signal });
    filled.push({ contestant, loaded, disk: await contestant.disk(), usage: contestant.usage() });
  }
  const timed = await timeSearches({
    contestants: started,
    searches: isWords ? WORD_SEARCHES : SEARCHES,
    endMs: endMs - SEARCHED_UNTIL_MS,
    repeat,
    signal,
  });
  const measured = filled.map(measuredOf);
  const bytes = measured[0]?.loaded.bytes ?? 0;
  const names = started.map(({ name }) => name);
  say([`${count} documents of ${Math.round(bytes / count)} bytes each, ${isWords ? "lines of logs" : "mixed"}`, ""]);
  say([...fillingLines(measured), "", ...searchLines(timed, names)]);
  const figures = {
    documents: count,
    seed,
    repeat,
    opensearch_jvm: OPENSEARCH_JVM.join(" "),
    measured,
    searches: timed,
  };
  keepResult(isWords ? "search-words" : "search", figures);
  if (timed.some(({ difference, failure }) => (difference ?? failure) !== undefined)) process.exitCode = 1;
}

/** A store that holds the documents, and what it had used until then. */
type Filled = { contestant: Contestant; loaded: Loaded; disk: Disk; usage: Usage };

function measuredOf({ contestant, loaded, disk, usage }: Filled): Measured {
  const { nowMb, peakMb, cpuSeconds } = contestant.usage();
  const memoryMb = { loaded: usage.nowMb, peak: peakMb, searched: nowMb };
  // The store that was filled first idles while the other is filled: its housekeeping counts here.
  return { name: contestant.name, loaded, disk, memoryMb, searchCpuSeconds: cpuSeconds - usage.cpuSeconds };
}

function numberOf(name: "docs" | "repeat" | "seed"): number {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1 on.`);
  return value;
}

function say(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
