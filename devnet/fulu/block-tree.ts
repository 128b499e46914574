export type TreeBlock = { root: string; parentRoot: string; slot: number };

/** All blocks that a node knows, joined by their parents. */
export type BlockTree<Block extends TreeBlock> = {
  add(block: Block): void;
  get(root: string): Block | undefined;
  /** Of a block that is known for certain. Throws when it is not. */
  known(root: string): Block;
  all(): Iterable<Block>;
  children(root: string): readonly Block[];
  /** The block of a chain at a slot, or the last one before it. */
  ancestorAt(root: string, slot: number): Block | undefined;
  commonAncestor(one: string, other: string): Block | undefined;
  /** Forgets all that does not descend from a block, but for its own chain below it. */
  keepOnly(root: string): void;
};

export function createBlockTree<Block extends TreeBlock>(genesis: Block): BlockTree<Block> {
  const blocks = new Map<string, Block>([[genesis.root, genesis]]);
  const children = new Map<string, Block[]>();

  const ancestorAt = (root: string, slot: number): Block | undefined => {
    let block = blocks.get(root);
    while (block !== undefined && block.slot > slot) block = blocks.get(block.parentRoot);
    return block;
  };

  return {
    add(block) {
      blocks.set(block.root, block);
      const siblings = children.get(block.parentRoot);
      if (siblings === undefined) children.set(block.parentRoot, [block]);
      else siblings.push(block);
    },
    get: (root) => blocks.get(root),
    known(root) {
      const block = blocks.get(root);
      if (block === undefined) throw new Error(`Block ${root} is not known`);
      return block;
    },
    all: () => blocks.values(),
    children: (root) => children.get(root) ?? [],
    ancestorAt,
    commonAncestor(one, other) {
      let [a, b] = [blocks.get(one), blocks.get(other)];
      while (a !== undefined && b !== undefined && a.root !== b.root) {
        if (a.slot >= b.slot) a = blocks.get(a.parentRoot);
        else b = blocks.get(b.parentRoot);
      }
      return b === undefined ? undefined : a;
    },
    keepOnly(root) {
      const base = blocks.get(root);
      if (base === undefined) return;
      for (const block of [...blocks.values()]) {
        const stays = ancestorAt(block.root, base.slot)?.root === root || ancestorAt(root, block.slot) === block;
        if (stays) continue;
        blocks.delete(block.root);
        children.delete(block.root);
        const siblings = children.get(block.parentRoot)?.filter((sibling) => sibling !== block) ?? [];
        children.set(block.parentRoot, siblings);
      }
    },
  };
}
