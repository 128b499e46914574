import { routes } from "@lodestar/api";
import { DOMAIN_BEACON_ATTESTER, DOMAIN_SYNC_COMMITTEE } from "@lodestar/params";
import { computeEpochAtSlot, computeStartSlotAtEpoch } from "@lodestar/state-transition";
import { type electra, type phase0, ssz } from "@lodestar/types";
import { fromHex, toHex } from "@lodestar/utils";
import { sleep } from "../../src/lib/sleep.ts";
import { committeesAt } from "./committees.ts";
import type { Gossip } from "./gossip.ts";
import type { NodeParts } from "./node-parts.ts";

/** Validators are not all equally fast. */
const MAX_SPREAD_MS = 60;

/** Votes for the head in a slot, with all of the node's validators that have a duty in it: attests and signs for sync. */
export function createAttester(parts: NodeParts, gossip: Gossip): (slot: number) => Promise<void> {
  const { chain, epochStates, faults, signer, attestations, syncMessages, events } = parts;
  let lastSlot = 0;

  const attest = async (attestation: electra.SingleAttestation) => {
    await sleep(faults.attestationDelayMs + Math.random() * MAX_SPREAD_MS);
    const { attesterIndex: validator, data } = attestation;
    attestations.add(attestation);
    chain.forkChoice.onVote({
      validator,
      slot: data.slot,
      targetEpoch: data.target.epoch,
      root: toHex(data.beaconBlockRoot),
    });
    events.tell({ type: routes.events.EventType.singleAttestation, message: attestation });
    gossip.publish("attestation", toHex(ssz.electra.SingleAttestation.serialize(attestation)));
  };

  const signForSync = (slot: number, root: string) => {
    const members = epochStates(root, slot).epochCtx.getIndexedSyncCommittee(slot).validatorIndices;
    const beaconBlockRoot = fromHex(root);
    for (const validatorIndex of new Set(members)) {
      if (!signer.holds(validatorIndex)) continue;
      const signature = signer.sign({
        validator: validatorIndex,
        type: ssz.Root,
        value: beaconBlockRoot,
        domain: DOMAIN_SYNC_COMMITTEE,
        slot,
      });
      const message = { slot, beaconBlockRoot, validatorIndex, signature };
      syncMessages.add(message);
      gossip.publish("sync_message", toHex(ssz.altair.SyncCommitteeMessage.serialize(message)));
    }
  };

  return async (slot) => {
    // Never twice: a clock that steps back would make its validators slashable.
    if (slot <= lastSlot) return;
    lastSlot = slot;
    const { root } = chain.head();
    signForSync(slot, root);
    if (faults.attestationsOff) return;
    const state = epochStates(root, slot);
    const data = dataOf(parts, slot, root);
    const own = committeesAt(state, slot).flatMap((committee, committeeIndex) =>
      [...committee].filter((validator) => signer.holds(validator)).map((validator) => ({ validator, committeeIndex })),
    );
    await Promise.all(
      own.map(({ validator, committeeIndex }) =>
        attest({
          committeeIndex,
          attesterIndex: validator,
          data,
          signature: signer.sign({
            validator,
            type: ssz.phase0.AttestationData,
            value: data,
            domain: DOMAIN_BEACON_ATTESTER,
            slot,
          }),
        }),
      ),
    );
  };
}

function dataOf({ chain, epochStates }: NodeParts, slot: number, root: string): phase0.AttestationData {
  const epoch = computeEpochAtSlot(slot);
  const { epoch: sourceEpoch, root: sourceRoot } = epochStates(root, slot).currentJustifiedCheckpoint;
  const target = chain.tree.ancestorAt(root, computeStartSlotAtEpoch(epoch))?.root ?? chain.genesisRoot;
  return {
    slot,
    // Always 0 since Electra: the committee stands beside the data.
    index: 0,
    beaconBlockRoot: fromHex(root),
    source: { epoch: sourceEpoch, root: sourceRoot },
    target: { epoch, root: fromHex(target) },
  };
}
