import { Fault, isFault } from "../src/lib/fault.ts";
import type { DevNode, Network } from "./network.ts";

/** One in three slots is each node's: a node without a proposal for so long has something else. */
const MAX_EPOCHS_WAITED = 8;

/**
 * The next slot in which one of a node's validators proposes, by the duties that the node itself tells; one that begins
 * sooner than in `notice` slots is let pass.
 */
export async function nextProposal(input: {
  network: Network;
  node: DevNode;
  notice: number;
  signal: AbortSignal;
}): Promise<number> {
  const { network, node, notice, signal } = input;
  const { slotsPerEpoch } = network;
  const { first, last } = node.validators;
  await network.untilSlot(0, signal);
  const lastSlot = network.slotNow() + MAX_EPOCHS_WAITED * slotsPerEpoch;
  while (!signal.aborted && network.slotNow() < lastSlot) {
    const now = Math.floor(network.slotNow());
    const duties = await dutiesOf(node, Math.floor(now / slotsPerEpoch));
    const slot = duties
      .filter(({ validator }) => validator >= first && validator <= last)
      .filter((duty) => duty.slot >= network.slotNow() + notice)
      .reduce((earliest, duty) => Math.min(earliest, duty.slot), Number.POSITIVE_INFINITY);
    if (Number.isFinite(slot)) return slot;
    await network.untilSlot(now + 1, signal);
  }
  signal.throwIfAborted();
  throw new Fault("devnet_no_proposal", `Node ${node.name} has no block to propose.`, { retry: "retryable" });
}

/** Of the current epoch alone: those of the next one come from Lodestar 1.5.1 under the slots of this one. */
async function dutiesOf(node: DevNode, epoch: number): Promise<{ slot: number; validator: number }[]> {
  try {
    return [...(await node.api.proposers(epoch))].map(([slot, validator]) => ({ slot, validator }));
  } catch (error) {
    // In an epoch's last half second it holds the epoch for over, and the node refuses it.
    if (isFault(error, "devnet_node_failed")) return [];
    throw error;
  }
}
