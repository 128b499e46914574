import {
  type CachedBeaconStateElectra,
  computeEpochAtSlot,
  computeStartSlotAtEpoch,
  processSlots,
} from "@lodestar/state-transition";
import type { Chain } from "./chain.ts";

/** The state of a block's chain in the epoch of a slot, which knows that epoch's duties. */
export type EpochStates = (root: string, slot: number) => CachedBeaconStateElectra;

const KEPT = 8;

/** Throws when the block's state is not kept any more. */
export function createEpochStates(chain: Chain): EpochStates {
  const advanced = new Map<string, CachedBeaconStateElectra>();
  return (root, slot) => {
    const block = chain.tree.known(root);
    const epoch = computeEpochAtSlot(slot);
    if (block.state === undefined) throw new Error(`The state of block ${root} is not kept any more`);
    if (computeEpochAtSlot(block.slot) >= epoch) return block.state;
    const key = `${root} ${epoch}`;
    const found = advanced.get(key);
    if (found !== undefined) return found;
    const state = processSlots(block.state, computeStartSlotAtEpoch(epoch), {
      dontTransferCache: true,
    }) as CachedBeaconStateElectra;
    advanced.set(key, state);
    for (const oldest of advanced.keys().take(Math.max(0, advanced.size - KEPT))) advanced.delete(oldest);
    return state;
  };
}
