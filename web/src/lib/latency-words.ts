import type { ComparedPairView, LatencyView } from "../../../src/serve/views.ts";

/** A signed difference: `+12 ms`, `−0.4 ms`, `0 ms`; seconds from one on. */
export function formatDifference(ms: number): string {
  const size = formatMs(Math.abs(ms));
  return /^0 /.test(size) ? size : `${ms < 0 ? "−" : "+"}${size}`;
}

/** A span: `0.4 ms`, `12 ms`, `1.25 s`. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms >= 10) return `${Math.round(ms)} ms`;
  const tenths = Math.round(ms * 10) / 10;
  return `${tenths} ms`;
}

/** A pair as it is seen from one of its nodes: `row` against `column`, positive when the column's node is later. */
export type SeenPair = { pair: ComparedPairView; laterMs: number };

export function pairOf(view: LatencyView, row: string, column: string): SeenPair | undefined {
  const pair = view.pairs.find(({ a, b }) => (a === row && b === column) || (a === column && b === row));
  if (pair === undefined) return undefined;
  return { pair, laterMs: pair.a === row ? pair.median_ms : -pair.median_ms };
}

/** How sure a difference is, 0 to 1: half where it is as large as its error. */
export function certaintyOf({ median_ms, error_ms }: ComparedPairView): number {
  const size = Math.abs(median_ms);
  return size + error_ms === 0 ? 0 : size / (size + error_ms);
}

/** All of a pair in one sentence. */
export function pairSentence({ pair, laterMs }: SeenPair, row: string, column: string): string {
  const { n, p90_ms, error_ms, below_error, latency_ms, latency_error_ms, topic } = pair;
  const blocks = `${n} ${n === 1 ? "block" : "blocks"}, ${topic}`;
  const difference = below_error
    ? `${row} and ${column} cannot be told apart: ${formatDifference(laterMs)} ± ${formatMs(error_ms)}`
    : `${column} is ${formatMs(Math.abs(laterMs))} ${laterMs < 0 ? "before" : "after"} ${row} in the median, ± ${formatMs(error_ms)}`;
  const apart =
    latency_ms === null
      ? "latency and bias cannot be told apart"
      : `${formatMs(latency_ms)} apart (half of there and back), ± ${formatMs(1.96 * (latency_error_ms ?? 0))}`;
  return `${difference}; nine in ten within ${formatMs(p90_ms)}; ${apart} (${blocks}).`;
}

/** What the stamps of all nodes' events are worth, in one or two sentences. */
export function stampsSentence({ loop_delay_ms, steps, offset_ms, offset_error_ms, reachable }: LatencyView["stamps"]) {
  const late =
    loop_delay_ms === null
      ? "How late this machine stamped the events is not known for that time, so errors are those of the sampling alone."
      : `This machine stamped the events up to ${formatMs(loop_delay_ms)} late (p99 of its event loop): differences below that say nothing.`;
  const offset =
    offset_ms !== null && offset_error_ms !== null
      ? ` Its clock is off by ${formatDifference(offset_ms)} ± ${formatMs(offset_error_ms)}, which moves times from the slot's start and no difference.`
      : reachable === false
        ? " How far its clock is off is not known, since no time server answered: that moves times from the slot's start and no difference."
        : "";
  const stepped =
    steps === 0
      ? ""
      : ` The clock was set ${steps === 1 ? "once" : `${steps} times`} meanwhile, which spoils single blocks.`;
  return `${late}${offset}${stepped}`;
}
