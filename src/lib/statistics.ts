/** The value below which a share (0 to 1) of the values lies, interpolated; undefined without values. */
export function quantile(values: readonly number[], share: number): number | undefined {
  return quantileOfSorted([...values].sort(ascending), share);
}

/** The same of values that are in ascending order. */
function quantileOfSorted(sorted: readonly number[], share: number): number | undefined {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (position - Math.floor(position));
}

/** A robust mean with its standard error: what a few wild values do not move. */
export type Centre = {
  median: number;
  /** 1.4826 times the median absolute deviation: the standard deviation of what is normal among the values. */
  deviation: number;
  /** Standard error of the median of `n` normal values: 1.2533 deviation / sqrt(n). */
  error: number;
  n: number;
};

/** undefined without values. */
export function centreOf(values: readonly number[]): Centre | undefined {
  const median = quantile(values, 0.5);
  if (median === undefined) return undefined;
  const spread = values.map((value) => Math.abs(value - median));
  const deviation = 1.4826 * (quantile(spread, 0.5) ?? 0);
  return { median, deviation, error: (1.2533 * deviation) / Math.sqrt(values.length), n: values.length };
}

/** 95 % of a normal distribution lie within this many standard deviations. */
const Z_95 = 1.959_964;

/**
 * Wilson's interval for a share of which `hits` of `n` were seen (Wilson 1927), 95 %; from 0 to 1 without any.
 * Unlike the normal interval it is right for few trials and for shares near 0.
 */
export function wilsonInterval(hits: number, n: number): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const share = hits / n;
  const z2 = Z_95 * Z_95;
  const centre = share + z2 / (2 * n);
  const half = Z_95 * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  const whole = 1 + z2 / n;
  return {
    low: hits === 0 ? 0 : Math.max(0, (centre - half) / whole),
    high: hits === n ? 1 : Math.min(1, (centre + half) / whole),
  };
}

/** Differences of times with three decimals, without what binary fractions add. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

const ascending = (a: number, b: number) => a - b;
