import type { RecordColumn } from "./record.ts";

export const slotColumn: RecordColumn = { key: "slot", name: "ethereum.slot", type: "long", words: "Slot." };
export const epochColumn: RecordColumn = { key: "epoch", name: "ethereum.epoch", type: "long", words: "Epoch." };
export const forkColumn: RecordColumn = { key: "fork", name: "ethereum.fork", type: "keyword", words: "Active fork." };
export const nodeColumn: RecordColumn = {
  key: "node",
  name: "observer.name",
  type: "keyword",
  words: "Name of the node.",
};
export const startColumn: RecordColumn = {
  key: "start_ms",
  name: "event.start",
  type: "date",
  words: "When it began.",
};

const binColumn = (key: string, words: string): RecordColumn => ({
  key,
  name: `ethereum.arrivals.${key}`,
  type: "flattened",
  words: `${words} that arrived, in bins of 50 ms from the slot's start.`,
});

/** Of one slot over all nodes. */
export const slotColumns: readonly RecordColumn[] = [
  slotColumn,
  epochColumn,
  {
    key: "slot_index",
    name: "ethereum.slot_index",
    type: "long",
    words: "Position of the slot in its epoch, from 0.",
  },
  forkColumn,
  startColumn,
  {
    key: "status",
    name: "ethereum.status",
    type: "keyword",
    words: "pending, proposed, missed, orphaned or unknown.",
  },
  { key: "proposer_index", name: "ethereum.proposer_index", type: "long", words: "Validator that had to propose." },
  {
    key: "block_root",
    name: "ethereum.block.root",
    type: "keyword",
    words: "The canonical block, else the first seen.",
  },
  { key: "parent_root", name: "ethereum.block.parent_root", type: "keyword", words: "Parent of that block." },
  {
    key: "parent_inferred",
    name: "ethereum.block.parent_inferred",
    type: "boolean",
    words: "The parent was inferred from the nodes' heads.",
  },
  {
    key: "backfilled",
    name: "ethereum.block.backfilled",
    type: "boolean",
    words: "REST told of the block, and no event.",
  },
  {
    key: "seen_ms",
    name: "ethereum.seen_ms",
    type: "flattened",
    words: "First event for that block by node, signed ms.",
  },
  { key: "delay_ms", name: "ethereum.delay_ms", type: "double", words: "First event over all nodes, signed ms." },
  { key: "spread_ms", name: "ethereum.spread_ms", type: "double", words: "From the first to the last node, ms." },
  {
    key: "late",
    name: "ethereum.late",
    type: "boolean",
    words: "Its earliest block came after the attestation deadline.",
  },
  {
    key: "attestation_due_ms",
    name: "ethereum.attestation_due_ms",
    type: "double",
    words: "The fork's attestation deadline, ms from the slot's start.",
  },
  { key: "blocks", name: "ethereum.blocks", type: "flattened", words: "Every block of the slot, canonical or not." },
  {
    key: "without_block",
    name: "ethereum.without_block",
    type: "boolean",
    words: "Missed or orphaned, or over and no node told of a block of it yet, although one was heard.",
  },
  {
    key: "equivocating",
    name: "ethereum.equivocating",
    type: "long",
    list: true,
    words: "Proposers of two blocks or more of the slot.",
  },
  {
    key: "heads",
    name: "ethereum.heads.distinct",
    type: "long",
    words: "Different heads that nodes held when aggregates were due, of which none lies on another's chain.",
  },
  {
    key: "heads_held",
    name: "ethereum.heads.held",
    type: "flattened",
    words: "Those heads and their nodes, where there are two or more.",
  },
];

/** Of one slot as one node lived it. */
export const nodeSlotColumns: readonly RecordColumn[] = [
  slotColumn,
  nodeColumn,
  { key: "client", name: "observer.product", type: "keyword", words: "Client family of the node." },
  { key: "block_root", name: "ethereum.block.root", type: "keyword", words: "The block these times are of." },
  { key: "gossip_ms", name: "ethereum.gossip_ms", type: "double", words: "block_gossip, signed ms." },
  { key: "import_ms", name: "ethereum.import_ms", type: "double", words: "block (imported), signed ms." },
  { key: "head_ms", name: "ethereum.head_ms", type: "double", words: "head, signed ms." },
  {
    key: "head_at_attestation_due",
    name: "ethereum.head_at.attestation_due",
    type: "keyword",
    words: "The node's head when attestations were due.",
  },
  {
    key: "head_at_aggregate_due",
    name: "ethereum.head_at.aggregate_due",
    type: "keyword",
    words: "The node's head when aggregates were due.",
  },
  {
    key: "head_at_slot_end",
    name: "ethereum.head_at.slot_end",
    type: "keyword",
    words: "The node's head at the slot's end.",
  },
  {
    key: "head_differs",
    name: "ethereum.head_at.differs",
    type: "boolean",
    words: "That head is not what more than half of the nodes held at the slot's end.",
  },
  {
    key: "head_relation",
    name: "ethereum.head_at.relation",
    type: "keyword",
    words:
      "Its head when aggregates were due, to the highest block that at least half of the nodes had: same, ahead, behind " +
      "(also on what most of them left) or fork.",
  },
  {
    key: "head_behind_slots",
    name: "ethereum.head_at.behind_slots",
    type: "long",
    words: "Slots by which that head lay below that block.",
  },
  binColumn("single_attestations", "Single attestations"),
  binColumn("aggregates", "Aggregate attestations"),
  binColumn("contributions", "Sync committee contributions"),
  binColumn("columns", "Data columns"),
  binColumn("payload_attestations", "Votes of the payload timeliness committee"),
  {
    key: "votes_on_time",
    name: "ethereum.votes.on_time",
    type: "long",
    words: "Single attestations that arrived until attestations were due, to the bin.",
  },
  {
    key: "votes_late",
    name: "ethereum.votes.late",
    type: "long",
    words: "Single attestations that arrived after that.",
  },
  {
    key: "columns_seen",
    name: "ethereum.columns.seen",
    type: "long",
    words: "Different data columns of that block that the node told of.",
  },
  {
    key: "columns_sampled",
    name: "ethereum.columns.sampled",
    type: "long",
    words: "Data columns that the node samples of a block with blobs, by its custody.",
  },
  { key: "echoes", name: "ethereum.echoes", type: "long", words: "Repeated events about this slot." },
  { key: "syncing", name: "ethereum.syncing", type: "boolean", words: "The node was syncing." },
];
