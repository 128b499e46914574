import type { HeadRelation, HeldHead } from "../events/derived.ts";
import type { Block, BlockTree } from "./block-tree.ts";

/** Where a node's head stands to the highest block that at least half of the nodes have in their chains. */
export type HeadStanding = {
  /** Null where the way between the two is not known. */
  relation: HeadRelation | null;
  /** Slots by which it lies below. */
  behindSlots: number;
};

export type HeadComparison = {
  of(node: string): HeadStanding | undefined;
  /** The heads of which none lies on another's chain; most nodes first, then the higher slot, then the lower root. */
  tips: readonly HeldHead[];
};

export type HeldHeads = {
  /** A deadline of this slot passed, and these heads were held, one a node. */
  note(slot: number, roots: readonly string[]): void;
  /** The heads of a slot compared; undefined where fewer than two nodes held one. The same until they were told. */
  compared(slot: number, heads: () => readonly { node: string; root: string }[]): HeadComparison | undefined;
  /** What was compared was told: more links may be known until the next time. */
  told(): void;
  prune(belowSlot: number): void;
};

/** A head that lies further back than this and is linked to nothing is one of long ago, and no branch. */
const LONG_AGO_SLOTS = 256;

/**
 * Compares the heads that nodes hold at one moment. A head that is an ancestor of another's does not contradict it, and a
 * node that stays on what more than half of them had and left does not either: it is behind. So a node that froze just
 * before a reorg is no branch of its own.
 */
export function createHeldHeads(tree: BlockTree): HeldHeads {
  /** Blocks that more than half of the nodes had at a deadline, and its slot. */
  const mostHeld = new Map<string, number>();
  const comparisons = new Map<number, HeadComparison | undefined>();

  const relationOf = (block: Block, most: Block): HeadRelation | null => {
    if (block === most) return "same";
    const fork = tree.fork(block, most);
    if (fork === undefined) return block.slot + LONG_AGO_SLOTS < most.slot ? "behind" : null;
    if (fork.abandoned.length === 0) return "behind";
    if (fork.adopted.length === 0) return "ahead";
    return mostHeld.has(block.root) ? "behind" : "fork";
  };

  const compare = (heads: readonly { node: string; root: string }[]): HeadComparison | undefined => {
    const held = heads.flatMap(({ node, root }) => {
      const block = tree.get(root);
      return block === undefined ? [] : [{ node, block }];
    });
    const blocks = held.map(({ block }) => block);
    const most = highestHeld({ tree, blocks, needed: Math.ceil(blocks.length / 2) });
    if (held.length < 2 || most === undefined) return undefined;
    const standings = new Map<string, HeadStanding>();
    const tips = new Map<Block, string[]>();
    for (const { node, block } of held) {
      const relation = relationOf(block, most);
      standings.set(node, { relation, behindSlots: Math.max(0, most.slot - block.slot) });
      if (relation === null || relation === "behind") continue;
      if (blocks.some((other) => other !== block && tree.isAncestor(block, other))) continue;
      tips.set(block, [...(tips.get(block) ?? []), node].sort());
    }
    return {
      of: (node) => standings.get(node),
      tips: [...tips]
        .sort(([a, aNodes], [b, bNodes]) => bNodes.length - aNodes.length || (isHigher(a, b) ? -1 : 1))
        .map(([{ root, slot }, nodes]) => ({ root, slot, nodes })),
    };
  };

  return {
    note(slot, roots) {
      const blocks = roots.flatMap((root) => tree.get(root) ?? []);
      const most = highestHeld({ tree, blocks, needed: Math.floor(blocks.length / 2) + 1 });
      if (most !== undefined) mostHeld.set(most.root, slot);
    },
    compared(slot, heads) {
      if (!comparisons.has(slot)) comparisons.set(slot, compare(heads()));
      return comparisons.get(slot);
    },
    told: () => comparisons.clear(),
    prune(belowSlot) {
      for (const [root, slot] of mostHeld) if (slot < belowSlot) mostHeld.delete(root);
    },
  };
}

/** The highest block that lies in the chains of so many of these heads; at one slot the lower root. */
function highestHeld(input: { tree: BlockTree; blocks: readonly Block[]; needed: number }): Block | undefined {
  const { tree, blocks, needed } = input;
  const distinct = [...new Set(blocks)];
  const candidates = new Set(distinct);
  for (const [index, a] of distinct.entries()) {
    for (const b of distinct.slice(index + 1)) {
      const meeting = tree.get(tree.fork(a, b)?.ancestorRoot ?? "");
      if (meeting !== undefined) candidates.add(meeting);
    }
  }
  let best: Block | undefined;
  for (const candidate of candidates) {
    if (best !== undefined && !isHigher(candidate, best)) continue;
    if (blocks.filter((block) => tree.isAncestor(candidate, block)).length >= needed) best = candidate;
  }
  return best;
}

const isHigher = (a: Block, b: Block) => a.slot > b.slot || (a.slot === b.slot && a.root < b.root);
