import { parseDateUs } from "./dates.ts";
import type { Query } from "./query.ts";

export type TimeBounds = { fromUs: bigint; toUs: bigint };

const DAY_US = 86_400_000_000n;
const ALWAYS: TimeBounds = { fromUs: -(2n ** 63n), toUs: 2n ** 63n };

/** The span of `@timestamp` outside of which nothing can match, from the ranges that every hit must satisfy. */
export function timeBounds(query: Query): TimeBounds {
  if (query.kind === "bool") return intersection(query.filter.map(timeBounds));
  if (query.kind !== "range" || query.field !== "@timestamp") return ALWAYS;
  const { gt, gte, lt, lte } = query.bounds;
  return intersection([
    { ...ALWAYS, ...(gte === undefined ? {} : { fromUs: parseDateUs(gte, false) }) },
    { ...ALWAYS, ...(gt === undefined ? {} : { fromUs: parseDateUs(gt, true) }) },
    { ...ALWAYS, ...(lt === undefined ? {} : { toUs: parseDateUs(lt, false) }) },
    { ...ALWAYS, ...(lte === undefined ? {} : { toUs: parseDateUs(lte, true) }) },
  ]);
}

/** Whether the UTC day that begins at `dayStartUs` can hold a hit. */
export function reachesDay(bounds: TimeBounds, dayStartUs: number): boolean {
  const start = BigInt(dayStartUs);
  return bounds.fromUs < start + DAY_US && bounds.toUs >= start;
}

function intersection(spans: readonly TimeBounds[]): TimeBounds {
  const latest = [ALWAYS, ...spans].sort((a, b) => Number(b.fromUs - a.fromUs))[0] ?? ALWAYS;
  const earliest = [ALWAYS, ...spans].sort((a, b) => Number(a.toUs - b.toUs))[0] ?? ALWAYS;
  return { fromUs: latest.fromUs, toUs: earliest.toUs };
}
