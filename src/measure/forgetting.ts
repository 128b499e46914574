import type { Chain } from "../chain/chain.ts";
import type { BlockTree } from "./block-tree.ts";
import type { CanonicalChain } from "./canonical.ts";
import type { EpochFigures } from "./epoch-figures.ts";
import type { Epochs } from "./epochs.ts";
import type { Gaps } from "./gaps.ts";
import type { NodeSlots } from "./node-slots.ts";
import type { Present } from "./present.ts";
import type { Proposers } from "./proposers.ts";
import type { Reorgs } from "./reorgs.ts";
import type { SlotBook } from "./slot-book.ts";

/** Slots of nodes are kept this long: what changes them comes within a few slots. */
const NODE_SLOT_WINDOW = 256;

/** Forgets what lies below the window when a slot begins. What is forgotten must have been told. */
export function createForgetting(input: {
  chain: Chain;
  present: Present;
  windowSlots: number;
  slots: SlotBook;
  tree: BlockTree;
  canonical: CanonicalChain;
  nodeSlots: NodeSlots;
  figures: EpochFigures;
  epochs: Epochs;
  reorgs: Reorgs;
  gaps: Gaps;
  proposers: Proposers;
}): (slot: number) => void {
  const { chain, present, windowSlots, slots, tree, canonical } = input;
  const { nodeSlots, figures, epochs, reorgs, gaps, proposers } = input;
  return (slot) => {
    // By a clock that is ahead, slots that are to come would be forgotten.
    const reachedSlot = present.slotAt(slot);
    const floorSlot = reachedSlot - windowSlots;
    slots.raiseFloor(floorSlot);
    tree.prune(floorSlot);
    canonical.prune(floorSlot);
    const nodeFloorSlot = reachedSlot - Math.min(NODE_SLOT_WINDOW, windowSlots);
    nodeSlots.prune(nodeFloorSlot);
    figures.prune(nodeFloorSlot);
    epochs.prune(chain.epochOf(Math.max(0, floorSlot)));
    reorgs.prune(chain.slotStartUs(floorSlot));
    gaps.prune(chain.slotStartUs(floorSlot));
    proposers.prune(floorSlot);
  };
}
