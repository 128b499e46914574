import { byteLength, countBits } from "../hex.ts";
import { firstIssue } from "../primitives.ts";
import type { AggregateVote } from "../vote.ts";
import { type RawBody, type RawPayload, signedBlockOf } from "./block-schema.ts";
import { type Graffiti, readGraffiti } from "./graffiti.ts";
import { type MevPayment, readMevPayment } from "./mev-payment.ts";
import { sszSize } from "./ssz-size.ts";

/** What stands in one block, of any fork from phase0 on. Lists of validators are indices; wei are decimal strings. */
export type BlockBody = {
  stateRoot: string;
  /** Size of the signed block in SSZ, uncompressed; null from Gloas on. */
  sszBytes: number | null;
  graffiti: Graffiti;
  attestations: readonly AggregateVote[];
  /** Altair and later. Bits are hex; `size` is the committee's. */
  syncAggregate: { bits: string; participants: number; size: number } | null;
  proposersSlashed: readonly number[];
  /** Those in both votes of a slashing: the others of either vote did nothing wrong. */
  attestersSlashed: readonly number[];
  exits: readonly number[];
  blsChanges: readonly number[];
  /** Deposits by the bridge of eth1 data, before they came as execution requests. */
  deposits: number;
  /** Bellatrix to Fulu: in Gloas the payload comes apart from its block. */
  payload: Payload | null;
  /** Deneb to Fulu. */
  blobs: number | null;
  /** Electra and Fulu. */
  requests: { deposits: number; withdrawals: number; consolidations: number } | null;
  mevPayment: MevPayment | null;
  /** Gloas: the builder's bid that the proposer took. */
  bid: { builderIndex: string; valueGwei: string; blockHash: string } | null;
  /** Gloas: aggregated votes of the payload timeliness committee. */
  payloadAttestations: number | null;
};

/** The execution payload, without what is in its transactions. */
export type Payload = {
  number: number;
  hash: string;
  parentHash: string;
  feeRecipient: string;
  gasUsed: number;
  gasLimit: number;
  baseFeeWei: string;
  timestampS: number;
  /** Hex. */
  extraData: string;
  transactions: number;
  /** Bytes of all transactions as they stand in the payload. */
  transactionBytes: number;
  /** Capella and later. */
  withdrawals: { count: number; gwei: number } | null;
  /** Deneb and later. */
  blobGasUsed: number | null;
  excessBlobGas: number | null;
};

/** Reads `data` of `/eth/v2/beacon/blocks/{block_id}`, of the fork `version`: the body, or in words what does not fit. */
export function readBlockBody(data: unknown, version?: string): { body: BlockBody } | { misfit: string } {
  const parsed = signedBlockOf(version).safeParse(data);
  if (!parsed.success) return { misfit: firstIssue(parsed.error) };
  const { state_root, body } = parsed.data.message;
  const payload = body.execution_payload;
  const beyond = payload === undefined ? undefined : NUMBERS.find((name) => !isSafe(payload[name]));
  if (beyond !== undefined) return { misfit: `message.body.execution_payload.${beyond} is beyond 2^53` };
  const requests = body.execution_requests;
  return {
    body: {
      stateRoot: state_root,
      sszBytes: sszSize(parsed.data),
      graffiti: readGraffiti(body.graffiti),
      attestations: body.attestations.map(voteOf),
      syncAggregate: readSyncAggregate(body.sync_aggregate),
      proposersSlashed: body.proposer_slashings.map(({ signed_header_1 }) => signed_header_1.message.proposer_index),
      attestersSlashed: slashedAttesters(body.attester_slashings),
      exits: body.voluntary_exits.map(({ message }) => message.validator_index),
      blsChanges: (body.bls_to_execution_changes ?? []).map(({ message }) => message.validator_index),
      deposits: body.deposits.length,
      payload: payload === undefined ? null : readPayload(payload),
      blobs: body.blob_kzg_commitments?.length ?? null,
      requests: requests === undefined ? null : countRequests(requests),
      mevPayment:
        payload === undefined
          ? null
          : readMevPayment({ transactions: payload.transactions, feeRecipient: payload.fee_recipient }),
      bid: readBid(body.signed_execution_payload_bid),
      payloadAttestations: body.payload_attestations?.length ?? null,
    },
  };
}

/** Numbers of 64 bits that are stored as numbers: no chain comes to 2^53 of any of them. */
const NUMBERS = ["block_number", "gas_limit", "gas_used", "timestamp", "blob_gas_used", "excess_blob_gas"] as const;

const isSafe = (text: string | undefined) => Number.isSafeInteger(Number(text ?? 0));

/** Who is slashed by attester slashings: ascending, each once, the intersection of both votes of each slashing. */
function slashedAttesters(slashings: RawBody["attester_slashings"]): number[] {
  const slashed = new Set<number>();
  for (const { attestation_1, attestation_2 } of slashings) {
    const second = new Set(attestation_2.attesting_indices);
    for (const index of attestation_1.attesting_indices) if (second.has(index)) slashed.add(index);
  }
  return [...slashed].sort((a, b) => a - b);
}

function voteOf({ data, aggregation_bits, committee_bits }: RawBody["attestations"][number]): AggregateVote {
  return {
    data: {
      slot: data.slot,
      index: data.index,
      head: data.beacon_block_root,
      sourceEpoch: Number(data.source.epoch),
      sourceRoot: data.source.root,
      targetEpoch: Number(data.target.epoch),
      targetRoot: data.target.root,
    },
    aggregationBits: aggregation_bits,
    committeeBits: committee_bits,
  };
}

function readSyncAggregate(aggregate: RawBody["sync_aggregate"]): BlockBody["syncAggregate"] {
  if (aggregate === undefined) return null;
  const bits = aggregate.sync_committee_bits.toLowerCase();
  return { bits, participants: countBits(bits), size: byteLength(bits) * 8 };
}

function readPayload(payload: RawPayload): Payload {
  const { withdrawals } = payload;
  return {
    number: Number(payload.block_number),
    hash: payload.block_hash,
    parentHash: payload.parent_hash,
    feeRecipient: payload.fee_recipient,
    gasUsed: Number(payload.gas_used),
    gasLimit: Number(payload.gas_limit),
    baseFeeWei: payload.base_fee_per_gas,
    timestampS: Number(payload.timestamp),
    extraData: payload.extra_data.toLowerCase(),
    transactions: payload.transactions.length,
    transactionBytes: payload.transactions.reduce((sum, transaction) => sum + byteLength(transaction), 0),
    withdrawals:
      withdrawals === undefined
        ? null
        : { count: withdrawals.length, gwei: withdrawals.reduce((sum, { amount }) => sum + Number(amount), 0) },
    blobGasUsed: numberOrNull(payload.blob_gas_used),
    excessBlobGas: numberOrNull(payload.excess_blob_gas),
  };
}

const numberOrNull = (text: string | undefined) => (text === undefined ? null : Number(text));

function countRequests(requests: NonNullable<RawBody["execution_requests"]>): NonNullable<BlockBody["requests"]> {
  const { deposits, withdrawals, consolidations } = requests;
  return { deposits: deposits.length, withdrawals: withdrawals.length, consolidations: consolidations.length };
}

function readBid(signed: RawBody["signed_execution_payload_bid"]): BlockBody["bid"] {
  if (signed === undefined) return null;
  const { builder_index, value, block_hash } = signed.message;
  return { builderIndex: builder_index, valueGwei: value, blockHash: block_hash };
}
