import type { TimeRange } from "../../../src/panels/panel.ts";
import type { ResolvedTime } from "../../../src/panels/round-spans.ts";
import { resolveTimeRange } from "../../../src/panels/time-range.ts";
import { formatUtc } from "./format.ts";

/** Ranges that end now. */
export const QUICK_RANGES: readonly { from: string; to: string; words: string }[] = [
  { from: "now-5m", to: "now", words: "Last 5 minutes" },
  { from: "now-15m", to: "now", words: "Last 15 minutes" },
  { from: "now-1h", to: "now", words: "Last hour" },
  { from: "now-3h", to: "now", words: "Last 3 hours" },
  { from: "now-6h", to: "now", words: "Last 6 hours" },
  { from: "now-12h", to: "now", words: "Last 12 hours" },
  { from: "now-24h", to: "now", words: "Last 24 hours" },
  { from: "now-2d", to: "now", words: "Last 2 days" },
  { from: "now-7d", to: "now", words: "Last 7 days" },
  { from: "now-30d", to: "now", words: "Last 30 days" },
  { from: "now/d", to: "now/d", words: "Today (UTC)" },
  { from: "now-1d/d", to: "now-1d/d", words: "Yesterday (UTC)" },
];

const UNITS: Readonly<Record<string, string>> = {
  s: "seconds",
  m: "minutes",
  h: "hours",
  d: "days",
  w: "weeks",
  M: "months",
  y: "years",
};

/** A range in words: `Last 24 hours`, `2026-11-28 10:00:00 UTC to now`. */
export function rangeWords({ from, to }: TimeRange): string {
  const quick = QUICK_RANGES.find((range) => range.from === from && range.to === to);
  if (quick !== undefined) return quick.words;
  const [, count, unit = ""] = /^now-(\d+)([smhdwMy])$/.exec(from) ?? [];
  if (to === "now" && count !== undefined) return `Last ${count} ${UNITS[unit] ?? unit}`;
  return `${momentWords(from)} to ${momentWords(to)}`;
}

function momentWords(moment: string): string {
  return moment.startsWith("now") ? moment : formatUtc(Date.parse(moment));
}

/** Whether new data come into the range as time goes on. */
export function endsNow({ to }: TimeRange): boolean {
  return to.startsWith("now");
}

/** The range in Unix milliseconds, or why it is none. */
export function resolved(range: TimeRange, nowMs: number): { time: ResolvedTime } | { problem: string } {
  try {
    return { time: resolveTimeRange(range, Math.floor(nowMs)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

export function absoluteRange(fromMs: number, toMs: number): TimeRange {
  return { from: new Date(Math.floor(fromMs)).toISOString(), to: new Date(Math.ceil(toMs)).toISOString() };
}

/** The range of the same length before or after this one; the span is halved or doubled around its middle by `zoomed`. */
export function shifted({ fromMs, toMs }: ResolvedTime, direction: -1 | 1): TimeRange {
  const span = toMs - fromMs;
  return absoluteRange(fromMs + direction * span, toMs + direction * span);
}

export function zoomed({ fromMs, toMs }: ResolvedTime, factor: number): TimeRange {
  const middle = (fromMs + toMs) / 2;
  const half = Math.max(500, ((toMs - fromMs) * factor) / 2);
  return absoluteRange(Math.max(0, middle - half), middle + half);
}

/** `2026-11-28T10:00:00`, as the browser's field for date and time has it; here it is UTC. */
export function fieldOfMs(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

export function momentOfField(text: string): string | undefined {
  const ms = Date.parse(`${text}Z`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
