import type { BlockTree } from "./block-tree.ts";
import type { CanonicalChain } from "./canonical.ts";

export type CanonicalRoots = {
  /**
   * The root of the canonical block at a slot, or of the last one before it where the slot has none: what
   * `get_block_root_at_slot` of the consensus specifications answers. Undefined where the chain down to it is not
   * known.
   */
  rootAtOrBelow(slot: number): string | undefined;
  /** Canonical blocks above the one slot, up to the other. */
  countBetween(afterSlot: number, throughSlot: number): number;
};

/** A chain without a block for so many slots is not walked further. */
const MAX_EMPTY_SLOTS = 256;

export function createCanonicalRoots(input: { tree: BlockTree; canonical: CanonicalChain }): CanonicalRoots {
  const { tree, canonical } = input;
  return {
    rootAtOrBelow(slot) {
      const head = canonical.head;
      if (head === undefined) return undefined;
      const from = Math.min(slot, head.slot);
      for (let at = from; at > from - MAX_EMPTY_SLOTS; at -= 1) {
        const root = canonical.rootAt(at);
        if (root !== undefined) return root;
        if (!canonical.reaches(at)) break;
      }
      // The lowest block that is known names its parent, which is the last block before it.
      const lowest = canonical.rootAt(from + 1);
      return (lowest === undefined ? undefined : tree.get(lowest)?.parentRoot) ?? undefined;
    },
    countBetween(afterSlot, throughSlot) {
      let count = 0;
      for (let slot = afterSlot + 1; slot <= throughSlot; slot += 1) {
        if (canonical.rootAt(slot) !== undefined) count += 1;
      }
      return count;
    },
  };
}
