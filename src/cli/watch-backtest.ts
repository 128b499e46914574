import { writeFile } from "node:fs/promises";
import { backtest } from "../alert/backtest/backtest.ts";
import type { BacktestLimits } from "../alert/backtest/backtest-deps.ts";
import type { Backtest } from "../alert/desk.ts";
import type { Watch } from "../alert/watch.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { Fault, messageOf } from "../lib/fault.ts";
import { schemas } from "../serve/api/schemas.ts";
import { askRunning } from "./ask-running.ts";
import { backtestLines } from "./backtest-lines.ts";
import { backtestSvg } from "./backtest-svg.ts";
import { openPast } from "./open-past.ts";
import { print, runningOf } from "./rules-of-running.ts";
import { stoppable } from "./stop-signal.ts";
import { oneWatch } from "./watch-manage.ts";

type Options = {
  url?: string;
  data?: string;
  store?: string;
  config?: string;
  network?: string;
  last?: number;
  from?: number;
  until?: number;
  svg?: string;
  json?: true;
};

const USUAL_SPAN_MS = 7 * 86_400_000;
/** Nobody else waits for what a store at rest is asked. */
const LIMITS: BacktestLimits = { checks: 200_000, tookMs: 15 * 60_000 };
const USUAL_WIDTH = 80;
const MOST_WIDTH = 200;

/** Holds a watch against what is stored, in a running ethmon or where none runs. */
export async function backtestWatch(file: string, options: Options): Promise<void> {
  await stoppable(async (signal) => {
    const watch = oneWatch(file);
    const clock = systemClock();
    const span = spanOf(options, clock.nowUs() / 1000);
    const base = options.store === undefined ? await runningOf(options) : undefined;
    const result =
      base === undefined
        ? await inStore({ watch, ...span, options, clock, signal })
        : await inRunning({ watch, ...span, base, signal });
    if (options.svg !== undefined) await write(options.svg, backtestSvg(watch.id, result));
    const width = Math.min(MOST_WIDTH, process.stdout.columns ?? USUAL_WIDTH);
    print(options, result, backtestLines(watch.id, result, width));
  });
}

type Asked = { watch: Watch; fromMs: number; untilMs: number; signal: AbortSignal };

function inRunning({ watch, fromMs, untilMs, base, signal }: Asked & { base: string }): Promise<Backtest> {
  const body = { watch: watch.source, from_ms: fromMs, until_ms: untilMs };
  const path = "/api/v1/rules/backtest";
  return askRunning({ base, path, method: "POST", body, schema: schemas.Backtest, signal });
}

async function inStore({ options, clock, ...asked }: Asked & { options: Options; clock: Clock }): Promise<Backtest> {
  const { close, ...past } = await openPast(options, { clock, signal: asked.signal });
  const told = progressTeller(asked);
  try {
    return await backtest({ ...asked, onProgress: told.step }, { ...past, limits: LIMITS });
  } finally {
    told.clear();
    await close();
  }
}

/** A line that is written over, where people watch. */
function progressTeller({ fromMs, untilMs }: { fromMs: number; untilMs: number }) {
  const { stderr } = process;
  const clear = () => void (stderr.isTTY && stderr.write("\r\u001b[K"));
  return {
    clear,
    step({ atMs, checks, alerts }: { atMs: number; checks: number; alerts: number }) {
      if (!stderr.isTTY) return;
      clear();
      const share = Math.floor((100 * (atMs - fromMs)) / (untilMs - fromMs));
      stderr.write(`${share} %: ${checks} checks, ${alerts} firings`);
    },
  };
}

function spanOf({ last, from, until }: Options, nowMs: number): { fromMs: number; untilMs: number } {
  const untilMs = until ?? nowMs;
  const fromMs = from ?? untilMs - (last ?? USUAL_SPAN_MS);
  if (fromMs < untilMs) return { fromMs, untilMs };
  throw new Fault("backtest_span", "The span ends before it begins.");
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new Fault("file_unwritable", `${path} cannot be written: ${messageOf(cause)}.`, { cause });
  }
}
