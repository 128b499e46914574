/** The value below which a share (0 to 1) of the values lies, interpolated; undefined without values. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (position - Math.floor(position));
}

/** What a block's delay is compared with: the proposed slots before it. */
export type Baseline = { medianMs: number; p95Ms: number; slots: number };

/** Milliseconds; undefined when no slot has a delay. */
export function baselineOf(delaysMs: readonly number[]): Baseline | undefined {
  const medianMs = quantile(delaysMs, 0.5);
  const p95Ms = quantile(delaysMs, 0.95);
  if (medianMs === undefined || p95Ms === undefined) return undefined;
  return { medianMs, p95Ms, slots: delaysMs.length };
}
