import type { Block, BlockTree } from "./block-tree.ts";

/** A node turned from one head to another. */
export type HeadChange = {
  node: string;
  atUs: number;
  oldRoot: string | null;
  /** When the node took the old head. */
  oldAtUs: number;
  newRoot: string;
  newSlot: number;
};

export type Heads = {
  /**
   * Notes a `head` event. A block below the node's head, on its own chain or long ago, is no change: clients repeat
   * heads, and a node that steps back shows where it went by its next head.
   */
  note(input: { node: string; block: Block; atUs: number }): HeadChange | undefined;
  /**
   * Notes a `head` event that the node had sent before. Clients repeat heads minutes to days later, also those of
   * branches they left: it is a turn back only where the node says so by other means, too.
   */
  noteRepeat(input: { node: string; block: Block; atUs: number }): HeadChange | undefined;
  /** The node said in `chain_reorg` or over REST that it holds this head. */
  noteTurn(input: { node: string; root: string; atUs: number }): HeadChange | undefined;
  headOf(node: string): string | undefined;
  /** The block that most of `nodes` hold: a node that holds an ancestor of a head does not contradict it. */
  majority(nodes: readonly string[]): Block | undefined;
  nodes(): string[];
};

/** A head of another branch that lies further back than this is of long ago, and not one that the node turned to. */
const TURN_BACK_SLOTS = 256;

/** A repeated head and the node's word on it belong together within this time: a slot of mainnet. */
const TURN_WITHIN_US = 12_000_000;

/** Which head each node holds. */
export function createHeads(tree: BlockTree): Heads {
  const heads = new Map<string, Block>();
  const takenUs = new Map<string, number>();
  const repeats = new Map<string, { block: Block; atUs: number }>();
  const turns = new Map<string, { root: string; atUs: number }>();

  const note = ({ node, block, atUs }: { node: string; block: Block; atUs: number }): HeadChange | undefined => {
    const old = heads.get(node);
    if (old === block) return undefined;
    if (old !== undefined && block.slot < old.slot) {
      if (block.slot + TURN_BACK_SLOTS < old.slot || tree.isAncestor(block, old)) return undefined;
    }
    const oldAtUs = takenUs.get(node) ?? atUs;
    heads.set(node, block);
    takenUs.set(node, atUs);
    return { node, atUs, oldRoot: old?.root ?? null, oldAtUs, newRoot: block.root, newSlot: block.slot };
  };

  return {
    note,
    noteRepeat({ node, block, atUs }) {
      const turn = turns.get(node);
      if (turn?.root === block.root && Math.abs(atUs - turn.atUs) <= TURN_WITHIN_US) return note({ node, block, atUs });
      repeats.set(node, { block, atUs });
      return undefined;
    },
    noteTurn({ node, root, atUs }) {
      turns.set(node, { root, atUs });
      const repeat = repeats.get(node);
      if (repeat?.block.root !== root || Math.abs(atUs - repeat.atUs) > TURN_WITHIN_US) return undefined;
      repeats.delete(node);
      return note({ node, block: repeat.block, atUs: repeat.atUs });
    },
    headOf: (node) => heads.get(node)?.root,
    majority(nodes) {
      const voters = nodes.filter((node) => heads.has(node));
      const held = (voters.length > 0 ? voters : [...heads.keys()]).map((node) => heads.get(node) as Block);
      const support = new Map<Block, number>();
      for (const candidate of held) {
        if (support.has(candidate)) continue;
        support.set(candidate, held.filter((head) => tree.isAncestor(head, candidate)).length);
      }
      let best: Block | undefined;
      for (const [candidate, votes] of support) {
        if (best === undefined || isBetter(candidate, votes, best, support.get(best) ?? 0)) best = candidate;
      }
      return best;
    },
    nodes: () => [...heads.keys()],
  };
}

/** More nodes, then the higher slot, then the lower root. */
function isBetter(a: Block, aVotes: number, b: Block, bVotes: number): boolean {
  if (aVotes !== bVotes) return aVotes > bVotes;
  if (a.slot !== b.slot) return a.slot > b.slot;
  return a.root < b.root;
}
