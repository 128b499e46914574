import { z } from "zod";
import { bytes, root, signature, uint } from "../primitives.ts";

/** `SyncAggregate`: which members of the sync committee signed the parent. The preset says how many bits there are. */
export const syncAggregate = z.object({
  sync_committee_bits: bytes.min(4, "is empty"),
  sync_committee_signature: signature,
});

/** `SyncCommitteeContribution`: the part of one subcommittee. */
export const syncCommitteeContribution = z.object({
  slot: uint,
  beacon_block_root: root,
  subcommittee_index: uint,
  aggregation_bits: bytes.min(4, "is empty"),
  signature,
});

/** `ContributionAndProof`. */
export const contributionAndProof = z.object({
  aggregator_index: uint,
  contribution: syncCommitteeContribution,
  selection_proof: signature,
});

/** `SignedContributionAndProof`. */
export const signedContributionAndProof = z.object({ message: contributionAndProof, signature });

const members = z.array(uint).min(1, "is empty");

/**
 * The API's answer for `states/{id}/sync_committees`: the committee, and its subcommittees in their order, which Lodestar
 * leaves empty (they are the equal parts of the committee).
 */
export const syncCommittee = z.object({ validators: members, validator_aggregates: z.array(members) });
