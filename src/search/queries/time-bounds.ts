/** A span of time, microseconds since the Unix epoch, both ends included. */
export type TimeBounds = { fromUs: bigint; toUs: bigint };

const DAY_US = 86_400_000_000n;
export const ALWAYS: TimeBounds = { fromUs: -(2n ** 63n), toUs: 2n ** 63n };

/** Whether the UTC day that begins at `dayStartUs` can hold a hit. */
export function reachesDay(bounds: TimeBounds, dayStartUs: number): boolean {
  const start = BigInt(dayStartUs);
  return bounds.fromUs < start + DAY_US && bounds.toUs >= start;
}

export function later(a: bigint, b: bigint): bigint {
  if (a < b) return b;
  return a;
}

export function earlier(a: bigint, b: bigint): bigint {
  if (b < a) return b;
  return a;
}
