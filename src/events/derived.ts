import type { GapCause } from "./envelope.ts";
import type { RecordColumn, RecordDataset } from "./record.ts";
import { epochColumn, forkColumn, nodeColumn, nodeSlotColumns, slotColumns, startColumn } from "./slot-columns.ts";
import { type EpochVotes, epochVoteColumns } from "./vote-records.ts";

/** What became of a slot. `pending` until it can be judged; `unknown` where no stream was up and REST cannot answer. */
export type SlotStatus = "pending" | "proposed" | "missed" | "orphaned" | "unknown";

/** One block of a slot, canonical or not: both branches are kept. */
export type SlotBlock = {
  root: string;
  parent_root: string | null;
  /** The parent was inferred from the nodes' sequences of heads, since no header was to be had. */
  parent_inferred: boolean;
  /** REST told of it, and no event: it came while no stream was up. */
  backfilled: boolean;
  proposer_index: number | null;
  canonical: boolean;
  /** Signed milliseconds from the slot's start to each node's first event for this root. */
  seen_ms: Readonly<Record<string, number>>;
};

/** A head, and the nodes that held it. */
export type HeldHead = { root: string; slot: number; nodes: readonly string[] };

/**
 * Where a node's head stands to the highest block that at least half of the nodes have: the same, above it on its chain
 * (ahead), below it, or on what most nodes had and left (behind), or on a branch that most nodes do not have (fork).
 */
export type HeadRelation = "same" | "ahead" | "behind" | "fork";

/** One slot over all nodes. Slots of one epoch share their deadlines by fork. */
export type SlotRecord = {
  slot: number;
  epoch: number;
  slot_index: number;
  fork: string;
  start_ms: number;
  status: SlotStatus;
  proposer_index: number | null;
  /** The canonical block, else the one seen first. */
  block_root: string | null;
  parent_root: string | null;
  parent_inferred: boolean;
  backfilled: boolean;
  /** Of `block_root`; the earliest of any root is what `late` is judged by. */
  seen_ms: Readonly<Record<string, number>>;
  delay_ms: number | null;
  spread_ms: number | null;
  late: boolean;
  attestation_due_ms: number;
  blocks: readonly SlotBlock[];
  /** Missed or orphaned, or it is over and no node told of a block of it yet, although one was heard. */
  without_block: boolean;
  /** Proposers of two blocks or more of this slot; null where there is none. */
  equivocating: readonly number[] | null;
  /** Different heads that nodes held when aggregates were due, of which none lies on another's chain; null before. */
  heads: number | null;
  /** Those heads, where there are two or more. */
  heads_held: readonly HeldHead[] | null;
};

/** Counts of arrivals in bins of 50 ms from the slot's start: `[bin start in ms, count]`, ascending, empty bins left out. */
export type Bins = readonly (readonly [number, number])[];

/** One slot as one node lived it; times are signed milliseconds from the slot's start. */
export type NodeSlotRecord = {
  slot: number;
  node: string;
  client: string | null;
  block_root: string | null;
  gossip_ms: number | null;
  import_ms: number | null;
  head_ms: number | null;
  /** What the node called head at each deadline, and when the slot ended. */
  head_at_attestation_due: string | null;
  head_at_aggregate_due: string | null;
  head_at_slot_end: string | null;
  /** That last one is not what more than half of the nodes held then; null where no other node is known. */
  head_differs: boolean | null;
  /** When aggregates were due; null before, where it is alone, and where the way between the heads is not known. */
  head_relation: HeadRelation | null;
  /** Slots by which the head then lay below the block that at least half of the nodes had. */
  head_behind_slots: number | null;
  single_attestations: Bins;
  aggregates: Bins;
  contributions: Bins;
  columns: Bins;
  /** From Gloas on. */
  payload_attestations: Bins;
  /** Of the single attestations, by bins: those that arrived until attestations were due, and after; null without any. */
  votes_on_time: number | null;
  votes_late: number | null;
  /** Different data columns of `block_root` that the node told of. */
  columns_seen: number;
  /** As many as the node samples of a block with blobs; null before Fulu and where it does not tell its custody. */
  columns_sampled: number | null;
  echoes: number;
  syncing: boolean;
};

export type EpochRecord = {
  epoch: number;
  fork: string;
  start_ms: number;
  slots: number;
  proposed: number;
  missed: number;
  orphaned: number;
  unknown: number;
  pending: number;
  late: number;
  /** Share of the epoch's slots that have begun, from 0 to 1. */
  passed: number;
  /** The highest finalized and justified epochs that most nodes reported while this epoch lasted. */
  finalized_epoch: number | null;
  justified_epoch: number | null;
  /** epoch - finalized_epoch; 2 is normal. */
  finality_lag: number | null;
  finalized_by: Readonly<Record<string, number>>;
} & EpochVotes;

/** A span for which events of a node are missing; Unix milliseconds. */
export type GapRecord = { node: string; from_ms: number; to_ms: number; cause: GapCause };

/** Whether a node's event stream is up, and since when; a restart of the monitor takes an open gap up from here. */
export type StreamRecord = {
  node: string;
  state: "up" | "down";
  since_ms: number;
  cause: GapCause | null;
  /** Of a stream that is down: it was not up once, neither in this run nor in an earlier one. */
  never_up: true | undefined;
};

export const slotDataset: RecordDataset = {
  kind: "index",
  name: "slot",
  title: "Slots",
  words: "One document a slot over all nodes: what became of it, its block and every branch, when each node saw it.",
  columns: slotColumns,
};

export const nodeSlotDataset: RecordDataset = {
  kind: "index",
  name: "node_slot",
  title: "Slots by node",
  words: "One document a slot and node: its stages for the block, its head at each deadline, what arrived when.",
  columns: nodeSlotColumns,
};

export const epochDataset: RecordDataset = {
  kind: "index",
  name: "epoch",
  title: "Epochs",
  words: "One document an epoch: what became of its slots, and finality as the nodes reported it.",
  columns: [
    epochColumn,
    forkColumn,
    startColumn,
    ...(["slots", "proposed", "missed", "orphaned", "unknown", "pending", "late"] as const).map(
      (key): RecordColumn => ({
        key,
        name: `ethereum.slots.${key === "slots" ? "total" : key}`,
        type: "long",
        words: key === "slots" ? "Slots of the epoch." : `Slots that are ${key}.`,
      }),
    ),
    {
      key: "passed",
      name: "ethereum.slots.passed",
      type: "double",
      words: "Share of the epoch's slots that have begun, from 0 to 1.",
    },
    { key: "finalized_epoch", name: "ethereum.finalized_epoch", type: "long", words: "Finalized epoch by most nodes." },
    { key: "justified_epoch", name: "ethereum.justified_epoch", type: "long", words: "Justified epoch by most nodes." },
    {
      key: "finality_lag",
      name: "ethereum.finality_lag",
      type: "long",
      words: "epoch - finalized epoch; 2 is normal.",
    },
    { key: "finalized_by", name: "ethereum.finalized_by", type: "flattened", words: "Finalized epoch by node." },
    ...epochVoteColumns,
  ],
};

export const gapDataset: RecordDataset = {
  kind: "stream",
  source: "own",
  name: "ethereum.gap",
  title: "Gaps",
  keep: "ever",
  words: "A span for which events of a node are missing, and why.",
  columns: [
    nodeColumn,
    { key: "from_ms", name: "event.start", type: "date", words: "Where the missed span begins." },
    { key: "to_ms", name: "event.end", type: "date", words: "Where it ends." },
    {
      key: "cause",
      name: "event.reason",
      type: "keyword",
      words: "closed, error, silent, restart, overflow or clock.",
    },
  ],
};

export const streamDataset: RecordDataset = {
  kind: "index",
  name: "stream",
  title: "Streams",
  words: "One document a node: whether its event stream is up, and since when.",
  columns: [
    nodeColumn,
    { key: "state", name: "ethereum.stream.state", type: "keyword", words: "up or down." },
    { ...startColumn, key: "since_ms", words: "Since when." },
    { key: "cause", name: "event.reason", type: "keyword", words: "Why it is down." },
    {
      key: "never_up",
      name: "ethereum.stream.never_up",
      type: "boolean",
      words: "Present when it is down and was not up once.",
    },
  ],
};
