import type { NodeSlotRecord, SlotRecord } from "../../../src/events/derived.ts";
import type { NodeView } from "../../../src/serve/views.ts";
import { headAgreement } from "./network-state.ts";
import { quantile } from "./statistics.ts";

/** Slots whose blocks a node's completeness is measured over, and those of its delay. */
export const COMPLETENESS_SLOTS = 256;
export const DELAY_SLOTS = 64;

/** A block that any node had, as one node had it; times are signed milliseconds from the slot's start. */
export type NodeBlock = {
  slot: number;
  root: string;
  canonical: boolean;
  /** undefined: this node never told of it. */
  seenMs: number | undefined;
  first: { node: string; seenMs: number };
  /** After the first node; undefined when this node did not have it, or had it alone. */
  behindMs: number | undefined;
  attestationDueMs: number;
};

/** The blocks of all branches in the `count` slots below `before`, ascending, as `node` had them. */
export function nodeBlocks(input: {
  slots: ReadonlyMap<number, SlotRecord>;
  node: string;
  before: number;
  count: number;
}): NodeBlock[] {
  const { slots, node, before, count } = input;
  const shown = [...slots.values()].filter(({ slot }) => slot < before && slot >= before - count);
  return shown
    .sort((a, b) => a.slot - b.slot)
    .flatMap((record) =>
      record.blocks.flatMap(({ root, canonical, seen_ms }) => {
        const arrivals = Object.entries(seen_ms).sort(([, a], [, b]) => a - b);
        const [first] = arrivals;
        if (first === undefined) return [];
        const seenMs = seen_ms[node];
        return {
          slot: record.slot,
          root,
          canonical,
          seenMs,
          first: { node: first[0], seenMs: first[1] },
          behindMs: seenMs === undefined || arrivals.length < 2 ? undefined : seenMs - first[1],
          attestationDueMs: record.attestation_due_ms,
        };
      }),
    );
}

/** How many of the blocks that any node had this one had. */
export type Share = { had: number; of: number };

/** undefined without any block. */
export function blockShare(blocks: readonly NodeBlock[]): Share | undefined {
  if (blocks.length === 0) return undefined;
  return { had: blocks.filter(({ seenMs }) => seenMs !== undefined).length, of: blocks.length };
}

/** Milliseconds after the node that had the block first, over the blocks that this node and another one had. */
export type DelayBehind = { medianMs: number; p90Ms: number; blocks: number };

export function delayBehind(blocks: readonly NodeBlock[]): DelayBehind | undefined {
  const behindMs = blocks.flatMap((block) => block.behindMs ?? []);
  const medianMs = quantile(behindMs, 0.5);
  const p90Ms = quantile(behindMs, 0.9);
  if (medianMs === undefined || p90Ms === undefined) return undefined;
  return { medianMs, p90Ms, blocks: behindMs.length };
}

/**
 * Each node's single attestations of the slots below `before`, against the node that had most in each slot. Nodes that
 * subscribe to few subnets have few. Empty when no node tells single attestations.
 */
export function voteShares(input: {
  nodeSlots: ReadonlyMap<number, ReadonlyMap<string, NodeSlotRecord>>;
  nodes: Iterable<string>;
  before: number;
}): ReadonlyMap<string, Share> {
  const { nodeSlots, nodes, before } = input;
  const votesOf = (record: NodeSlotRecord | undefined) =>
    record?.single_attestations.reduce((sum, [, count]) => sum + count, 0) ?? 0;
  const over = [...nodeSlots].filter(([slot]) => slot < before).map(([, byNode]) => byNode);
  const of = over.reduce((sum, byNode) => sum + Math.max(0, ...[...byNode.values()].map(votesOf)), 0);
  if (of === 0) return new Map();
  return new Map(
    [...nodes].map((node) => [node, { had: over.reduce((sum, byNode) => sum + votesOf(byNode.get(node)), 0), of }]),
  );
}

/** A node's head beside those of the nodes that stream. */
export type HeadStanding = { kind: "with_most" | "alone" } | { kind: "behind"; slots: number } | { kind: "other_head" };

/** undefined while the node has told no head. */
export function headStanding(node: NodeView, nodes: Iterable<NodeView>): HeadStanding | undefined {
  if (node.head === null) return undefined;
  const others = [...nodes].filter(({ name, state, head }) => name !== node.name && state === "streaming" && head);
  if (others.length === 0) return { kind: "alone" };
  const highest = Math.max(...others.map(({ head }) => head?.slot ?? 0));
  if (node.head.slot < highest) return { kind: "behind", slots: highest - node.head.slot };
  const most = headAgreement([node, ...others]);
  const agrees = most === undefined || !most.others.some(({ name }) => name === node.name);
  return { kind: agrees ? "with_most" : "other_head" };
}
