import type { Block, BlockTree } from "./block-tree.ts";
import type { HeadChange } from "./heads.ts";

export type ParentInference = {
  noteBlock(block: Block): void;
  noteImport(input: { node: string; block: Block }): void;
  noteHead(change: HeadChange): void;
  /** The node's stream went down: what it imports next need not follow what it imported before. */
  noteGap(node: string): void;
  /** The node said that this head was a reorg and no extension. */
  noteReorgHint(input: { node: string; newHead: string }): void;
  /** The clock was set back: what waits does so from this moment on. */
  setBack(toUs: number): void;
  /** Infers what is due at `nowUs`; returns the blocks that got a parent. */
  infer(nowUs: number): Block[];
};

type Waiting = { block: Block; dueUs: number };

/** A header normally comes within milliseconds; a node's own `chain_reorg` follows its `head` event at once. */
const WAIT_US = 1_000_000;

/** Blocks of one node's stream that may precede another as its parent are sought this far back. */
const IMPORT_MEMORY = 64;

const REORG_MEMORY = 256;

/**
 * Infers parents where no header can be had (recordings without REST answers, a node whose REST fails), from each node's
 * sequence of heads: a head that simply follows another, with no `chain_reorg` between them, has it as its parent.
 * Where only imports tell of a block, the block imported just before it is taken, or that one's parent when the node
 * left it for this block. What is inferred is marked, and a header that comes later replaces it.
 */
export function createParentInference(tree: BlockTree): ParentInference {
  const waiting = new Map<string, Waiting>();
  const extensions = new Map<string, Map<string, string>>();
  const imports = new Map<string, Block[]>();
  const importedAfter = new Map<string, string[]>();
  // Some clients tell a reorg before its head, others after.
  const reorgHeads = new Set<string>();
  const leftFor = new Map<string, Set<string>>();

  const candidate = (block: Block): string | undefined => {
    const votes = new Map<string, number>();
    const left = leftFor.get(block.root);
    for (const parent of extensions.get(block.root)?.values() ?? []) {
      if (!left?.has(parent)) votes.set(parent, (votes.get(parent) ?? 0) + 1);
    }
    if (votes.size === 0) {
      for (const before of importedAfter.get(block.root) ?? []) {
        // It is no child of a head that was left for it: of that head's parent, most likely.
        const parent = left?.has(before) ? tree.get(before)?.parentRoot : before;
        if (parent) votes.set(parent, 1);
      }
    }
    let best: Block | undefined;
    for (const [root, count] of votes) {
      const parent = tree.get(root);
      if (parent === undefined || parent.slot >= block.slot) continue;
      const bestCount = best === undefined ? 0 : (votes.get(best.root) ?? 0);
      const better =
        best === undefined ||
        count > bestCount ||
        (count === bestCount && (parent.slot > best.slot || (parent.slot === best.slot && parent.root < best.root)));
      if (better) best = parent;
    }
    return best?.root;
  };

  const forget = (root: string) => {
    waiting.delete(root);
    extensions.delete(root);
    importedAfter.delete(root);
    leftFor.delete(root);
  };

  const noteLeft = (oldRoot: string, newRoot: string) => {
    leftFor.set(newRoot, (leftFor.get(newRoot) ?? new Set<string>()).add(oldRoot));
  };

  return {
    noteBlock(block) {
      if (block.parentRoot === null && block.firstSeenUs !== undefined && !waiting.has(block.root)) {
        waiting.set(block.root, { block, dueUs: block.firstSeenUs + WAIT_US });
      }
    },
    noteImport({ node, block }) {
      const recent = imports.get(node) ?? [];
      const before = recent.at(-1);
      if (before !== undefined && before.slot < block.slot && waiting.has(block.root)) {
        importedAfter.set(block.root, [...(importedAfter.get(block.root) ?? []), before.root]);
      }
      recent.push(block);
      if (recent.length > IMPORT_MEMORY) recent.shift();
      imports.set(node, recent);
    },
    noteGap: (node) => void imports.delete(node),
    noteHead({ node, oldRoot, newRoot, newSlot }) {
      if (oldRoot === null || !waiting.has(newRoot)) return;
      const old = tree.get(oldRoot);
      if (old === undefined || old.slot >= newSlot) return;
      if (reorgHeads.has(`${node}/${newRoot}`)) {
        noteLeft(oldRoot, newRoot);
        return;
      }
      const byNode = extensions.get(newRoot) ?? new Map<string, string>();
      byNode.set(node, oldRoot);
      extensions.set(newRoot, byNode);
    },
    noteReorgHint({ node, newHead }) {
      const oldRoot = extensions.get(newHead)?.get(node);
      if (oldRoot !== undefined) noteLeft(oldRoot, newHead);
      extensions.get(newHead)?.delete(node);
      reorgHeads.add(`${node}/${newHead}`);
      if (reorgHeads.size > REORG_MEMORY) for (const oldest of reorgHeads.values().take(1)) reorgHeads.delete(oldest);
    },
    setBack(toUs) {
      for (const item of waiting.values()) item.dueUs = Math.min(item.dueUs, toUs + WAIT_US);
    },
    infer(nowUs) {
      const inferred: Block[] = [];
      for (const [root, { block, dueUs }] of waiting) {
        if (block.parentRoot !== null) {
          forget(root);
          continue;
        }
        if (dueUs > nowUs) continue;
        const parentRoot = candidate(block);
        forget(root);
        if (parentRoot === undefined) continue;
        block.parentRoot = parentRoot;
        block.parentInferred = true;
        inferred.push(block);
      }
      return inferred;
    },
  };
}
