import type { Random } from "../../lib/random.ts";

/** A distribution by its quantiles: pairs of a share of all and a value, both rising. Between them it is straight. */
export type Curve = readonly (readonly [share: number, value: number])[];

/** The value below which `share` of all lie. */
export function quantile(curve: Curve, share: number): number {
  let [lowShare, low] = curve[0] as readonly [number, number];
  for (const [highShare, high] of curve) {
    if (share <= highShare) {
      return highShare === lowShare ? high : low + ((high - low) * (share - lowShare)) / (highShare - lowShare);
    }
    [lowShare, low] = [highShare, high];
  }
  return low;
}

const STEPS = 4096;

/** Draws from a curve by looking up a table: votes are drawn by the ten thousand a slot. */
export function createDrawer(curve: Curve): (random: Random) => number {
  const table = Float64Array.from({ length: STEPS }, (_, step) => quantile(curve, (step + 0.5) / STEPS));
  return (random) => table[Math.floor(random.next() * STEPS)] as number;
}
