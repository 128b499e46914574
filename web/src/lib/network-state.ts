import type { SlotRecord } from "../../../src/events/derived.ts";
import type { NodeView } from "../../../src/serve/views.ts";
import { type Baseline, baselineOf } from "./statistics.ts";

/** Proposed slots that a block's delay is compared with. */
export const BASELINE_SLOTS = 64;

/** Nodes take a new block one after the other: only a disagreement that lasts is one. */
export const HEADS_SETTLE_MS = 900;

/** Which head most nodes hold, and who holds another one. */
export type HeadAgreement = { root: string; agreeing: number; of: number; others: readonly NodeView[] };

export function headAgreement(nodes: Iterable<NodeView>): HeadAgreement | undefined {
  const withHead = [...nodes].filter((node) => node.head !== null && node.state === "streaming");
  const counts = new Map<string, number>();
  for (const { head } of withHead) if (head !== null) counts.set(head.root, (counts.get(head.root) ?? 0) + 1);
  let root: string | undefined;
  for (const [candidate, count] of counts) if (root === undefined || count > (counts.get(root) ?? 0)) root = candidate;
  if (root === undefined) return undefined;
  const others = withHead.filter((node) => node.head?.root !== root);
  return { root, agreeing: withHead.length - others.length, of: withHead.length, others };
}

/** The finalized epoch that most nodes report; the higher one on a tie. */
export function finalizedEpoch(nodes: Iterable<NodeView>): number | undefined {
  const counts = new Map<number, number>();
  for (const { finalized_epoch: epoch } of nodes) if (epoch !== null) counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
  const ranked = [...counts].sort(([epochA, a], [epochB, b]) => b - a || epochB - epochA);
  return ranked[0]?.[0];
}

/** Finality is two epochs behind when all is well; the third comes at an epoch's end. */
const USUAL_FINALITY_LAG = 3;
/** `process_justification_and_finalization` of the specification skips the first epochs: epoch 4 sees the first one. */
export const FIRST_FINALITY_EPOCH = 4;

/** Whether finality is further behind than it can be on a network that is well. */
export function isFinalityDelayed(epoch: number, finalized: number): boolean {
  return epoch > FIRST_FINALITY_EPOCH && epoch - finalized > USUAL_FINALITY_LAG;
}

/** What is usual: the delays of the last proposed slots below `before`. */
export function usualDelay(slots: Iterable<SlotRecord>, before: number): Baseline | undefined {
  const proposed = [...slots].filter(
    (record) => record.slot < before && record.status === "proposed" && record.delay_ms !== null,
  );
  proposed.sort((a, b) => b.slot - a.slot);
  return baselineOf(proposed.slice(0, BASELINE_SLOTS).flatMap((record) => record.delay_ms ?? []));
}
