import type { Chain } from "../chain/chain.ts";
import type { Arrival, NodeEpochRecord, PropagationRecord } from "../events/comparison.ts";
import type { Block, BlockTree, Stages } from "./block-tree.ts";
import type { CanonicalChain } from "./canonical.ts";
import type { Gaps } from "./gaps.ts";
import { blockArrivals } from "./latency/block-times.ts";
import { pairDifferences } from "./latency/differences.ts";
import { type ArrivedBlock, outcomesOf } from "./latency/orphans.ts";
import { spreadOf } from "./latency/propagation.ts";
import type { MeasureUpdate } from "./measure-update.ts";
import type { NodeSlots } from "./node-slots.ts";
import type { VoteShares } from "./votes/vote-shares.ts";

export type EpochFiguresUpdate = Extract<MeasureUpdate, { dataset: "node_epoch" | "latency" | "propagation" }>;

export type EpochFigures = {
  /** Something about this slot changed: its epoch's figures are told again when the next slot begins. */
  noteSlot(slot: number): void;
  beginSlot(slot: number): void;
  /** The recording ends. */
  finish(): void;
  /** Figures that are not what was told of them. Nothing between two beginnings of slots. */
  changed(nowUs: number): EpochFiguresUpdate[];
  prune(belowSlot: number): void;
};

/** Pairs of nodes are told once their epoch is over for so long: a pair has as many documents as the epoch of a node. */
const PAIRS_AFTER_SLOTS = 2;

/** A node that told of none of the last blocks has not gone on: that is no matter of its stream. */
const LAST_TOLD_SLOTS = 64;

/** How the nodes compare, by epoch: completeness, arrivals, echoes and gaps of each, differences of each two, spread. */
export function createEpochFigures(input: {
  chain: Chain;
  tree: BlockTree;
  canonical: CanonicalChain;
  gaps: Gaps;
  nodeSlots: NodeSlots;
  votes: VoteShares;
  isSettled(slot: number): boolean;
}): EpochFigures {
  const { chain, tree, canonical, gaps, nodeSlots, votes, isSettled } = input;
  const dirty = new Set<number>();
  const told = new Map<string, { epoch: number; text: string }>();
  let isDue = false;
  let isOver = false;
  let currentSlot = Number.NEGATIVE_INFINITY;
  let floorSlot = Number.NEGATIVE_INFINITY;

  const slotsOf = (epoch: number, nowUs: number): number[] => {
    const first = epoch * chain.slotsPerEpoch;
    return Array.from({ length: chain.slotsPerEpoch }, (_, index) => first + index).filter(
      (slot) => slot >= 1 && chain.slotStartUs(slot + 1) <= nowUs,
    );
  };

  /** The blocks that any node told of, the slot's own one first: the canonical one, else the first seen. */
  const blocksOf = (slot: number): Block[] => {
    const canonicalRoot = canonical.rootAt(slot);
    const rank = (block: Block) => (block.root === canonicalRoot ? Number.NEGATIVE_INFINITY : (block.firstSeenUs ?? 0));
    return tree
      .at(slot)
      .filter(({ seen }) => seen.size > 0)
      .sort((a, b) => rank(a) - rank(b));
  };

  const wasWatched = (node: string, slot: number): boolean => {
    const startUs = chain.slotStartUs(slot);
    return gaps.wasUpThroughout(node, startUs, startUs + chain.deadlinesOf(slot).aggregateMs * 1000);
  };

  /** The newest canonical block that the node told of, where that is not long ago. */
  const lastToldSlot = (node: string): number => {
    const headSlot = canonical.head?.slot ?? 0;
    for (let slot = headSlot; slot > headSlot - LAST_TOLD_SLOTS; slot -= 1) {
      if (tree.get(canonical.rootAt(slot) ?? "")?.seen.has(node)) return slot;
    }
    return Number.NEGATIVE_INFINITY;
  };

  const leftOut = (node: string, watched: readonly number[]): number[] => {
    const before = lastToldSlot(node);
    return watched.filter((slot) => {
      const block = slot < before ? tree.get(canonical.rootAt(slot) ?? "") : undefined;
      if (block === undefined || block.seen.size === 0 || block.seen.has(node)) return false;
      return nodeSlots.figuresOf(node, slot)?.syncing !== true;
    });
  };

  const nodeEpoch = (node: string, epoch: number, slots: readonly number[]): NodeEpochRecord | undefined => {
    const startUs = chain.slotStartUs(epoch * chain.slotsPerEpoch);
    const { count, us } = gaps.missed(node, startUs, chain.slotStartUs((epoch + 1) * chain.slotsPerEpoch));
    const watched = slots.filter((slot) => wasWatched(node, slot));
    const figures = slots.map((slot) => nodeSlots.figuresOf(node, slot));
    const echoes = figures.reduce((sum, of) => sum + (of?.echoes ?? 0), 0);
    if (watched.length === 0 && echoes === 0 && count === 0) return undefined;
    const blocks = watched.flatMap(blocksOf);
    return {
      epoch,
      node,
      client: figures.findLast((of) => of !== undefined)?.client ?? null,
      start_ms: startUs / 1000,
      blocks_seen: blocks.filter(({ seen }) => seen.has(node)).length,
      blocks_total: blocks.length,
      votes_seen: watched.reduce((sum, slot) => sum + votes.seen({ node, slot }), 0),
      votes_total: watched.reduce((sum, slot) => sum + votes.union(slot), 0),
      left_out: leftOut(node, watched),
      echoes,
      gaps: count,
      gap_ms: us / 1000,
      arrivals: watched.flatMap((slot) => {
        const [block] = blocksOf(slot);
        const isSyncing = nodeSlots.figuresOf(node, slot)?.syncing ?? false;
        return block === undefined || isSyncing ? [] : [arrivalOf(chain, slot, block.seen.get(node))];
      }),
    };
  };

  const propagation = (
    epoch: number,
    slots: readonly number[],
    nodeEpochs: readonly NodeEpochRecord[],
  ): PropagationRecord => {
    const spread = spreadOf(blockArrivals(nodeEpochs), chain.slotDurationMs);
    const arrived = slots.filter(isSettled).flatMap((slot): ArrivedBlock[] =>
      blocksOf(slot).map(({ root, firstSeenUs = Number.NaN }) => ({
        earliestMs: chain.delayMs(slot, firstSeenUs),
        attestationDueMs: chain.deadlinesOf(slot).attestationMs,
        slotDurationMs: chain.slotDurationMs,
        orphaned: root !== canonical.rootAt(slot),
      })),
    );
    const firstSlot = epoch * chain.slotsPerEpoch;
    return {
      epoch,
      start_ms: chain.slotStartUs(firstSlot) / 1000,
      slots: spread?.slots ?? 0,
      spread_median_ms: spread?.medianMs ?? null,
      spread_p90_ms: spread?.p90Ms ?? null,
      attestation_due_ms: chain.deadlinesOf(firstSlot).attestationMs,
      outcomes: outcomesOf(arrived),
    };
  };

  const figuresOf = (epoch: number, nowUs: number): EpochFiguresUpdate[] => {
    const slots = slotsOf(epoch, nowUs);
    const nodes = gaps.nodes().sort();
    const nodeEpochs = nodes.flatMap((node) => nodeEpoch(node, epoch, slots) ?? []);
    if (nodeEpochs.length === 0) return [];
    const isComplete = isOver || currentSlot >= (epoch + 1) * chain.slotsPerEpoch + PAIRS_AFTER_SLOTS;
    const pairs = isComplete ? pairDifferences({ epochs: nodeEpochs, slotDurationMs: chain.slotDurationMs }) : [];
    const start_ms = chain.slotStartUs(epoch * chain.slotsPerEpoch) / 1000;
    return [
      ...nodeEpochs.map((record): EpochFiguresUpdate => ({ dataset: "node_epoch", record })),
      ...pairs.map(({ a, b, topic, medianMs, p90Ms, n }): EpochFiguresUpdate => {
        const record = { epoch, a, b, start_ms, topic, median_ms: medianMs, p90_ms: p90Ms, n };
        return { dataset: "latency", record };
      }),
      { dataset: "propagation", record: propagation(epoch, slots, nodeEpochs) },
    ];
  };

  return {
    noteSlot(slot) {
      if (slot >= floorSlot) dirty.add(chain.epochOf(slot));
    },
    beginSlot(slot) {
      currentSlot = Math.max(currentSlot, slot);
      for (const before of [1, 1 + PAIRS_AFTER_SLOTS]) if (slot >= before) dirty.add(chain.epochOf(slot - before));
      isDue = true;
    },
    finish() {
      isOver = true;
      isDue = true;
      const firstSlot = Math.max(floorSlot, 1);
      for (const { epoch } of told.values()) if ((epoch + 1) * chain.slotsPerEpoch > firstSlot) dirty.add(epoch);
    },
    changed(nowUs) {
      if (!isDue) return [];
      isDue = false;
      const updates: EpochFiguresUpdate[] = [];
      for (const epoch of [...dirty].sort((a, b) => a - b)) {
        // Of an epoch that is forgotten in part, what was told stands.
        if (epoch * chain.slotsPerEpoch < floorSlot) continue;
        for (const update of figuresOf(epoch, nowUs)) {
          const key = `${update.dataset}/${keyOf(update)}`;
          const text = JSON.stringify(update.record);
          if (told.get(key)?.text === text) continue;
          told.set(key, { epoch, text });
          updates.push(update);
        }
      }
      dirty.clear();
      return updates;
    },
    prune(belowSlot) {
      floorSlot = Math.max(floorSlot, belowSlot);
      for (const [key, { epoch }] of told) if ((epoch + 1) * chain.slotsPerEpoch <= floorSlot) told.delete(key);
    },
  };
}

/** The id of a document within its dataset. */
export function keyOf(update: EpochFiguresUpdate): string {
  switch (update.dataset) {
    case "node_epoch":
      return `${update.record.epoch}/${update.record.node}`;
    case "latency":
      return `${update.record.epoch}/${update.record.a}/${update.record.b}`;
    case "propagation":
      return String(update.record.epoch);
  }
}

function arrivalOf(chain: Chain, slot: number, stages: Stages | undefined): Arrival {
  const delay = (atUs: number | undefined) => (atUs === undefined ? null : chain.delayMs(slot, atUs));
  return [slot, delay(stages?.gossipUs), delay(stages?.importUs), delay(stages?.headUs)];
}
