import type { RecordColumn, RecordDataset } from "../record.ts";
import type { ClientCode } from "./graffiti.ts";

/**
 * The facts of one block, canonical or not, against the limits of its moment. Null is what its fork does not have, or,
 * from Gloas on, what comes apart from the block. Wei are decimal strings, exact; gwei beside them are rounded.
 */
export type BlockRecord = {
  root: string;
  slot: number;
  epoch: number;
  fork: string;
  start_ms: number;
  /** The node that answered the block. */
  node: string;
  parent_root: string;
  state_root: string;
  proposer_index: number;
  ssz_bytes: number | null;
  graffiti: string;
  execution_client: ClientCode | null;
  consensus_client: ClientCode | null;
  attestations: number;
  sync_participants: number | null;
  sync_committee_size: number | null;
  deposits: number;
  exits: readonly number[];
  proposers_slashed: readonly number[];
  attesters_slashed: readonly number[];
  bls_changes: readonly number[];
  deposit_requests: number | null;
  withdrawal_requests: number | null;
  consolidation_requests: number | null;
  execution_number: number | null;
  execution_hash: string | null;
  fee_recipient: string | null;
  extra_data: string | null;
  gas_used: number | null;
  gas_limit: number | null;
  /** gas_used / gas_limit, from 0 to 1. */
  gas_fullness: number | null;
  base_fee_wei: string | null;
  base_fee_gwei: number | null;
  transactions: number | null;
  transaction_bytes: number | null;
  withdrawals: number | null;
  withdrawals_gwei: number | null;
  blobs: number | null;
  /** Null before Deneb, and where the nodes do not say. */
  max_blobs: number | null;
  blob_gas_used: number | null;
  excess_blob_gas: number | null;
  /** `NUMBER_OF_COLUMNS`; null before Fulu. */
  columns: number | null;
  mev_payment_wei: string | null;
  mev_payment_gwei: number | null;
  mev_payment_to: string | null;
  /** Gloas: the bid that the proposer took. */
  bid_builder_index: string | null;
  bid_gwei: number | null;
  bid_block_hash: string | null;
  payload_attestations: number | null;
};

const column = (
  key: keyof BlockRecord,
  type: RecordColumn["type"],
  words: string,
  more: { name?: string; list?: true } = {},
): RecordColumn => {
  const { name = `ethereum.block.${key}`, list } = more;
  return { key, name, type, words, ...(list === undefined ? {} : { list }) };
};

const validators = (key: keyof BlockRecord, words: string) => column(key, "long", words, { list: true });

export const blockDataset: RecordDataset = {
  kind: "index",
  name: "block",
  title: "Blocks",
  words: "One document a block, canonical or not: what stands in it, against the limits of its moment.",
  columns: [
    column("root", "keyword", "Block root; the key."),
    column("slot", "long", "Slot.", { name: "ethereum.slot" }),
    column("epoch", "long", "Epoch.", { name: "ethereum.epoch" }),
    column("fork", "keyword", "Active fork.", { name: "ethereum.fork" }),
    column("start_ms", "date", "When its slot began.", { name: "event.start" }),
    column("node", "keyword", "The node that answered the block.", { name: "observer.name" }),
    column("parent_root", "keyword", "Root of the parent."),
    column("state_root", "keyword", "State root."),
    column("proposer_index", "long", "Validator that proposed.", { name: "ethereum.proposer_index" }),
    column("ssz_bytes", "long", "Bytes of the signed block in SSZ, uncompressed; to Fulu."),
    column("graffiti", "keyword", "Graffiti as text."),
    column("execution_client", "keyword", "Code of the execution client that the graffiti names."),
    column("consensus_client", "keyword", "Code of the consensus client that the graffiti names."),
    column("attestations", "long", "Attestations in the block, each with many votes."),
    column("sync_participants", "long", "Sync committee members that signed the parent."),
    column("sync_committee_size", "long", "Members of the sync committee."),
    column("deposits", "long", "Deposits by the bridge of eth1 data."),
    validators("exits", "Validators that exit voluntarily."),
    validators("proposers_slashed", "Validators slashed for two proposals."),
    validators("attesters_slashed", "Validators slashed for two votes: those in both votes."),
    validators("bls_changes", "Validators with a new withdrawal address."),
    column("deposit_requests", "long", "Deposits as execution requests; Electra and Fulu."),
    column("withdrawal_requests", "long", "Withdrawals and exits as execution requests; Electra and Fulu."),
    column("consolidation_requests", "long", "Consolidations as execution requests; Electra and Fulu."),
    column("execution_number", "long", "Number of the execution block; Bellatrix to Fulu."),
    column("execution_hash", "keyword", "Hash of the execution block."),
    column("fee_recipient", "keyword", "Address that gets the priority fees: the builder's, or the proposer's own."),
    column("extra_data", "keyword", "Extra data of the execution block as text, or as hex where it is none."),
    column("gas_used", "long", "Gas used."),
    column("gas_limit", "long", "Gas limit of this block."),
    column("gas_fullness", "double", "Gas used / gas limit, from 0 to 1."),
    column("base_fee_wei", "keyword", "Base fee per gas in wei, exact."),
    column("base_fee_gwei", "double", "Base fee per gas in gwei."),
    column("transactions", "long", "Transactions."),
    column("transaction_bytes", "long", "Bytes of all transactions."),
    column("withdrawals", "long", "Withdrawals; Capella to Fulu."),
    column("withdrawals_gwei", "long", "Gwei withdrawn in all."),
    column("blobs", "long", "Blobs; Deneb to Fulu."),
    column("max_blobs", "long", "Blobs that a block of this epoch may have."),
    column("blob_gas_used", "long", "Blob gas used."),
    column("excess_blob_gas", "long", "Excess blob gas."),
    column("columns", "long", "Columns in which the blobs' data come; from Fulu."),
    column(
      "mev_payment_wei",
      "keyword",
      "Wei that the fee recipient paid in the last transaction, a mere transfer: a builder's payment. Null is no proof.",
    ),
    column("mev_payment_gwei", "double", "The same in gwei."),
    column("mev_payment_to", "keyword", "Address that was paid."),
    column("bid_builder_index", "keyword", "Builder whose bid the proposer took; from Gloas."),
    column("bid_gwei", "double", "What it bid, gwei."),
    column("bid_block_hash", "keyword", "Execution block that it bid for."),
    column("payload_attestations", "long", "Aggregated payload attestations; from Gloas."),
  ],
};
