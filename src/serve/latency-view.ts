import type { ComparedTopic } from "../events/comparison.ts";

/** What one node had of all that any node had while it was watched, and how it stands beside the others. */
export type ComparedNodeView = {
  node: string;
  client: string | null;
  blocks_seen: number;
  blocks_total: number;
  /** Votes that came one by one; both 0 where no node gives them. */
  votes_seen: number;
  votes_total: number;
  echoes: number;
  gaps: number;
  gap_ms: number;
  /** How much later than the average node it tells of what reaches all at once; null where it cannot be compared. */
  bias_ms: number | null;
  /** Standard error. */
  bias_error_ms: number | null;
};

export type ComparedPairView = {
  a: string;
  b: string;
  topic: ComparedTopic;
  /** Median of (seen by b - seen by a); positive when b is later. */
  median_ms: number;
  /** 90th percentile of the absolute difference. */
  p90_ms: number;
  n: number;
  /** What the median may be off by: 1.96 standard errors and the stamps' error. */
  error_ms: number;
  /** The median lies within its error: the two cannot be told apart. */
  below_error: boolean;
  /** Half of there and back between the two, apart from their biases; null where it cannot be told from them. */
  latency_ms: number | null;
  latency_error_ms: number | null;
};

/** What share of the watched nodes had a block by a moment: over all blocks, in the median slot, in nine slots of ten. */
export type CurvePointView = { ms: number; share: number; median: number; p90: number };

export type OrphanShareView = {
  /** From the attestation deadline. */
  from_ms: number;
  to_ms: number;
  blocks: number;
  orphaned: number;
  share: number;
  /** Wilson's interval, 95 %. */
  low: number;
  high: number;
};

/** What the stamps of all nodes' events are worth: they are one machine's. */
export type StampsView = {
  /** How late the event loop stamped, p99: part of the error of each difference; null while not known. */
  loop_delay_ms: number | null;
  /** Times at which the clock was found to have moved by more than its error: they spoil single blocks, no median. */
  steps: number;
  /** The clock against time servers: the error of delays from the slot's start, while differences do not have it. */
  offset_ms: number | null;
  offset_error_ms: number | null;
  reachable: boolean | null;
};

export type LatencyView = {
  /** The epochs that are compared: from the first one's start to the last one's end. */
  from_ms: number;
  to_ms: number;
  epochs: number;
  nodes: readonly ComparedNodeView[];
  pairs: readonly ComparedPairView[];
  /** The topic whose first events gave the biases; null without biases. */
  bias_topic: ComparedTopic | null;
  spread: { median_ms: number; p90_ms: number; slots: number } | null;
  curves: { from_slot_start: readonly CurvePointView[]; from_first_seen: readonly CurvePointView[] };
  orphans: { attestation_due_ms: number; bins: readonly OrphanShareView[] };
  stamps: StampsView;
};
