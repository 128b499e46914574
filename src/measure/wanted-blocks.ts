/** A block that is asked for, and the nodes that told of it: all of it, or its header alone. */
export type WantedBlock = { root: string; nodes: readonly string[]; whole: boolean };

export type WantedBlocks = {
  /** A node told of a block by an event; `isLinked`: its parent is known from a header. */
  told(block: { root: string; node: string; slot: number; isImported: boolean; isLinked: boolean }): void;
  /** A header of this slot named a parent that no node told of. */
  wantParent(parent: { root: string; node: string; slot: number }): void;
  /** A header came, or the whole block: for that nobody need be asked. */
  answered(root: string, whole: boolean): void;
  /** A slot began: what was gossiped before it and never imported is asked for by its header. */
  begin(slot: number): void;
  /** What is wanted since the last call, each root once. */
  taken(): WantedBlock[];
};

/** Blocks and nodes remembered as asked: about a day of mainnet on five nodes. */
const ASKED_LIMIT = 32_768;
/** Blocks that were gossiped and not imported; a node that tells of more is lying. */
const HELD_LIMIT = 1_024;

/**
 * A fresh block is asked for whole, once a node has imported it: before, the node would answer 404. Of one that is
 * older, told of while a node syncs or found by walking down from its child, the header alone is worth the bytes. Each
 * node that tells of a block is named once: should the first be unable to answer, another is asked.
 */
export function createWantedBlocks(options: { isFresh(slot: number): boolean }): WantedBlocks {
  const { isFresh } = options;
  const asked = new Set<string>();
  const whole = new Set<string>();
  const held = new Map<string, { slot: number; nodes: Set<string> }>();
  let wanted = new Map<string, { nodes: string[]; whole: boolean }>();

  const want = (root: string, node: string, all: boolean) => {
    if (all && whole.has(root)) return;
    if (!remember(asked, `${root}/${node}/${all}`)) return;
    const known = wanted.get(root);
    if (known === undefined) wanted.set(root, { nodes: [node], whole: all });
    else {
      if (!known.nodes.includes(node)) known.nodes.push(node);
      known.whole ||= all;
    }
  };

  const hold = (root: string, node: string, slot: number) => {
    const known = held.get(root);
    if (known !== undefined) known.nodes.add(node);
    else if (held.size < HELD_LIMIT) held.set(root, { slot, nodes: new Set([node]) });
  };

  return {
    told({ root, node, slot, isImported, isLinked }) {
      if (!isFresh(slot)) {
        if (!isLinked) want(root, node, false);
      } else if (isImported) {
        held.delete(root);
        want(root, node, true);
      } else if (!isLinked && !whole.has(root)) hold(root, node, slot);
    },
    wantParent({ root, node, slot }) {
      want(root, node, isFresh(slot));
    },
    answered(root, all) {
      if (all) remember(whole, root);
      if (all || wanted.get(root)?.whole === false) wanted.delete(root);
      held.delete(root);
    },
    begin(slot) {
      for (const [root, block] of held) {
        if (block.slot >= slot) continue;
        held.delete(root);
        for (const node of block.nodes) want(root, node, false);
      }
    },
    taken() {
      const list = [...wanted].map(([root, block]) => ({ root, ...block }));
      if (list.length > 0) wanted = new Map();
      return list;
    },
  };
}

/** False when it is remembered already; the oldest is forgotten for it when there are too many. */
function remember(set: Set<string>, key: string): boolean {
  if (set.has(key)) return false;
  if (set.size >= ASKED_LIMIT) for (const oldest of set.values().take(1)) set.delete(oldest);
  set.add(key);
  return true;
}
