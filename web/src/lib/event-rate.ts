/** Events a second of each node, from its counter. */
export type RateMeter = {
  note(input: { node: string; events: number; nowMs: number }): void;
  /** Over the last `windowMs` at most; undefined until a second and a half was seen. */
  perSecond(node: string): number | undefined;
};

const SHORTEST_MS = 1500;

/** A counter that falls back (the monitor was restarted) begins anew. */
export function createRateMeter(windowMs: number): RateMeter {
  const samples = new Map<string, { events: number; atMs: number }[]>();
  return {
    note({ node, events, nowMs }) {
      const known = samples.get(node) ?? [];
      const last = known.at(-1);
      const kept = last === undefined || (events >= last.events && nowMs >= last.atMs) ? known : [];
      // One sample from before the window stays: the rate is over the whole of it.
      const begin = Math.max(
        0,
        kept.findLastIndex(({ atMs }) => atMs <= nowMs - windowMs),
      );
      samples.set(node, [...kept.slice(begin), { events, atMs: nowMs }]);
    },
    perSecond(node) {
      const known = samples.get(node);
      const [first, last] = [known?.[0], known?.at(-1)];
      if (first === undefined || last === undefined || last.atMs - first.atMs < SHORTEST_MS) return undefined;
      return ((last.events - first.events) * 1000) / (last.atMs - first.atMs);
    },
  };
}
