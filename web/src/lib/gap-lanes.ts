import type { GapRecord } from "../../../src/events/derived.ts";
import type { GapCause } from "../../../src/events/envelope.ts";
import type { NodeView } from "../../../src/serve/views.ts";

/** A gap within the shown span; `open` while the node is still not heard. Unix milliseconds. */
export type ShownGap = {
  node: string;
  fromMs: number;
  toMs: number;
  /** undefined for an open gap, whose cause the node's state tells. */
  cause: GapCause | undefined;
  open: boolean;
};

/** One node on the axis of gaps. Nothing is known of the time before `watchedSinceMs`. */
export type GapLane = { node: string; client: string | null; watchedSinceMs: number; gaps: readonly ShownGap[] };

/**
 * The gaps of each node that reach into `[fromMs, nowMs]`, oldest first, with the one that is open now. A node that has
 * a gap from before this run of the monitor was watched by an earlier run too: as long as the store reaches back.
 */
export function gapLanes(input: {
  nodes: Iterable<NodeView>;
  gaps: Iterable<GapRecord>;
  fromMs: number;
  nowMs: number;
  startedMs: number;
  storedSinceMs: number;
}): GapLane[] {
  const { nodes, fromMs, nowMs, startedMs, storedSinceMs } = input;
  const byNode = Map.groupBy(input.gaps, ({ node }) => node);
  return [...nodes].map((node) => {
    const own = (byNode.get(node.name) ?? []).toSorted((a, b) => a.from_ms - b.from_ms);
    const earlierRun = own.some(({ from_ms }) => from_ms < startedMs);
    const open = openGap(node, nowMs);
    const closed = own.map(
      (gap): ShownGap => ({ node: node.name, fromMs: gap.from_ms, toMs: gap.to_ms, cause: gap.cause, open: false }),
    );
    return {
      node: node.name,
      client: node.client,
      watchedSinceMs: earlierRun ? Math.min(storedSinceMs, startedMs) : startedMs,
      gaps: [...closed, ...(open === undefined ? [] : [open])].filter((gap) => gap.toMs > fromMs && gap.fromMs < nowMs),
    };
  });
}

/** Milliseconds that the gaps take of `[fromMs, toMs]`; gaps that overlap count once. */
export function lostMs(gaps: readonly ShownGap[], span: { fromMs: number; toMs: number }): number {
  let lost = 0;
  let reachedMs = span.fromMs;
  for (const gap of gaps.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const endMs = Math.min(span.toMs, gap.toMs);
    lost += Math.max(0, endMs - Math.max(reachedMs, gap.fromMs));
    reachedMs = Math.max(reachedMs, endMs);
  }
  return lost;
}

function openGap(node: NodeView, nowMs: number): ShownGap | undefined {
  if (node.state === "streaming") return undefined;
  return { node: node.name, fromMs: Math.min(node.since_ms, nowMs), toMs: nowMs, cause: undefined, open: true };
}
