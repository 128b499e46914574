import { Fault } from "../src/lib/fault.ts";
import { sleep } from "../src/lib/sleep.ts";
import type { DevNode, Network } from "./network.ts";

/** A peer that was lost a moment ago may refuse at first. */
const ATTEMPTS = 30;
const RETRY_AFTER_MS = 1_000;

/**
 * Connects every pair of nodes that is not connected, through its link. Returns the number of pairs that had to be.
 * Throws `devnet_mesh_incomplete` when a pair cannot be.
 */
export async function connectNodes(network: Network, signal: AbortSignal): Promise<number> {
  const peerIds = new Map<DevNode, string>();
  for (const node of network.nodes) peerIds.set(node, await node.api.peerId());
  let dialled = 0;
  for (const { from, to, link } of network.links()) {
    const peerId = peerIds.get(to) ?? "";
    for (let attempt = 1; !signal.aborted && !(await areConnected({ from, to, peerIds })); attempt += 1) {
      if (attempt > ATTEMPTS) {
        const message = `Nodes ${from.name} and ${to.name} could not be connected.`;
        throw new Fault("devnet_mesh_incomplete", message, { retry: "retryable" });
      }
      if (attempt === 1) dialled += 1;
      // What a dial answers is not what counts, since a peer may be dropped right after it.
      await network.kind.dial({ api: from.api, peerId, port: link.port }).catch(() => undefined);
      await sleep(RETRY_AFTER_MS, signal);
    }
  }
  return dialled;
}

async function areConnected(input: {
  from: DevNode;
  to: DevNode;
  peerIds: ReadonlyMap<DevNode, string>;
}): Promise<boolean> {
  const { from, to, peerIds } = input;
  const [ofFrom, ofTo] = await Promise.all([from.api.connectedPeers(), to.api.connectedPeers()]);
  return ofFrom.includes(peerIds.get(to) ?? "") && ofTo.includes(peerIds.get(from) ?? "");
}
