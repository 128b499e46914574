import type { HeaderAnswer } from "../events/answers/answer.ts";
import type { BlockTree } from "./block-tree.ts";
import type { SlotBook } from "./slot-book.ts";

/** What a header did to the tree: `corrected` when it replaced a parent that was told or inferred before. */
export type HeaderLink = "known" | "linked" | "corrected" | "lie";

/**
 * Links a block to its parent by its header, and marks the slots that must be judged anew. A header that contradicts
 * what is known of its block, or links upwards, is a lie and changes nothing.
 */
export function linkHeader(input: {
  tree: BlockTree;
  slots: Pick<SlotBook, "touch" | "lowest">;
  header: HeaderAnswer;
}): HeaderLink {
  const { tree, slots, header } = input;
  const known = tree.get(header.root);
  const parent = tree.get(header.parentRoot);
  if (known !== undefined && known.slot !== header.slot) return "lie";
  if (parent !== undefined && parent.slot >= header.slot) return "lie";
  if (header.root === header.parentRoot) return "lie";

  const block = tree.ensure(header.root, header.slot);
  const relinked = known === undefined || block.parentInferred || block.parentRoot !== header.parentRoot;
  const corrected = relinked && block.parentRoot !== null;
  if (relinked) {
    // Slots that an inferred parent had made empty are judged anew.
    const inferred = tree.parentOf(block)?.slot ?? block.slot;
    for (let slot = Math.max(inferred, slots.lowest); slot < block.slot; slot += 1) slots.touch(slot);
  }
  block.parentRoot = header.parentRoot;
  block.parentInferred = false;
  block.proposerIndex = header.proposerIndex;
  if (!relinked) return "known";
  return corrected ? "corrected" : "linked";
}
