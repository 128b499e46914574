/** When one node told of a block on each topic, microseconds since the Unix epoch. */
export type Stages = { firstUs: number; gossipUs?: number; importUs?: number; headUs?: number };

export type Stage = keyof Omit<Stages, "firstUs">;

export type Block = {
  readonly root: string;
  readonly slot: number;
  parentRoot: string | null;
  parentInferred: boolean;
  proposerIndex: number | null;
  /** By node; empty for a block that only REST told of. */
  readonly seen: Map<string, Stages>;
  /** The earliest event over all nodes; undefined for a block that only REST told of. */
  firstSeenUs: number | undefined;
};

export type BlockTree = {
  get(root: string): Block | undefined;
  /** The block of that root, made when it was not known. */
  ensure(root: string, slot: number): Block;
  /** Blocks of a slot, in the order they became known. */
  at(slot: number): readonly Block[];
  parentOf(block: Block): Block | undefined;
  /** The lowest slot of a block upon this root, which need not be known itself: it lies below that slot. */
  lowestChildSlot(root: string): number | undefined;
  /** True when `ancestor` is `block` or lies on its way down; false too where the way is not known. */
  isAncestor(ancestor: Block, block: Block): boolean;
  /** Where two branches meet, and the blocks of each above it, oldest first; undefined while the way is not known. */
  fork(oldHead: Block, newHead: Block): Fork | undefined;
  /** Forgets blocks below a slot. */
  prune(belowSlot: number): void;
  readonly size: number;
};

export type Fork = { ancestorRoot: string; abandoned: Block[]; adopted: Block[]; inferred: boolean };

/** All blocks that any node told of, by root, linked to their parents. */
export function createBlockTree(): BlockTree {
  const blocks = new Map<string, Block>();
  const bySlot = new Map<number, Block[]>();

  /** A parent lies below its child: a link that says otherwise is a lie, and would make a circle. */
  const parentOf = (block: Block): Block | undefined => {
    const parent = block.parentRoot === null ? undefined : blocks.get(block.parentRoot);
    return parent !== undefined && parent.slot < block.slot ? parent : undefined;
  };
  const linksDown = (block: Block): boolean => {
    const parent = block.parentRoot === null ? undefined : blocks.get(block.parentRoot);
    return block.parentRoot !== null && (parent === undefined || parent.slot < block.slot);
  };

  return {
    get: (root) => blocks.get(root),
    ensure(root, slot) {
      let block = blocks.get(root);
      if (block !== undefined) return block;
      block = {
        root,
        slot,
        parentRoot: null,
        parentInferred: false,
        proposerIndex: null,
        seen: new Map(),
        firstSeenUs: undefined,
      };
      blocks.set(root, block);
      const siblings = bySlot.get(slot);
      if (siblings === undefined) bySlot.set(slot, [block]);
      else siblings.push(block);
      return block;
    },
    at: (slot) => bySlot.get(slot) ?? [],
    parentOf,
    lowestChildSlot(root) {
      let lowest: number | undefined;
      for (const { parentRoot, slot } of blocks.values())
        if (parentRoot === root && !(slot > (lowest ?? slot))) lowest = slot;
      return lowest;
    },
    isAncestor(ancestor, block) {
      let current: Block | undefined = block;
      while (current !== undefined && current.slot > ancestor.slot) current = parentOf(current);
      return current === ancestor;
    },
    fork(oldHead, newHead) {
      const abandoned: Block[] = [];
      const adopted: Block[] = [];
      let inferred = false;
      let leftRoot = oldHead.root;
      let rightRoot = newHead.root;
      while (leftRoot !== rightRoot) {
        const left = blocks.get(leftRoot);
        const right = blocks.get(rightRoot);
        if (left === undefined && right === undefined) return undefined;
        // The higher block cannot be an ancestor of the lower one, of two at one slot neither can;
        // a block that is not known lies below all that are.
        const leftSlot = left?.slot ?? -1;
        const rightSlot = right?.slot ?? -1;
        if (left !== undefined && leftSlot >= rightSlot) {
          if (left.parentRoot === null || !linksDown(left)) return undefined;
          abandoned.unshift(left);
          inferred ||= left.parentInferred;
          leftRoot = left.parentRoot;
        }
        if (right !== undefined && rightSlot >= leftSlot) {
          if (right.parentRoot === null || !linksDown(right)) return undefined;
          adopted.unshift(right);
          inferred ||= right.parentInferred;
          rightRoot = right.parentRoot;
        }
      }
      return { ancestorRoot: leftRoot, abandoned, adopted, inferred };
    },
    prune(belowSlot) {
      for (const [slot, siblings] of bySlot) {
        if (slot >= belowSlot) continue;
        for (const block of siblings) blocks.delete(block.root);
        bySlot.delete(slot);
      }
    },
    get size() {
      return blocks.size;
    },
  };
}

/** Notes when a node told of a block. The earliest event counts, in whatever order they come. */
export function noteSighting(input: { block: Block; node: string; stage: Stage | undefined; atUs: number }): void {
  const { block, node, stage, atUs } = input;
  const stages: Stages = block.seen.get(node) ?? { firstUs: atUs };
  stages.firstUs = Math.min(stages.firstUs, atUs);
  if (stage !== undefined) stages[stage] = Math.min(stages[stage] ?? atUs, atUs);
  block.seen.set(node, stages);
  block.firstSeenUs = Math.min(block.firstSeenUs ?? atUs, atUs);
}
