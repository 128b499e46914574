import type { Bins, NodeSlotRecord } from "../../../src/events/derived.ts";

/** Width of the bars that the lanes draw. */
export const BAR_MS = 100;

export type Bar = { fromMs: number; count: number };

/** Bins of 50 ms as bars of 100 ms, ascending. */
export function barsOf(bins: Bins): Bar[] {
  const bars: Bar[] = [];
  for (const [binMs, count] of bins) {
    const fromMs = Math.floor(binMs / BAR_MS) * BAR_MS;
    const last = bars.at(-1);
    if (last?.fromMs === fromMs) last.count += count;
    else bars.push({ fromMs, count });
  }
  return bars;
}

export function countOf(bins: Bins): number {
  return bins.reduce((sum, [, count]) => sum + count, 0);
}

export type MarkKind = "gossip" | "import" | "head";

/** The stages of the block on one node, those that happened. */
export function marksOf(record: NodeSlotRecord): { kind: MarkKind; ms: number }[] {
  const stages = [
    { kind: "gossip" as const, ms: record.gossip_ms },
    { kind: "import" as const, ms: record.import_ms },
    { kind: "head" as const, ms: record.head_ms },
  ];
  return stages.filter((stage): stage is { kind: MarkKind; ms: number } => stage.ms !== null);
}

/** The highest bar of all lanes, so that they share one scale of height. */
export function tallestBar(records: Iterable<NodeSlotRecord>, of: (record: NodeSlotRecord) => Bins): number {
  let tallest = 0;
  for (const record of records) for (const bar of barsOf(of(record))) tallest = Math.max(tallest, bar.count);
  return tallest;
}

/** Heights grow with the square root: a single vote stays visible beside the peak. */
export function barShare(count: number, tallest: number): number {
  return tallest === 0 ? 0 : Math.sqrt(count / tallest);
}

/** When each mark was first drawn, so that it fades in once. */
export type Arrivals = {
  /** The opacity of a mark, 0 to 1. What is there at the first painting does not fade. */
  opacity(key: string, nowMs: number): number;
  /** Call after each painting: whether a mark was still fading, and forget the marks that were not drawn. */
  settle(): boolean;
};

const FADE_MS = 260;

export function createArrivals(fades: () => boolean): Arrivals {
  let known = new Map<string, number>();
  let drawn = new Map<string, number>();
  let first = true;
  let fading = false;
  return {
    opacity(key, nowMs) {
      const since = known.get(key) ?? (first || !fades() ? Number.NEGATIVE_INFINITY : nowMs);
      drawn.set(key, since);
      const share = Math.min(1, (nowMs - since) / FADE_MS);
      if (share < 1) fading = true;
      return share;
    },
    settle() {
      const was = fading;
      known = drawn;
      drawn = new Map();
      first = false;
      fading = false;
      return was;
    },
  };
}
