import { parseDateUs } from "./dates.ts";
import type { Query } from "./query.ts";

export type TimeBounds = { fromUs: bigint; toUs: bigint };

const DAY_US = 86_400_000_000n;
const ALWAYS: TimeBounds = { fromUs: -(2n ** 63n), toUs: 2n ** 63n };

/** The span of `@timestamp` outside of which nothing can match, from the ranges that every hit must satisfy. */
export function timeBounds(query: Query): TimeBounds {
  if (query.kind === "bool") {
    return query.filter.map(timeBounds).reduce(intersection, ALWAYS);
  }
  if (query.kind !== "range" || query.field !== "@timestamp") return ALWAYS;
  const { gt, gte, lt, lte } = query.bounds;
  const froms = [
    gte === undefined ? undefined : parseDateUs(gte, false),
    gt === undefined ? undefined : parseDateUs(gt, true),
  ];
  const tos = [
    lt === undefined ? undefined : parseDateUs(lt, false),
    lte === undefined ? undefined : parseDateUs(lte, true),
  ];
  return {
    fromUs: froms.reduce<bigint>((a, b) => (b !== undefined && b > a ? b : a), ALWAYS.fromUs),
    toUs: tos.reduce<bigint>((a, b) => (b !== undefined && b < a ? b : a), ALWAYS.toUs),
  };
}

/** Whether the UTC day that begins at `dayStartUs` can hold a hit. */
export function reachesDay(bounds: TimeBounds, dayStartUs: number): boolean {
  const start = BigInt(dayStartUs);
  return bounds.fromUs < start + DAY_US && bounds.toUs >= start;
}

function intersection(a: TimeBounds, b: TimeBounds): TimeBounds {
  return { fromUs: a.fromUs > b.fromUs ? a.fromUs : b.fromUs, toUs: a.toUs < b.toUs ? a.toUs : b.toUs };
}
