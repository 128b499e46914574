import { z } from "zod";
import type { Fork } from "../../chain/forks.ts";
import { bytes, kzgCommitment, root, uint64 } from "../primitives.ts";
import { phase0Attestation } from "../spec-objects/attestation.ts";
import { beaconBlockBody, signedBeaconBlock } from "../spec-objects/block.ts";
import { capellaExecutionPayload, denebExecutionPayload } from "../spec-objects/execution-payload.ts";
import { executionRequests } from "../spec-objects/execution-requests.ts";
import { syncAggregate } from "../spec-objects/sync-committee.ts";
import { signedBlsToExecutionChange } from "../spec-objects/validator-operations.ts";

/** Gloas is not final: what is read of a bid is what all drafts have. */
const signedBid = z.object({
  message: z.object({ builder_index: uint64, value: uint64, block_hash: root }),
});

const { withdrawals } = capellaExecutionPayload.shape;
const { blob_gas_used, excess_blob_gas, ...payloadOfBellatrix } = denebExecutionPayload.shape;

/** `ExecutionPayload` of Bellatrix to Fulu. */
const anyPayload = z.object({
  ...payloadOfBellatrix,
  withdrawals: withdrawals.optional(),
  blob_gas_used: blob_gas_used.optional(),
  excess_blob_gas: excess_blob_gas.optional(),
});

/**
 * The body of a block of any fork. Which fields stand there says the fork: `sync_aggregate` from Altair,
 * `execution_payload` from Bellatrix to Fulu, `bls_to_execution_changes` from Capella, `blob_kzg_commitments` from
 * Deneb, `execution_requests` from Electra; from Gloas on a bid instead of the payload (EIP-7732).
 */
const anyBody = beaconBlockBody.phase0.extend({
  attestations: z.array(phase0Attestation.extend({ committee_bits: bytes.optional() })),
  sync_aggregate: syncAggregate.optional(),
  execution_payload: anyPayload.optional(),
  bls_to_execution_changes: z.array(signedBlsToExecutionChange).optional(),
  blob_kzg_commitments: z.array(kzgCommitment).optional(),
  execution_requests: executionRequests.optional(),
  signed_execution_payload_bid: signedBid.optional(),
  payload_attestations: z.array(z.unknown()).optional(),
});

const anyBlock = signedBeaconBlock(anyBody);

export type SignedBlock = z.output<typeof anyBlock>;
export type RawBody = z.output<typeof anyBody>;
export type RawPayload = z.output<typeof anyPayload>;

const blockOf = new Map<string, z.ZodType<SignedBlock>>(
  Object.entries(beaconBlockBody satisfies Partial<Record<Fork, z.ZodType>>).map(([fork, body]) => [
    fork,
    signedBeaconBlock(body as z.ZodType<RawBody>),
  ]),
);

/**
 * `SignedBeaconBlock` as the Beacon API gives it: all fields of the fork that its answer names; without a name, or of a
 * fork that is not known, those that every fork has and what else is there.
 */
export function signedBlockOf(version: string | undefined): z.ZodType<SignedBlock> {
  return blockOf.get(version ?? "") ?? anyBlock;
}
