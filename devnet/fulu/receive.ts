import { routes } from "@lodestar/api";
import { computeEpochAtSlot } from "@lodestar/state-transition";
import { ssz } from "@lodestar/types";
import { fromHex, toRootHex } from "@lodestar/utils";
import type { BlobsNotice } from "./blobs.ts";
import type { GossipKind } from "./gossip.ts";
import { rootOf } from "./import-block.ts";
import type { NodeParts } from "./node-parts.ts";
import { MAXIMUM_GOSSIP_CLOCK_DISPARITY_MS } from "./slot-clock.ts";
import type { Sync } from "./sync.ts";

/** A message from a peer; true when it is sound and new, and so goes on to the others. */
type Receive = (data: string, from: string) => Promise<boolean>;

/** What is of a later slot than this many from now is not waited for. */
const MAX_SLOTS_AHEAD = 2;
const PROPOSALS_KEPT = 256;

/**
 * What a node does with what it hears. Rules of the specs' p2p-interface.md are kept for blocks; of attestations and
 * the like no signature is checked until a block includes them.
 */
export function createReceivers(parts: NodeParts, sync: () => Sync): Readonly<Record<GossipKind, Receive>> {
  const { chain, clock, events, attestations, syncMessages, blobs, importBlock, signal } = parts;
  const { EventType } = routes.events;
  const proposals = new Set<string>();

  const untilDue = async (slot: number): Promise<boolean> => {
    if (slot > clock.slotNow() + MAX_SLOTS_AHEAD) return false;
    await clock.until(clock.startMs(slot) - MAXIMUM_GOSSIP_CLOCK_DISPARITY_MS, signal);
    return !signal.aborted;
  };
  /** A second block of the same proposer and slot is ignored: it comes only when it is asked for by its root. */
  const isFirstProposal = (proposer: number, slot: number): boolean => {
    const key = `${slot} ${proposer}`;
    if (proposals.has(key)) return false;
    proposals.add(key);
    for (const oldest of proposals.keys().take(Math.max(0, proposals.size - PROPOSALS_KEPT))) proposals.delete(oldest);
    return true;
  };

  return {
    async block(data, from) {
      const receivedMs = clock.nowMs();
      const signed = ssz.electra.SignedBeaconBlock.deserialize(fromHex(data));
      const { slot, proposerIndex, parentRoot } = signed.message;
      const root = rootOf(signed);
      if (chain.tree.get(root) !== undefined || !(await untilDue(slot))) return false;
      if (!isFirstProposal(proposerIndex, slot)) return false;
      if (!(await sync().fetch(from, toRootHex(parentRoot)))) return false;
      events.tell({ type: EventType.blockGossip, message: { slot, block: root } });
      sync().importing(root, importBlock({ signed, receivedMs }));
      return true;
    },
    async attestation(data, from) {
      const attestation = ssz.electra.SingleAttestation.deserialize(fromHex(data));
      const { slot, target, beaconBlockRoot } = attestation.data;
      const root = toRootHex(beaconBlockRoot);
      if (!(await untilDue(slot)) || target.epoch < computeEpochAtSlot(clock.slotNow()) - 1) return false;
      if (!(await sync().fetch(from, root))) return false;
      attestations.add(attestation);
      chain.forkChoice.onVote({ validator: attestation.attesterIndex, slot, targetEpoch: target.epoch, root });
      events.tell({ type: EventType.singleAttestation, message: attestation });
      return true;
    },
    async aggregate(data, from) {
      const { aggregate } = ssz.electra.SignedAggregateAndProof.deserialize(fromHex(data)).message;
      if (!(await untilDue(aggregate.data.slot))) return false;
      if (!(await sync().fetch(from, toRootHex(aggregate.data.beaconBlockRoot)))) return false;
      events.tell({ type: EventType.attestation, message: aggregate });
      return true;
    },
    async sync_message(data) {
      const message = ssz.altair.SyncCommitteeMessage.deserialize(fromHex(data));
      if (!(await untilDue(message.slot))) return false;
      syncMessages.add(message);
      return true;
    },
    async contribution(data) {
      const contribution = ssz.altair.SignedContributionAndProof.deserialize(fromHex(data));
      if (!(await untilDue(contribution.message.contribution.slot))) return false;
      events.tell({ type: EventType.contributionAndProof, message: contribution });
      return true;
    },
    async blobs(data) {
      const notice = JSON.parse(data) as BlobsNotice;
      if (!(await untilDue(notice.slot))) return false;
      void blobs.note(notice);
      return true;
    },
  };
}
