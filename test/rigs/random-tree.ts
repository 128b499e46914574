import fc from "fast-check";
import { type Block, type BlockTree, createBlockTree } from "../../src/measure/block-tree.ts";

/** A random tree: each block's parent is an earlier one (or an unknown root), some slots above it. */
export const shape = fc.array(fc.record({ parent: fc.nat(), skipped: fc.integer({ min: 0, max: 3 }) }), {
  minLength: 1,
  maxLength: 40,
});

export const straight = (length: number) =>
  Array.from({ length }, (_, i) => ({ parent: Math.max(0, i - 1), skipped: 0 }));

export function treeOf(blocks: readonly { parent: number; skipped: number }[]): {
  tree: BlockTree;
  made: Block[];
  links: Map<string, string>;
} {
  const tree = createBlockTree();
  const made: Block[] = [];
  const links = new Map<string, string>();
  for (const [index, { parent, skipped }] of blocks.entries()) {
    const parentBlock = made[parent % (made.length + 1)];
    const block = tree.ensure(`0x${index}`, (parentBlock?.slot ?? 0) + 1 + skipped);
    links.set(block.root, parentBlock?.root ?? "0xgenesis");
    made.push(block);
  }
  return { tree, made, links };
}

/** Makes a block's parent known. */
export const link = (block: Block, links: ReadonlyMap<string, string>) => {
  block.parentRoot = links.get(block.root) ?? null;
};
