import { routes } from "@lodestar/api";
import {
  DOMAIN_AGGREGATE_AND_PROOF,
  DOMAIN_CONTRIBUTION_AND_PROOF,
  DOMAIN_SELECTION_PROOF,
  DOMAIN_SYNC_COMMITTEE_SELECTION_PROOF,
  SYNC_COMMITTEE_SIZE,
  SYNC_COMMITTEE_SUBNET_COUNT,
} from "@lodestar/params";
import { isAggregatorFromCommitteeLength, isSyncCommitteeAggregator } from "@lodestar/state-transition";
import { ssz } from "@lodestar/types";
import { fromHex, toHex } from "@lodestar/utils";
import { aggregateOf } from "./attestation-pool.ts";
import { committeesAt } from "./committees.ts";
import type { Gossip } from "./gossip.ts";
import type { NodeParts } from "./node-parts.ts";

/** Joins what was signed in a slot: one aggregate a committee and one contribution a subcommittee, if it has one's own. */
export function createAggregator(parts: NodeParts, gossip: Gossip): (slot: number) => void {
  return (slot) => {
    aggregateAttestations(parts, gossip, slot);
    contribute(parts, gossip, slot);
  };
}

function aggregateAttestations(parts: NodeParts, gossip: Gossip, slot: number): void {
  const { chain, epochStates, signer, attestations, events } = parts;
  const state = epochStates(chain.head().root, slot);
  for (const committee of committeesAt(state, slot)) {
    const proofOf = (validator: number) =>
      signer.sign({ validator, type: ssz.Slot, value: slot, domain: DOMAIN_SELECTION_PROOF, slot });
    const aggregator = [...committee]
      .filter((validator) => signer.holds(validator))
      .map((validator) => ({ validator, proof: proofOf(validator) }))
      .find(({ proof }) => isAggregatorFromCommitteeLength(committee.length, proof));
    if (aggregator === undefined) continue;
    const [largest] = attestations
      .groups()
      .filter(({ data }) => data.slot === slot)
      .map(({ data, signatures }) => ({
        data,
        signatures: new Map([...signatures].filter(([validator]) => committee.includes(validator))),
      }))
      .toSorted((a, b) => b.signatures.size - a.signatures.size);
    const aggregate = largest === undefined ? undefined : aggregateOf(state, largest);
    if (aggregate === undefined) continue;
    const { validator, proof } = aggregator;
    const message = { aggregatorIndex: validator, aggregate, selectionProof: proof };
    const signature = signer.sign({
      validator,
      type: ssz.electra.AggregateAndProof,
      value: message,
      domain: DOMAIN_AGGREGATE_AND_PROOF,
      slot,
    });
    events.tell({ type: routes.events.EventType.attestation, message: aggregate });
    gossip.publish("aggregate", toHex(ssz.electra.SignedAggregateAndProof.serialize({ message, signature })));
  }
}

function contribute(parts: NodeParts, gossip: Gossip, slot: number): void {
  const { chain, epochStates, signer, syncMessages, events } = parts;
  const { root } = chain.head();
  const { validatorIndices } = epochStates(root, slot).epochCtx.getIndexedSyncCommittee(slot);
  const size = SYNC_COMMITTEE_SIZE / SYNC_COMMITTEE_SUBNET_COUNT;
  for (let subcommitteeIndex = 0; subcommitteeIndex < SYNC_COMMITTEE_SUBNET_COUNT; subcommitteeIndex += 1) {
    const members = [...validatorIndices].slice(subcommitteeIndex * size, (subcommitteeIndex + 1) * size);
    const { bits, signature, count } = syncMessages.aggregate({ slot, root, members });
    const proofOf = (validator: number) =>
      signer.sign({
        validator,
        type: ssz.altair.SyncAggregatorSelectionData,
        value: { slot, subcommitteeIndex },
        domain: DOMAIN_SYNC_COMMITTEE_SELECTION_PROOF,
        slot,
      });
    const aggregator = members
      .filter((validator) => signer.holds(validator))
      .map((validator) => ({ validator, proof: proofOf(validator) }))
      .find(({ proof }) => isSyncCommitteeAggregator(proof));
    if (count === 0 || aggregator === undefined) continue;
    const message = {
      aggregatorIndex: aggregator.validator,
      selectionProof: aggregator.proof,
      contribution: { slot, beaconBlockRoot: fromHex(root), subcommitteeIndex, aggregationBits: bits, signature },
    };
    const signed = {
      message,
      signature: signer.sign({
        validator: aggregator.validator,
        type: ssz.altair.ContributionAndProof,
        value: message,
        domain: DOMAIN_CONTRIBUTION_AND_PROOF,
        slot,
      }),
    };
    events.tell({ type: routes.events.EventType.contributionAndProof, message: signed });
    gossip.publish("contribution", toHex(ssz.altair.SignedContributionAndProof.serialize(signed)));
  }
}
