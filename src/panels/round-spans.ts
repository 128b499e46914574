/** A range of time with its date math resolved: `fromMs` is in it, `toMs` is not. */
export type ResolvedTime = { fromMs: number; toMs: number };

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

/** As many buckets as Kibana has in mind where the panel does not say. */
export const USUAL_BUCKETS = 50;

/** The shortest round interval that makes at most `buckets` of the range, ms. */
export function autoIntervalMs({ fromMs, toMs }: ResolvedTime, buckets: number): number {
  const least = (toMs - fromMs) / buckets;
  return ROUND_SPANS_MS.find((span) => span >= least) ?? Math.ceil(least / DAY) * DAY;
}

/** The same as `fixed_interval` takes it. */
export function autoInterval(time: ResolvedTime, buckets: number): string {
  const ms = autoIntervalMs(time, buckets);
  const [unitMs, unit] = UNITS.find(([length]) => ms % length === 0) ?? [SECOND, "s"];
  return `${ms / unitMs}${unit}`;
}
