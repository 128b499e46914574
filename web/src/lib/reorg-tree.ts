import type { SlotRecord } from "../../../src/events/derived.ts";
import type { ReorgRecord } from "../../../src/events/reorg.ts";

/** `after`: what the chain built on the adopted branch since. */
export type BranchName = "ancestor" | "abandoned" | "adopted" | "after";

export type TreeBlock = {
  slot: number;
  root: string;
  branch: BranchName;
  /** Each node's first event for it, signed milliseconds from its slot's start; empty while its slot is not read. */
  seenMs: Readonly<Record<string, number>>;
  attestationDueMs: number | undefined;
};

/** Both branches of a reorg on an axis of slots. The ancestor is missing where its slot is not known. */
export type ReorgTree = { firstSlot: number; lastSlot: number; blocks: readonly TreeBlock[] };

/** Slots shown after both branches: whether the chain went on. */
const SLOTS_AFTER = 2;
/** How far below the first block the common ancestor is looked for; so many slots in a row are hardly ever skipped. */
const SLOTS_BEFORE = 32;

/** The slots whose records the tree needs. */
export function slotsOfTree(reorg: ReorgRecord): { firstSlot: number; lastSlot: number } {
  const slots = [...reorg.abandoned, ...reorg.adopted].map(({ slot }) => slot);
  return {
    firstSlot: Math.max(0, Math.min(reorg.slot, ...slots) - SLOTS_BEFORE),
    lastSlot: Math.max(reorg.slot, ...slots) + SLOTS_AFTER,
  };
}

export function reorgTree(reorg: ReorgRecord, slots: ReadonlyMap<number, SlotRecord>): ReorgTree {
  const { firstSlot: lowest, lastSlot } = slotsOfTree(reorg);
  const told = (branch: BranchName) => (block: { slot: number; root: string }) => {
    const record = slots.get(block.slot);
    return {
      ...block,
      branch,
      seenMs: record?.blocks.find(({ root }) => root === block.root)?.seen_ms ?? {},
      attestationDueMs: record?.attestation_due_ms,
    };
  };
  const branches = [...reorg.abandoned.map(told("abandoned")), ...reorg.adopted.map(told("adopted"))];
  const first = Math.min(...branches.map(({ slot }) => slot), reorg.slot);
  const ancestor = blocksOf(slots, lowest, first).find(({ root }) => root === reorg.common_ancestor);
  let tip = reorg.adopted.at(-1)?.root ?? reorg.new_head;
  const after: TreeBlock[] = [];
  for (const { slot, root, parent_root, canonical } of blocksOf(slots, reorg.slot, lastSlot)) {
    if (!canonical || parent_root !== tip) continue;
    after.push(told("after")({ slot, root }));
    tip = root;
  }
  return {
    firstSlot: ancestor?.slot ?? Math.max(0, first - 1),
    lastSlot,
    blocks: [...(ancestor === undefined ? [] : [told("ancestor")(ancestor)]), ...branches, ...after].sort(
      (a, b) => a.slot - b.slot,
    ),
  };
}

/** The first arrival of a block over all nodes. */
export function firstSeenMs({ seenMs }: TreeBlock): number | undefined {
  const times = Object.values(seenMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The slots of a branch without a block of it, between the ancestor and the branch's end. */
export function skippedSlots(tree: ReorgTree, branch: "abandoned" | "adopted"): number[] {
  const own = tree.blocks.filter(
    (block) => block.branch === branch || (branch === "adopted" && block.branch === "after"),
  );
  const taken = new Set(own.map(({ slot }) => slot));
  const last = Math.max(...taken, Number.NEGATIVE_INFINITY);
  const skipped: number[] = [];
  for (let slot = tree.firstSlot + 1; slot < last; slot += 1) if (!taken.has(slot)) skipped.push(slot);
  return skipped;
}

function blocksOf(slots: ReadonlyMap<number, SlotRecord>, from: number, to: number) {
  return [...slots.values()]
    .filter(({ slot }) => slot >= from && slot <= to)
    .sort((a, b) => a.slot - b.slot)
    .flatMap(({ slot, blocks }) => blocks.map((block) => ({ ...block, slot })));
}
