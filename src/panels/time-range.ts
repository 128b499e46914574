import { Fault, messageOf } from "../lib/fault.ts";
import { DEFAULT_FORMAT } from "../search/dates/date-format.ts";
import { readDateUs } from "../search/dates/date-math.ts";
import { UTC } from "../search/dates/time-zone.ts";
import type { TimeRange } from "./panel.ts";

/** A range of time with its date math resolved: `fromMs` is in it, `toMs` is not. */
export type ResolvedTime = { fromMs: number; toMs: number };

/**
 * The moments of a dashboard's time range, in UTC: `now-24h` and `now-1d/d` are counted from `nowMs`, and a rounded end
 * is the end of its unit, as in Kibana. Throws `time_range_invalid`.
 */
export function resolveTimeRange({ from, to }: TimeRange, nowMs: number): ResolvedTime {
  const fromMs = moment(from, { nowMs, roundUp: false });
  const toMs = moment(to, { nowMs, roundUp: true });
  if (fromMs >= toMs)
    throw new Fault("time_range_invalid", `The time range ends before it begins: from ${from} to ${to}.`);
  return { fromMs, toMs };
}

/** The end is not in the range: a rounded one, which is a unit's last microsecond, becomes the next moment. */
function moment(text: string, { nowMs, roundUp }: { nowMs: number; roundUp: boolean }): number {
  try {
    const us = readDateUs(text, { format: DEFAULT_FORMAT, zone: UTC, roundUp, nowMs });
    return roundUp ? Math.ceil(Number(us) / 1000) : Math.floor(Number(us) / 1000);
  } catch (error) {
    throw new Fault("time_range_invalid", `'${text}' is no moment: ${messageOf(error)}.`, { cause: error });
  }
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Spans that divide into each other and into days, so that buckets begin at times that people name. */
const ROUND_SPANS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((count) => count * DAY),
];

const UNITS: readonly (readonly [number, string])[] = [
  [DAY, "d"],
  [HOUR, "h"],
  [MINUTE, "m"],
  [SECOND, "s"],
];

/** The shortest round interval that makes at most about `buckets` of the range, as `fixed_interval` takes it. */
export function autoInterval({ fromMs, toMs }: ResolvedTime, buckets: number): string {
  const least = (toMs - fromMs) / buckets;
  const ms = ROUND_SPANS_MS.find((span) => span >= least) ?? Math.ceil(least / DAY) * DAY;
  const [unitMs, unit] = UNITS.find(([length]) => ms % length === 0) ?? [SECOND, "s"];
  return `${ms / unitMs}${unit}`;
}
