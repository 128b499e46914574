import type { RecordColumn, RecordDataset } from "./record.ts";

/**
 * When a node told of a slot's block: `[slot, block_gossip, block, head]`, signed milliseconds from the slot's start.
 * Three nulls: the node was watched and never told of it.
 */
export type Arrival = readonly [slot: number, gossipMs: number | null, importMs: number | null, headMs: number | null];

/** One epoch as one node had it, beside all that any node had. */
export type NodeEpochRecord = {
  epoch: number;
  node: string;
  client: string | null;
  start_ms: number;
  /** Blocks of any branch that the node told of, of those that any node told of while this one was watched. */
  blocks_seen: number;
  blocks_total: number;
  /** The same of votes that came one by one; both 0 where no node gives such votes. */
  votes_seen: number;
  votes_total: number;
  /** Slots whose canonical block it did not tell of, though its stream was up and went on with later ones. */
  left_out: readonly number[];
  echoes: number;
  /** Gaps that touch the epoch, and how much of it they took. */
  gaps: number;
  gap_ms: number;
  /** Of each slot's canonical block (else the first seen) while the node was watched and not syncing. */
  arrivals: readonly Arrival[];
};

export type ComparedTopic = "block_gossip" | "block" | "head";

/** How much later node `b` told of the same blocks on the same topic than node `a`, over one epoch. */
export type LatencyRecord = {
  epoch: number;
  a: string;
  b: string;
  start_ms: number;
  topic: ComparedTopic;
  /** Median of (seen by b - seen by a); positive when b is later. */
  median_ms: number;
  /** 90th percentile of the absolute difference. */
  p90_ms: number;
  n: number;
};

/** How the blocks of one epoch spread over the nodes, and what became of them by their arrival. */
export type PropagationRecord = {
  epoch: number;
  start_ms: number;
  /** Slots whose block two nodes or more told of. */
  slots: number;
  spread_median_ms: number | null;
  spread_p90_ms: number | null;
  attestation_due_ms: number;
  /** `[bin start in ms from the attestation deadline, blocks, of these orphaned]`, bins of 500 ms, settled slots. */
  outcomes: readonly Outcome[];
};

export type Outcome = readonly [binMs: number, blocks: number, orphaned: number];

const epochColumn: RecordColumn = { key: "epoch", name: "ethereum.epoch", type: "long", words: "Epoch." };
const startColumn: RecordColumn = { key: "start_ms", name: "event.start", type: "date", words: "When it began." };

export const nodeEpochDataset: RecordDataset = {
  kind: "index",
  name: "node_epoch",
  title: "Epochs by node",
  words:
    "One document an epoch and node: its completeness against the union of all nodes, its echoes and gaps, and when it " +
    "told of each slot's block. Blocks are the roots of all branches; they and the votes count only for slots in which " +
    "the node's stream was up until aggregates were due.",
  columns: [
    epochColumn,
    { key: "node", name: "observer.name", type: "keyword", words: "Name of the node." },
    { key: "client", name: "observer.product", type: "keyword", words: "Client family of the node." },
    startColumn,
    {
      key: "blocks_seen",
      name: "ethereum.completeness.blocks_seen",
      type: "long",
      words: "Blocks that the node told of.",
    },
    {
      key: "blocks_total",
      name: "ethereum.completeness.blocks_total",
      type: "long",
      words: "Blocks that any node told of, in slots in which this one was watched.",
    },
    {
      key: "votes_seen",
      name: "ethereum.completeness.votes_seen",
      type: "long",
      words: "Votes of single validators that the node told of within the slot after theirs.",
    },
    {
      key: "votes_total",
      name: "ethereum.completeness.votes_total",
      type: "long",
      words: "The same of any node, in slots in which this one was watched; 0 where no node gives such votes.",
    },
    {
      key: "left_out",
      name: "ethereum.completeness.left_out",
      type: "long",
      list: true,
      words: "Slots whose canonical block it did not tell of, though its stream was up and went on with later ones.",
    },
    { key: "echoes", name: "ethereum.echoes", type: "long", words: "Repeated events about the epoch's slots." },
    { key: "gaps", name: "ethereum.gaps", type: "long", words: "Spans without events that touch the epoch." },
    { key: "gap_ms", name: "ethereum.gap_ms", type: "double", words: "How much of the epoch they took, ms." },
    {
      key: "arrivals",
      name: "ethereum.arrivals.blocks",
      type: "flattened",
      words:
        "[slot, block_gossip, block, head] of each slot's canonical block (else the first seen), signed ms from the " +
        "slot's start; three nulls where the node was watched and did not tell of it; none while it was syncing.",
    },
  ],
};

export const latencyDataset: RecordDataset = {
  kind: "index",
  name: "latency",
  title: "Latency between nodes",
  words:
    "One document an epoch and pair of nodes: how much later the one told of the same blocks than the other, by the " +
    "first event of each on one topic (block_gossip, else block, else head: the first that both have for half of " +
    "their blocks). Left out are blocks of a time in which a node was syncing or not watched, and those that a node " +
    "told of more than a slot after another one or two slots after their slot began: they came by sync. All stamps are " +
    "the monitor's own, so that its clock's offset cancels.",
  columns: [
    epochColumn,
    { key: "a", name: "ethereum.latency.a", type: "keyword", words: "The node that comes first by name." },
    { key: "b", name: "ethereum.latency.b", type: "keyword", words: "The other node." },
    startColumn,
    { key: "topic", name: "ethereum.latency.topic", type: "keyword", words: "Topic whose events were compared." },
    {
      key: "median_ms",
      name: "ethereum.latency.median_ms",
      type: "double",
      words: "Median of (seen by b - seen by a), signed ms; positive when b is later.",
    },
    {
      key: "p90_ms",
      name: "ethereum.latency.p90_ms",
      type: "double",
      words: "90th percentile of the absolute difference, ms.",
    },
    { key: "n", name: "ethereum.latency.blocks", type: "long", words: "Blocks that were compared." },
  ],
};

export const propagationDataset: RecordDataset = {
  kind: "index",
  name: "propagation",
  title: "Propagation",
  words: "One document an epoch over all nodes: how far apart they had its blocks, and which were orphaned by arrival.",
  columns: [
    epochColumn,
    startColumn,
    {
      key: "slots",
      name: "ethereum.propagation.slots",
      type: "long",
      words: "Slots whose block two nodes or more had.",
    },
    {
      key: "spread_median_ms",
      name: "ethereum.propagation.spread_median_ms",
      type: "double",
      words: "From the first to the last node, median over those slots, ms.",
    },
    {
      key: "spread_p90_ms",
      name: "ethereum.propagation.spread_p90_ms",
      type: "double",
      words: "90th percentile of the same, ms.",
    },
    {
      key: "attestation_due_ms",
      name: "ethereum.attestation_due_ms",
      type: "double",
      words: "The fork's attestation deadline, ms from the slot's start.",
    },
    {
      key: "outcomes",
      name: "ethereum.propagation.outcomes",
      type: "flattened",
      words:
        "[bin start, blocks, of these orphaned] by earliest arrival in ms from the attestation deadline, bins of 500 " +
        "ms; slots that the canonical chain has passed.",
    },
  ],
};
