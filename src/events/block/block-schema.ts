import { z } from "zod";
import { attestationData, bytes, kzgCommitment, root, signature, uint, uint64 } from "../primitives.ts";
import { indexedAttestation, signedHeader } from "../topics/operations.ts";

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const address = z
  .string("is not an address")
  .regex(ADDRESS, "is not 20 bytes of hex")
  .transform((text) => text.toLowerCase());

const publicKey = z.string("is not a public key").regex(/^0x[0-9a-fA-F]{96}$/, "is not 48 bytes of hex");

/** A uint256 as the API gives it, a decimal string. */
const uint256 = z
  .union([z.string(), z.number()], "is not an unsigned integer")
  .transform(String)
  .refine((text) => /^\d{1,78}$/.test(text), "is not a uint256");

/** Transactions are most of a block's bytes: of those that are only counted the digits are not looked at. */
const transaction = z
  .string("is not hex")
  .refine((text) => text.startsWith("0x") && text.length % 2 === 0, "is not hex");

const attestation = z.object({
  aggregation_bits: bytes,
  data: attestationData,
  signature,
  committee_bits: bytes.optional(),
});

const withdrawal = z.object({ index: uint64, validator_index: uint, address, amount: uint });

const executionPayload = z.object({
  parent_hash: root,
  fee_recipient: address,
  block_number: uint,
  gas_limit: uint,
  gas_used: uint,
  timestamp: uint,
  extra_data: bytes,
  base_fee_per_gas: uint256,
  block_hash: root,
  transactions: z.array(transaction),
  withdrawals: z.array(withdrawal).optional(),
  blob_gas_used: uint.optional(),
  excess_blob_gas: uint.optional(),
});

const executionRequests = z.object({
  deposits: z.array(
    z.object({ pubkey: publicKey, withdrawal_credentials: root, amount: uint64, signature, index: uint64 }),
  ),
  withdrawals: z.array(z.object({ source_address: address, validator_pubkey: publicKey, amount: uint64 })),
  consolidations: z.array(z.object({ source_address: address, source_pubkey: publicKey, target_pubkey: publicKey })),
});

/** Gloas is not final: what is read of a bid is what all drafts have. */
const signedBid = z.object({
  message: z.object({ builder_index: uint64, value: uint64, block_hash: root }),
});

/**
 * The body of a block of any fork. Which fields stand there says the fork: `sync_aggregate` from Altair,
 * `execution_payload` from Bellatrix to Fulu, `bls_to_execution_changes` from Capella, `blob_kzg_commitments` from
 * Deneb, `execution_requests` from Electra; from Gloas on a bid instead of the payload (EIP-7732).
 */
const blockBody = z.object({
  randao_reveal: signature,
  eth1_data: z.object({ deposit_root: root, deposit_count: uint64, block_hash: root }),
  graffiti: root,
  proposer_slashings: z.array(z.object({ signed_header_1: signedHeader, signed_header_2: signedHeader })),
  attester_slashings: z.array(z.object({ attestation_1: indexedAttestation, attestation_2: indexedAttestation })),
  attestations: z.array(attestation),
  deposits: z.array(
    z.object({
      proof: z.array(root),
      data: z.object({ pubkey: publicKey, withdrawal_credentials: root, amount: uint64, signature }),
    }),
  ),
  voluntary_exits: z.array(z.object({ message: z.object({ epoch: uint64, validator_index: uint }), signature })),
  sync_aggregate: z.object({ sync_committee_bits: bytes, sync_committee_signature: signature }).optional(),
  execution_payload: executionPayload.optional(),
  bls_to_execution_changes: z.array(z.object({ message: z.object({ validator_index: uint }), signature })).optional(),
  blob_kzg_commitments: z.array(kzgCommitment).optional(),
  execution_requests: executionRequests.optional(),
  signed_execution_payload_bid: signedBid.optional(),
  payload_attestations: z.array(z.unknown()).optional(),
});

/** `SignedBeaconBlock` of any fork, as the Beacon API gives it. */
export const signedBlock = z.object({
  message: z.object({ slot: uint, proposer_index: uint, parent_root: root, state_root: root, body: blockBody }),
  signature,
});

export type SignedBlock = z.output<typeof signedBlock>;
export type RawBody = z.output<typeof blockBody>;
export type RawPayload = z.output<typeof executionPayload>;
