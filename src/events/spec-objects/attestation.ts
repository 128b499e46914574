import { z } from "zod";
import { bytes, root, signature, uint, uint64 } from "../primitives.ts";

/** `Checkpoint`. Its epoch is what a vote says, however far away. */
export const checkpoint = z.object({ epoch: uint64, root });

/** `AttestationData`. */
export const attestationData = z.object({
  slot: uint,
  index: uint,
  beacon_block_root: root,
  source: checkpoint,
  target: checkpoint,
});

/** An SSZ bitlist: the highest bit of its last byte that is set marks its end, so that byte is never 0. */
const bitlist = z
  .string("is not a bitlist")
  .regex(/^0x(?:[0-9a-fA-F]{2})*(?:[1-9a-fA-F][0-9a-fA-F]|0[1-9a-fA-F])$/, "is not a bitlist");

/** `Attestation` before Electra: votes of one committee. */
export const phase0Attestation = z.object({ aggregation_bits: bitlist, data: attestationData, signature });

/** `Attestation` from Electra on (EIP-7549): votes of all committees whose bits are set, one after another. */
export const electraAttestation = phase0Attestation.extend({ committee_bits: bytes });

/** `SingleAttestation` (EIP-7549): one validator's vote as gossiped. */
export const singleAttestation = z.object({
  committee_index: uint,
  attester_index: uint,
  data: attestationData,
  signature,
});

/** `IndexedAttestation`: votes with the validators that cast them. */
export const indexedAttestation = z.object({
  attesting_indices: z.array(uint).min(1, "is empty"),
  data: attestationData,
  signature,
});
