import { type BlockRecord, blockDataset } from "../../src/events/block/block-record.ts";
import type { EpochRecord, GapRecord, NodeSlotRecord, SlotRecord } from "../../src/events/derived.ts";
import { epochDataset, gapDataset, nodeSlotDataset, slotDataset } from "../../src/events/derived.ts";
import type { Document } from "../../src/events/document.ts";
import { documentOf } from "../../src/events/record.ts";
import type { ReorgRecord } from "../../src/events/reorg.ts";
import { reorgDataset } from "../../src/events/reorg.ts";
import type { EpochVotes } from "../../src/events/vote-records.ts";
import type { Axis } from "../../src/ingest/place-on-chain.ts";
import type { CheckAnswer, HealthView, NetworkView, NodeView } from "../../src/serve/views.ts";

/** A small network whose slot 0 began on 22 November 2026 at 10:00 UTC. */
const GENESIS_MS = Date.UTC(2026, 10, 22, 10);
const SLOT_MS = 12_000;

export const slotStartMs = (slot: number): number => GENESIS_MS + slot * SLOT_MS;

export const rootOf = (text: string): string => `0x${Buffer.from(text).toString("hex").padEnd(64, "0")}`;

export const network: NetworkView = {
  name: "testnet",
  genesis_time: GENESIS_MS / 1000,
  genesis_validators_root: rootOf("genesis"),
  slot_duration_ms: SLOT_MS,
  slots_per_epoch: 32,
  forks: [{ fork: "fulu", epoch: 0, deadlines: { attestation_due_ms: 4000, aggregate_due_ms: 8000 } }],
  demo: false,
  now_ms: slotStartMs(100),
};

/** The same network as a time axis. */
export const chainAxis: Axis = {
  network: network.name,
  slotsPerEpoch: network.slots_per_epoch,
  slotAt: (timeUs) => Math.floor((timeUs / 1000 - GENESIS_MS) / SLOT_MS),
  epochOf: (slot) => Math.floor(slot / network.slots_per_epoch),
  slotIndexOf: (slot) => slot % network.slots_per_epoch,
  delayMs: (slot, timeUs) => timeUs / 1000 - slotStartMs(slot),
};

export function nodeView(name: string, changes: Partial<NodeView> = {}): NodeView {
  return {
    name,
    url: `http://${name}.example:5052/`,
    state: "streaming",
    since_ms: slotStartMs(0),
    reason: null,
    client: "lodestar",
    version: "v1.38.0",
    syncing: false,
    peers: 41,
    head: { slot: 99, root: rootOf("99"), at_ms: slotStartMs(99) + 812.345 },
    finalized_epoch: 1,
    events: 1234,
    echoes: 5,
    last_event_ms: slotStartMs(100) - 3,
    reconnects: 2,
    topics: { head: "streaming", blob_sidecar: "refused" },
    ...changes,
  };
}

export const health: HealthView = {
  status: "ok",
  reasons: [],
  started_ms: slotStartMs(0),
  store: { state: "ready", journaled: 10, loaded: 10, queued: 0, dropped: 0, rows: 10 },
  quarantined: 3,
  event_loop_delay_ms: { p50: 1, p99: 4, max: 20 },
  clock: {
    offset_ms: -3.25,
    error_ms: 8.5,
    server: "ntp.example",
    reachable: true,
    sampled_ms: slotStartMs(98),
    asked_ms: slotStartMs(98),
    servers: [
      {
        server: "ntp.example",
        offset_ms: -3.25,
        error_ms: 8.5,
        round_trip_ms: 12,
        stratum: 2,
        agrees: true,
        reason: null,
      },
    ],
  },
};

export const checked: CheckAnswer = {
  running_since_ms: null,
  again_ms: null,
  report: {
    verdict: "ready_with_less",
    temporary: false,
    checked_ms: slotStartMs(99),
    nodes: [
      {
        name: "n1",
        url: "http://n1.example:5052",
        verdict: "ready_with_less",
        version: "Lighthouse/v8.0.0",
        network: null,
        sync: null,
        peers: 3,
        clock: { offset_ms: -120, error_ms: 502 },
        events: null,
        paths: { "/eth/v1/node/version": "ok" },
        findings: [{ severity: "lesser", code: "path_failed", sentence: "It failed.", temporary: true }],
      },
    ],
    findings: [],
  },
  failure: null,
};

export function slotRecord(slot: number, changes: Partial<SlotRecord> = {}): SlotRecord {
  const block_root = rootOf(`${slot}`);
  return {
    slot,
    epoch: Math.floor(slot / 32),
    slot_index: slot % 32,
    fork: "fulu",
    start_ms: slotStartMs(slot),
    status: "proposed",
    proposer_index: 7,
    block_root,
    parent_root: rootOf(`${slot - 1}`),
    parent_inferred: false,
    backfilled: false,
    seen_ms: { n1: 812.345, n2: -3.5 },
    delay_ms: -3.5,
    spread_ms: 815.845,
    late: false,
    attestation_due_ms: 4000,
    blocks: [
      {
        root: block_root,
        parent_root: rootOf(`${slot - 1}`),
        parent_inferred: false,
        backfilled: false,
        proposer_index: 7,
        canonical: true,
        seen_ms: { n1: 812.345, n2: -3.5 },
      },
    ],
    without_block: false,
    equivocating: null,
    heads: 1,
    heads_held: null,
    ...changes,
  };
}

export function nodeSlotRecord(slot: number, node: string): NodeSlotRecord {
  return {
    slot,
    node,
    client: "lodestar",
    block_root: rootOf(`${slot}`),
    gossip_ms: 700.125,
    import_ms: 760,
    head_ms: 801.5,
    head_at_attestation_due: rootOf(`${slot}`),
    head_at_aggregate_due: rootOf(`${slot}`),
    head_at_slot_end: null,
    head_differs: null,
    head_relation: "same",
    head_behind_slots: 0,
    single_attestations: [
      [3950, 12],
      [4000, 80],
    ],
    aggregates: [],
    contributions: [],
    columns: [[900, 128]],
    payload_attestations: [],
    votes_on_time: 12,
    votes_late: 80,
    columns_seen: 128,
    columns_sampled: 128,
    echoes: 0,
    syncing: false,
  };
}

const EPOCH_VOTES: EpochVotes = {
  active_validators: 900_000,
  weighted_by: "balance",
  live_expected: 1,
  blocks_expected: 0.96875,
  live_source: 0.997,
  live_target: 0.995,
  live_head: 0.98,
  blocks_source: 0.996,
  blocks_target: 0.994,
  blocks_head: 0.97,
  votes_seen: 897_300,
  votes_late: 269_000,
  votes_missing: 2_700,
  inclusion_delay: 1.02,
  inclusion_delay_blocks: 1.01,
  double_votes: 0,
};

export function epochRecord(epoch: number): EpochRecord {
  return {
    epoch,
    fork: "fulu",
    start_ms: slotStartMs(epoch * 32),
    ...EPOCH_VOTES,
    slots: 32,
    proposed: 30,
    missed: 1,
    orphaned: 1,
    unknown: 0,
    pending: 0,
    late: 2,
    passed: 1,
    finalized_epoch: epoch - 2 < 0 ? null : epoch - 2,
    justified_epoch: epoch - 1 < 0 ? null : epoch - 1,
    finality_lag: epoch - 2 < 0 ? null : 2,
    finalized_by: { n1: Math.max(0, epoch - 2) },
  };
}

export function reorgRecord(slot: number, changes: Partial<ReorgRecord> = {}): ReorgRecord {
  return {
    id: rootOf(`abandoned ${slot - 1}`),
    slot,
    depth: 1,
    nodes: ["n1", "n2"],
    old_head: rootOf(`abandoned ${slot - 1}`),
    new_head: rootOf(`${slot}`),
    common_ancestor: rootOf(`${slot - 2}`),
    at_ms: slotStartMs(slot) + 900.5,
    abandoned: [{ slot: slot - 1, root: rootOf(`abandoned ${slot - 1}`) }],
    adopted: [{ slot, root: rootOf(`${slot}`) }],
    switches: [
      {
        node: "n1",
        at_ms: slotStartMs(slot) + 900.5,
        old_head: rootOf(`abandoned ${slot - 1}`),
        new_head: rootOf(`${slot}`),
      },
    ],
    inferred: false,
    depth_hints: { n1: "2" },
    crosses_justified: false,
    withdrawn: false,
    ...changes,
  };
}

export const slotDocument = (record: SlotRecord): Document =>
  documentOf({ dataset: slotDataset, record, timestampUs: record.start_ms * 1000, id: `${record.slot}` });

export const nodeSlotDocument = (record: NodeSlotRecord): Document =>
  documentOf({
    dataset: nodeSlotDataset,
    record,
    timestampUs: slotStartMs(record.slot) * 1000,
    id: `${record.slot}-${record.node}`,
  });

export const epochDocument = (record: EpochRecord): Document =>
  documentOf({ dataset: epochDataset, record, timestampUs: record.start_ms * 1000, id: `${record.epoch}` });

export const reorgDocument = (record: ReorgRecord): Document =>
  documentOf({ dataset: reorgDataset, record, timestampUs: Math.round(record.at_ms * 1000), id: record.id });

export const gapDocument = (record: GapRecord): Document =>
  documentOf({ dataset: gapDataset, record, timestampUs: Math.round(record.from_ms * 1000) });

/** One raw event as the pipeline stores it. */
export function eventDocument(input: {
  topic: string;
  node: string;
  slot: number;
  delayMs: number;
  fields: Document["fields"];
  echo?: boolean;
}): Document {
  const { topic, node, slot, delayMs, fields, echo = false } = input;
  return {
    dataset: `ethereum.${topic}`,
    timestampUs: Math.round((slotStartMs(slot) + delayMs) * 1000),
    fields: {
      "observer.name": node,
      "ethereum.slot": slot,
      "ethereum.epoch": Math.floor(slot / 32),
      "ethereum.delay_ms": delayMs,
      "ethereum.echo": echo,
      ...fields,
    },
  };
}

/** A full block of a builder that paid its proposer. */
export function blockRecord(slot: number, changes: Partial<BlockRecord> = {}): BlockRecord {
  return {
    root: rootOf(`${slot}`),
    slot,
    epoch: Math.floor(slot / 32),
    fork: "fulu",
    start_ms: slotStartMs(slot),
    node: "n1",
    parent_root: rootOf(`${slot - 1}`),
    state_root: rootOf(`state ${slot}`),
    proposer_index: 7,
    ssz_bytes: 123_456,
    graffiti: "GE168dLH63af \u{1f43c}",
    execution_client: "GE",
    consensus_client: "LH",
    attestations: 8,
    sync_participants: 500,
    sync_committee_size: 512,
    deposits: 0,
    exits: [],
    proposers_slashed: [],
    attesters_slashed: [11, 12],
    bls_changes: [13],
    deposit_requests: 1,
    withdrawal_requests: 2,
    consolidation_requests: 3,
    execution_number: 24_000_000 + slot,
    execution_hash: rootOf(`payload ${slot}`),
    fee_recipient: `0x${"ab".repeat(20)}`,
    extra_data: "A Builder",
    gas_used: 59_999_999,
    gas_limit: 60_000_000,
    gas_fullness: 59_999_999 / 60_000_000,
    base_fee_wei: "1234567890123",
    base_fee_gwei: 1234.567890123,
    transactions: 250,
    transaction_bytes: 98_765,
    withdrawals: 16,
    withdrawals_gwei: 300_000_000,
    blobs: 9,
    max_blobs: 21,
    blob_gas_used: 1_179_648,
    excess_blob_gas: 0,
    columns: 128,
    mev_payment_wei: "50000000000000001",
    mev_payment_gwei: 50_000_000,
    mev_payment_to: `0x${"cd".repeat(20)}`,
    bid_builder_index: null,
    bid_gwei: null,
    bid_block_hash: null,
    payload_attestations: null,
    ...changes,
  };
}

export const blockDocument = (record: BlockRecord): Document =>
  documentOf({ dataset: blockDataset, record, timestampUs: record.start_ms * 1000, id: record.root });
