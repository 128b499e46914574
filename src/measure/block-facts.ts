import type { Chain } from "../chain/chain.ts";
import type { HeaderAnswer } from "../events/answers/answer.ts";
import type { BlockBody, Payload } from "../events/block/block-body.ts";
import type { BlockRecord } from "../events/block/block-record.ts";

const WEI_PER_GWEI = 1e9;

/** What a block says, against the limits of its moment. The same block gives the same facts, whoever answers it. */
export function blockFacts(input: { chain: Chain; node: string; header: HeaderAnswer; body: BlockBody }): BlockRecord {
  const { chain, node, header, body } = input;
  const { slot, root } = header;
  const epoch = chain.epochOf(slot);
  return {
    root,
    slot,
    epoch,
    fork: chain.forkOf(slot),
    start_ms: chain.slotStartUs(slot) / 1000,
    node,
    parent_root: header.parentRoot,
    state_root: body.stateRoot,
    proposer_index: header.proposerIndex,
    ssz_bytes: body.sszBytes,
    graffiti: body.graffiti.text,
    execution_client: body.graffiti.executionClient,
    consensus_client: body.graffiti.consensusClient,
    attestations: body.attestations.length,
    sync_participants: body.syncAggregate?.participants ?? null,
    sync_committee_size: body.syncAggregate?.size ?? null,
    deposits: body.deposits,
    exits: body.exits,
    proposers_slashed: body.proposersSlashed,
    attesters_slashed: body.attestersSlashed,
    bls_changes: body.blsChanges,
    deposit_requests: body.requests?.deposits ?? null,
    withdrawal_requests: body.requests?.withdrawals ?? null,
    consolidation_requests: body.requests?.consolidations ?? null,
    ...payloadFacts(body.payload),
    blobs: body.blobs,
    max_blobs: chain.blobLimits.maxBlobs(epoch) ?? null,
    columns: chain.blobLimits.columns(epoch) ?? null,
    mev_payment_wei: body.mevPayment?.valueWei ?? null,
    mev_payment_gwei: body.mevPayment === null ? null : Number(body.mevPayment.valueWei) / WEI_PER_GWEI,
    mev_payment_to: body.mevPayment?.to ?? null,
    bid_builder_index: body.bid?.builderIndex ?? null,
    bid_gwei: body.bid === null ? null : Number(body.bid.valueGwei),
    bid_block_hash: body.bid?.blockHash ?? null,
    payload_attestations: body.payloadAttestations,
  };
}

function payloadFacts(payload: Payload | null) {
  return {
    execution_number: payload?.number ?? null,
    execution_hash: payload?.hash ?? null,
    fee_recipient: payload?.feeRecipient ?? null,
    extra_data: payload === null ? null : textOf(payload.extraData),
    gas_used: payload?.gasUsed ?? null,
    gas_limit: payload?.gasLimit ?? null,
    gas_fullness: payload === null || payload.gasLimit === 0 ? null : payload.gasUsed / payload.gasLimit,
    base_fee_wei: payload?.baseFeeWei ?? null,
    base_fee_gwei: payload === null ? null : Number(payload.baseFeeWei) / WEI_PER_GWEI,
    transactions: payload?.transactions ?? null,
    transaction_bytes: payload?.transactionBytes ?? null,
    withdrawals: payload?.withdrawals?.count ?? null,
    withdrawals_gwei: payload?.withdrawals?.gwei ?? null,
    blob_gas_used: payload?.blobGasUsed ?? null,
    excess_blob_gas: payload?.excessBlobGas ?? null,
  };
}

/** Builders sign with words here, geth with RLP. */
function textOf(hex: string): string {
  const text = Buffer.from(hex.slice(2), "hex").toString("utf8");
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]*$/u.test(text) && !text.includes("\ufffd") ? text : hex;
}
