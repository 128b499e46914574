import type { Block, BlockTree } from "./block-tree.ts";

export type CanonicalChain = {
  readonly head: Block | undefined;
  /** Follows the links down from `head`; returns the slots whose canonical block changed. */
  follow(head: Block): number[];
  /** A block of this slot is new, or was linked to another parent: the next walk goes down to it. */
  noteLink(slot: number): void;
  rootAt(slot: number): string | undefined;
  /** The links from the head down to this slot are known: that no canonical block stands there is certain. */
  reaches(slot: number): boolean;
  prune(belowSlot: number): void;
};

/** The canonical block of each slot: the ancestors of the head that most nodes hold. */
export function createCanonicalChain(tree: BlockTree): CanonicalChain {
  const roots = new Map<number, string>();
  let head: Block | undefined;
  let floorSlot = Number.POSITIVE_INFINITY;
  let lowestNewLink = Number.POSITIVE_INFINITY;

  const set = (slot: number, root: string | undefined, changed: number[]) => {
    if (roots.get(slot) === root) return;
    if (root === undefined) roots.delete(slot);
    else roots.set(slot, root);
    changed.push(slot);
  };

  return {
    get head() {
      return head;
    },
    follow(newHead) {
      const changed: number[] = [];
      const topSlot = head === undefined ? newHead.slot : Math.max(head.slot, newHead.slot);
      for (let slot = newHead.slot + 1; slot <= topSlot; slot += 1) set(slot, undefined, changed);
      head = newHead;
      let block: Block = newHead;
      while (true) {
        const known = roots.get(block.slot) === block.root && block.slot >= floorSlot && block.slot < topSlot;
        set(block.slot, block.root, changed);
        // Below a block that was canonical and linked, nothing changes but what was linked since.
        if (known && block.slot < lowestNewLink) break;
        const parent = tree.parentOf(block);
        if (parent === undefined) {
          floorSlot = (block.parentRoot === null ? undefined : tree.lowestChildSlot(block.parentRoot)) ?? block.slot;
          for (let slot = floorSlot; slot < block.slot; slot += 1) set(slot, undefined, changed);
          break;
        }
        for (let slot = parent.slot + 1; slot < block.slot; slot += 1) set(slot, undefined, changed);
        block = parent;
      }
      lowestNewLink = Number.POSITIVE_INFINITY;
      return changed;
    },
    noteLink(slot) {
      lowestNewLink = Math.min(lowestNewLink, slot);
    },
    rootAt: (slot) => roots.get(slot),
    reaches: (slot) => slot >= floorSlot,
    prune(belowSlot) {
      for (const slot of roots.keys()) if (slot < belowSlot) roots.delete(slot);
    },
  };
}
