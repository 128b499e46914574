import { Fault, isFault } from "../src/lib/fault.ts";
import type { DevNode, Network } from "./network.ts";

/** A slot chosen sooner could begin before the fault is in place. */
const LEAD_SLOTS = 2;
/** One in three slots is each node's: a node without a proposal for so long has something else. */
const MAX_EPOCHS_WAITED = 8;

/** The next slot in which one of a node's validators proposes, by the duties that the nodes themselves tell. */
export async function nextProposal(input: { network: Network; node: DevNode; signal: AbortSignal }): Promise<number> {
  const { network, node, signal } = input;
  const { slotsPerEpoch } = network;
  const { first, last } = node.validators;
  await network.untilSlot(0, signal);
  const lastEpoch = Math.floor(network.slotNow() / slotsPerEpoch) + MAX_EPOCHS_WAITED;
  while (!signal.aborted) {
    const now = Math.floor(network.slotNow());
    const epoch = Math.floor(now / slotsPerEpoch);
    const duties = await knownDuties(node, epoch);
    const slot = duties
      .filter(([at, validator]) => at >= now + LEAD_SLOTS && validator >= first && validator <= last)
      .reduce((earliest, [at]) => Math.min(earliest, at), Number.POSITIVE_INFINITY);
    if (Number.isFinite(slot)) return slot;
    if (epoch > lastEpoch) break;
    await network.untilSlot(now + 1, signal);
  }
  throw new Fault("devnet_no_proposal", `Node ${node.name} has no block to propose.`, { retry: "retryable" });
}

/** Of an epoch and the next one; those of later ones are not settled. */
async function knownDuties(node: DevNode, epoch: number): Promise<[slot: number, validator: number][]> {
  try {
    return [...(await node.api.proposers(epoch)), ...(await node.api.proposers(epoch + 1))];
  } catch (error) {
    // A node refuses an epoch that is over, and it may be by now; in the next slot it is another one that is asked for.
    if (isFault(error, "devnet_node_failed")) return [];
    throw error;
  }
}
