/** What an axis of values shows, whatever the values are. */
export type Scale = {
  /** The axis spans at least this, and more where the values do. */
  from: number;
  to: number;
  /** Values never lie above: shares end at 1. */
  most?: number;
};

/** The axis of values: what is seen, and at least what is usual, with a little air; never above what can be. */
export function valueRange(scale: Scale, lowest: number | null, highest: number | null): [number, number] {
  const from = Math.min(scale.from, lowest ?? scale.from);
  const highestShown = Math.max(scale.to, highest ?? scale.to);
  // An axis has a length, also where all values are the same.
  const to = highestShown > from ? highestShown : from + 1;
  const air = (to - from) * 0.06;
  return [
    from < scale.from ? Math.max(0, from - air) : from,
    Math.min(scale.most ?? Number.POSITIVE_INFINITY, to + air),
  ];
}
