import type { BlockTree } from "./block-tree.ts";
import type { CanonicalChain } from "./canonical.ts";
import type { WantedBlocks } from "./wanted-blocks.ts";

/** Wants the whole of the last canonical blocks, for what they carry; of older ones the headers are enough. */
export function wantCanonicalBlocks(input: {
  wanted: Pick<WantedBlocks, "told">;
  tree: BlockTree;
  canonical: CanonicalChain;
  slots: number;
}): void {
  const { wanted, tree, canonical, slots } = input;
  const head = canonical.head;
  for (let slot = (head?.slot ?? 0) - slots; slot <= (head?.slot ?? -1); slot += 1) {
    const root = canonical.rootAt(slot);
    const block = root === undefined ? undefined : tree.get(root);
    if (block === undefined) continue;
    for (const node of block.seen.keys()) {
      wanted.told({ root: block.root, node, slot, isImported: true, isLinked: true });
    }
  }
}
