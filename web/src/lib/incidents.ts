import type { GapRecord, SlotRecord } from "../../../src/events/derived.ts";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import type { NetworkView } from "../../../src/serve/views.ts";
import { capitalized, formatCount, formatDelay, formatDuration, formatList, formatSlotRange } from "./format.ts";
import { CAUSE_WORDS } from "./gap-words.ts";
import { nodePath, reorgPath, slotPath } from "./router.ts";
import { slotAt, slotStartMs } from "./slot-clock.ts";

export type IncidentKind = "late" | "missed" | "orphaned" | "reorg" | "gap" | "behind";

/** One line of "what happened": a fact, what it is measured against, and the page where to look. */
export type Incident = {
  id: string;
  kind: IncidentKind;
  slot: number;
  /** Path of the page that tells more. */
  path: string;
  atMs: number;
  title: string;
  detail: string;
};

/**
 * What was not as it should be, newest first: late, missed and orphaned slots, reorgs, gaps, and spans in which single
 * nodes saw the blocks of others too late or not at all. A slot counts once it is over.
 */
export function incidentsOf(input: {
  network: NetworkView;
  slots: Iterable<SlotRecord>;
  reorgs: Iterable<ReorgRecord>;
  gaps: Iterable<GapRecord>;
  nodes: readonly string[];
  currentSlot: number;
  usualDelayMs: number | undefined;
}): Incident[] {
  const { network, nodes, currentSlot, usualDelayMs } = input;
  const slots = [...input.slots].sort((a, b) => a.slot - b.slot);
  const usual = usualDelayMs === undefined ? "" : ` Usual ${formatDelay(usualDelayMs)}.`;
  const incidents = [
    ...slots.flatMap((slot) => slotIncident(slot, usual)),
    ...groupedSpans(behindSpans(slots, nodes, currentSlot)).map((spans) =>
      behindIncident(spans, nodes.length, network),
    ),
    ...[...input.reorgs].filter((reorg) => !reorg.withdrawn).map((reorg) => reorgIncident(reorg, nodes.length)),
    ...[...input.gaps].map((gap) => gapIncident(gap, network)),
  ];
  return incidents.sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1));
}

function slotIncident(record: SlotRecord, usual: string): Incident[] {
  const { slot, status, start_ms, attestation_due_ms } = record;
  const base = { slot, path: slotPath(slot), id: `slot ${slot}` };
  const proposer = record.proposer_index === null ? "" : ` Proposer ${record.proposer_index}.`;
  if (status === "missed") {
    return [
      {
        ...base,
        kind: "missed",
        atMs: start_ms,
        title: `Slot ${slot} missed`,
        detail: `No node saw a block.${proposer}`,
      },
    ];
  }
  const firstMs = Math.min(...record.blocks.flatMap((block) => Object.values(block.seen_ms)));
  const due = `Attestations are due at ${formatDelay(attestation_due_ms)}.${usual}`;
  const late = record.late && Number.isFinite(firstMs);
  if (status === "orphaned") {
    const title = late
      ? `Slot ${slot} late by ${formatDelay(firstMs - attestation_due_ms)} and orphaned`
      : `Slot ${slot} orphaned`;
    const detail = late
      ? `Its block came at ${formatDelay(firstMs)}. ${due}`
      : `Its block was left by the chain.${proposer}`;
    return [{ ...base, kind: "orphaned", atMs: start_ms + (late ? firstMs : 0), title, detail }];
  }
  if (!late) return [];
  return [
    {
      ...base,
      kind: "late",
      atMs: start_ms + firstMs,
      title: `Slot ${slot} late, ${formatDelay(firstMs)}`,
      detail: due,
    },
  ];
}

function reorgIncident(reorg: ReorgRecord, nodeCount: number): Incident {
  const who = reorg.nodes.length === nodeCount && nodeCount > 1 ? "all nodes" : formatList(reorg.nodes);
  const left = reorg.abandoned.map(({ slot }) => slot);
  const [first, last] = left.length === 0 ? [reorg.slot, reorg.slot] : [Math.min(...left), Math.max(...left)];
  return {
    id: `reorg ${reorg.id}`,
    kind: "reorg",
    slot: first,
    path: reorgPath(reorg.id),
    atMs: reorg.at_ms,
    title: `Reorg of ${formatCount(reorg.depth, "block")}, ${formatSlotRange(first, last)} left`,
    detail: `On ${who}, for a head at slot ${reorg.slot}.${reorg.inferred ? " A parent was inferred." : ""}`,
  };
}

function gapIncident(gap: GapRecord, network: NetworkView): Incident {
  const slot = Math.max(0, slotAt(network, gap.from_ms));
  return {
    id: `gap ${gap.node} ${gap.from_ms}`,
    kind: "gap",
    slot,
    path: nodePath(gap.node),
    atMs: gap.from_ms,
    title: `${gap.node}: no events for ${formatDuration(gap.to_ms - gap.from_ms)}`,
    detail: `From ${formatSlotRange(slot, Math.max(slot, slotAt(network, gap.to_ms)))}: ${CAUSE_WORDS[gap.cause]}.`,
  };
}

/** Consecutive slots whose block a node saw after the attestation deadline, or not at all, while others had it in time. */
type BehindSpan = { node: string; first: number; last: number; slots: number; worstMs: number; absent: number };

function behindSpans(slots: readonly SlotRecord[], nodes: readonly string[], currentSlot: number): BehindSpan[] {
  const spans: BehindSpan[] = [];
  for (const node of nodes) {
    let span: BehindSpan | undefined;
    for (const record of slots) {
      if (record.slot >= currentSlot || record.status !== "proposed" || record.late) continue;
      if (Object.keys(record.seen_ms).length === 0) continue;
      const seenMs = record.seen_ms[node];
      if (seenMs !== undefined && seenMs <= record.attestation_due_ms) {
        span = undefined;
        continue;
      }
      if (span === undefined) {
        span = { node, first: record.slot, last: record.slot, slots: 0, worstMs: 0, absent: 0 };
        spans.push(span);
      }
      span.last = record.slot;
      span.slots += 1;
      if (seenMs === undefined) span.absent += 1;
      else span.worstMs = Math.max(span.worstMs, seenMs);
    }
  }
  return spans;
}

/** Spans of several nodes over the same slots are one incident. */
function groupedSpans(spans: readonly BehindSpan[]): BehindSpan[][] {
  return [...Map.groupBy(spans, ({ first, last }) => `${first} ${last}`).values()];
}

function behindIncident(spans: readonly BehindSpan[], nodeCount: number, network: NetworkView): Incident {
  const first = Math.min(...spans.map((span) => span.first));
  const last = Math.max(...spans.map((span) => span.last));
  const names = spans.map(({ node }) => node);
  const range = formatSlotRange(first, last);
  const most = names.length * 2 > nodeCount;
  const absent = Math.max(...spans.map((span) => span.absent));
  const late = Math.max(...spans.map((span) => span.slots - span.absent));
  const worstMs = Math.max(...spans.map((span) => span.worstMs));
  const parts = [
    ...(late === 0
      ? []
      : [`${formatCount(late, "block")} late, seen up to ${formatDuration(worstMs)} after the slot's start`]),
    ...(absent === 0 ? [] : [`${formatCount(absent, "block")} not seen`]),
  ];
  return {
    id: `behind ${first} ${names.join(" ")}`,
    kind: "behind",
    slot: first,
    path: slotPath(first),
    atMs: slotStartMs(network, first),
    title: most
      ? `${capitalized(range)} late on ${names.length} of ${nodeCount} nodes`
      : `${formatList(names)} behind the others, ${range}`,
    detail: `${formatList(parts)}; the others were in time.`,
  };
}
