import type { Chain } from "../../chain/chain.ts";
import type { Block } from "../block-tree.ts";
import type { BlockSighting } from "./vote-rules.ts";

/** When the nodes had a block, in signed ms from the start of `slot`, which may be a later one than the block's. */
export function sightingOf(input: {
  chain: Chain;
  block: Block;
  slot: number;
  ownNodes: readonly string[];
}): BlockSighting {
  const { chain, block, slot, ownNodes } = input;
  const sighting: BlockSighting = { slot: block.slot, firstMs: null, ownMs: null, otherMs: null };
  const earlier = (ms: number | null, thanMs: number) => (ms === null ? thanMs : Math.min(ms, thanMs));
  for (const [node, { firstUs }] of block.seen) {
    const ms = chain.delayMs(slot, firstUs);
    sighting.firstMs = earlier(sighting.firstMs, ms);
    if (ownNodes.includes(node)) sighting.ownMs = earlier(sighting.ownMs, ms);
    else sighting.otherMs = earlier(sighting.otherMs, ms);
  }
  return sighting;
}
