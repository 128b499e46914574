import { z } from "zod";
import { pubkey, uint } from "../primitives.ts";

const positive = uint.refine((value) => value > 0, "is 0");

/** One duty of the API's `validator/duties/proposer/{epoch}`. */
export const proposerDuty = z.object({ pubkey, validator_index: uint, slot: uint });

/** One duty of the API's `validator/duties/attester/{epoch}`. */
export const attesterDuty = z.object({
  pubkey,
  validator_index: uint,
  slot: uint,
  committee_index: uint,
  committee_length: positive,
  committees_at_slot: positive,
  validator_committee_index: uint,
});

/** One duty of the API's `validator/duties/sync/{epoch}`. */
export const syncCommitteeDuty = z.object({
  pubkey,
  validator_index: uint,
  validator_sync_committee_indices: z.array(uint).min(1, "is empty"),
});
