import type { Backtest, Severity } from "../../../src/serve/views.ts";
import { SEVERITIES } from "./alert-words.ts";
import { formatCount, formatDuration } from "./format.ts";

const DAY_MS = 86_400_000;

export type Firing = Backtest["alerts"][number];

/** The spans that can be chosen. */
export const BACKTEST_SPANS: readonly { ms: number; words: string }[] = [
  { ms: DAY_MS / 24, words: "1 h" },
  { ms: DAY_MS, words: "24 h" },
  { ms: 7 * DAY_MS, words: "7 d" },
  { ms: 30 * DAY_MS, words: "30 d" },
];
/** What is chosen at first. */
export const USUAL_SPAN_MS = 7 * DAY_MS;

export type BacktestFigures = {
  perDay: number;
  bySeverity: readonly { severity: Severity; count: number }[];
  /** Share of the time in which one of them was on, 0 to 1. */
  share: number;
};

/** Where what is stored begins, if that is later than the span: before it nothing could be judged. */
function judgedFromMs({ from_ms, alerts, metric }: Backtest): number {
  const [first] = metric?.points ?? [];
  return first === undefined ? from_ms : Math.max(from_ms, Math.min(first[0], alerts[0]?.since_ms ?? first[0]));
}

export function backtestFigures(backtest: Backtest): BacktestFigures {
  const { alerts, until_ms } = backtest;
  const judgedMs = Math.max(1, until_ms - judgedFromMs(backtest));
  return {
    perDay: alerts.length / (judgedMs / DAY_MS),
    bySeverity: SEVERITIES.toReversed().flatMap((severity) => {
      const count = alerts.filter((one) => one.severity === severity).length;
      return count === 0 ? [] : [{ severity, count }];
    }),
    share: coveredMs(alerts, until_ms) / judgedMs,
  };
}

/** How long at least one of them was on. */
function coveredMs(alerts: readonly Firing[], untilMs: number): number {
  let covered = 0;
  let reachedMs = Number.NEGATIVE_INFINITY;
  for (const { since_ms, until_ms } of [...alerts].sort((a, b) => a.since_ms - b.since_ms)) {
    const endMs = until_ms ?? untilMs;
    covered += Math.max(0, endMs - Math.max(since_ms, reachedMs));
    reachedMs = Math.max(reachedMs, endMs);
  }
  return covered;
}

/** `12 times, 1.7 a day`: how often somebody would have been told. */
export function firedWords(backtest: Backtest): string {
  const { alerts, until_ms } = backtest;
  const fromMs = judgedFromMs(backtest);
  const span = formatDuration(until_ms - fromMs);
  if (alerts.length === 0) return `It would not have fired once in ${span}.`;
  const { perDay } = backtestFigures(backtest);
  const often = until_ms - fromMs < DAY_MS ? "" : `, ${rateWords(perDay)}`;
  return `It would have fired ${formatCount(alerts.length, "time")} in ${span}${often}.`;
}

export function rateWords(perDay: number): string {
  if (perDay >= 10) return `${Math.round(perDay)} a day`;
  return perDay >= 0.1 ? `${perDay.toFixed(1)} a day` : "less than one in ten days";
}

/** Less of the span than this is nothing to look at for the rest of it. */
const LEAST_SHARE = 0.8;

/** The span that the picture shows: all of it, or what is stored where that is much less. */
export function pictureSpan(backtest: Backtest): { fromMs: number; toMs: number } {
  const { from_ms, until_ms } = backtest;
  const fromMs = judgedFromMs(backtest);
  const isMost = until_ms - fromMs > (until_ms - from_ms) * LEAST_SHARE;
  const marginMs = (until_ms - fromMs) * 0.03;
  return { fromMs: isMost ? from_ms : Math.max(from_ms, fromMs - marginMs), toMs: Math.max(until_ms, from_ms + 1) };
}

/** Where the line of a metric stops, since nothing was known for longer than is usual. */
export function metricRuns(points: readonly (readonly [number, number])[]): (readonly (readonly [number, number])[])[] {
  const steps = points.slice(1).map(([ms], index) => ms - (points[index]?.[0] ?? ms));
  const usualMs = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const runs: (readonly [number, number])[][] = [];
  for (const [index, point] of points.entries()) {
    const stepMs = steps[index - 1];
    if (stepMs === undefined || stepMs > Math.max(usualMs * 6, 1)) runs.push([]);
    runs.at(-1)?.push(point);
  }
  return runs;
}
