import { byteLength } from "../hex.ts";
import type { RawBody, RawPayload, SignedBlock } from "./block-schema.ts";

/** An offset, which stands for each value of variable size within a container or list. */
const OFFSET = 4;
const SIGNATURE = 96;
const HEADER = 8 + 8 + 32 + 32;
const ATTESTATION_DATA = 8 + 8 + 32 + 2 * (8 + 32);
const PROPOSER_SLASHING = 2 * (HEADER + 32 + SIGNATURE);
const DEPOSIT = 33 * 32 + 48 + 32 + 8 + SIGNATURE;
const EXIT = 8 + 8 + SIGNATURE;
const BLS_CHANGE = 8 + 48 + 20 + SIGNATURE;
const COMMITMENT = 48;
const WITHDRAWAL = 8 + 8 + 20 + 8;
const DEPOSIT_REQUEST = 48 + 32 + 8 + SIGNATURE + 8;
const WITHDRAWAL_REQUEST = 20 + 48 + 8;
const CONSOLIDATION_REQUEST = 20 + 48 + 48;
/** `ExecutionPayload` of Bellatrix, without what is of variable size. */
const PAYLOAD = 32 + 20 + 32 + 32 + 256 + 32 + 4 * 8 + OFFSET + 32 + 32 + OFFSET;

/**
 * The size in bytes of a `SignedBeaconBlock` of phase0 to Fulu in SSZ, the form in which it is gossiped and stored,
 * before compression; null from Gloas on. Exact: by the containers of consensus-specs and SSZ's rules for serialization.
 */
export function sszSize({ message: { body } }: SignedBlock): number | null {
  if (body.signed_execution_payload_bid !== undefined) return null;
  return OFFSET + SIGNATURE + HEADER + OFFSET + bodySize(body);
}

function bodySize(body: RawBody): number {
  const eth1Data = 32 + 8 + 32;
  let size = SIGNATURE + eth1Data + 32;
  size += OFFSET + body.proposer_slashings.length * PROPOSER_SLASHING;
  size += OFFSET;
  for (const { attestation_1, attestation_2 } of body.attester_slashings) {
    const indices = attestation_1.attesting_indices.length + attestation_2.attesting_indices.length;
    size += 3 * OFFSET + 2 * (OFFSET + ATTESTATION_DATA + SIGNATURE) + 8 * indices;
  }
  size += OFFSET;
  for (const { aggregation_bits, committee_bits } of body.attestations) {
    size += 2 * OFFSET + ATTESTATION_DATA + SIGNATURE + byteLength(aggregation_bits);
    if (committee_bits !== undefined) size += byteLength(committee_bits);
  }
  size += OFFSET + body.deposits.length * DEPOSIT;
  size += OFFSET + body.voluntary_exits.length * EXIT;
  if (body.sync_aggregate !== undefined) size += byteLength(body.sync_aggregate.sync_committee_bits) + SIGNATURE;
  if (body.execution_payload !== undefined) size += OFFSET + payloadSize(body.execution_payload);
  if (body.bls_to_execution_changes !== undefined) size += OFFSET + body.bls_to_execution_changes.length * BLS_CHANGE;
  if (body.blob_kzg_commitments !== undefined) size += OFFSET + body.blob_kzg_commitments.length * COMMITMENT;
  if (body.execution_requests !== undefined) {
    const { deposits, withdrawals, consolidations } = body.execution_requests;
    size += 4 * OFFSET + deposits.length * DEPOSIT_REQUEST;
    size += withdrawals.length * WITHDRAWAL_REQUEST + consolidations.length * CONSOLIDATION_REQUEST;
  }
  return size;
}

function payloadSize(payload: RawPayload): number {
  let size = PAYLOAD + byteLength(payload.extra_data);
  for (const transaction of payload.transactions) size += OFFSET + byteLength(transaction);
  if (payload.withdrawals !== undefined) size += OFFSET + payload.withdrawals.length * WITHDRAWAL;
  if (payload.blob_gas_used !== undefined) size += 2 * 8;
  return size;
}
