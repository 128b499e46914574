import { z } from "zod";
import { clockDataset } from "../../events/clock.ts";
import { epochDataset, gapDataset, nodeSlotDataset, slotDataset } from "../../events/derived.ts";
import { reorgDataset } from "../../events/reorg.ts";
import { count, identifier, recordSchema, root, signedMs, unixMs } from "./record-fields.ts";
import { epochVotesShape } from "./vote-schemas.ts";

const bins = z.array(z.tuple([z.number(), z.number()]));

const slotBlock = z.strictObject({
  root,
  parent_root: root.nullable(),
  parent_inferred: z.boolean(),
  backfilled: z.boolean(),
  proposer_index: identifier.nullable(),
  canonical: z.boolean(),
  seen_ms: z.record(z.string(), signedMs),
});

export const slotSchema = recordSchema(slotDataset, {
  slot: identifier,
  epoch: identifier,
  slot_index: identifier,
  fork: z.string(),
  start_ms: unixMs,
  status: z.enum(["pending", "proposed", "missed", "orphaned", "unknown"]),
  proposer_index: identifier.nullable(),
  block_root: root.nullable(),
  parent_root: root.nullable(),
  parent_inferred: z.boolean(),
  backfilled: z.boolean(),
  seen_ms: z.record(z.string(), signedMs),
  delay_ms: signedMs.nullable(),
  spread_ms: z.number().nullable(),
  late: z.boolean(),
  attestation_due_ms: z.number(),
  blocks: z.array(slotBlock),
  without_block: z.boolean(),
  equivocating: z.array(identifier).nullable(),
  heads: count.nullable(),
  heads_held: z.array(z.strictObject({ root, slot: identifier, nodes: z.array(z.string()) })).nullable(),
});

export const nodeSlotSchema = recordSchema(nodeSlotDataset, {
  slot: identifier,
  node: z.string(),
  client: z.string().nullable(),
  block_root: root.nullable(),
  gossip_ms: signedMs.nullable(),
  import_ms: signedMs.nullable(),
  head_ms: signedMs.nullable(),
  head_at_attestation_due: root.nullable(),
  head_at_aggregate_due: root.nullable(),
  head_at_slot_end: root.nullable(),
  head_differs: z.boolean().nullable(),
  head_relation: z.enum(["same", "ahead", "behind", "fork"]).nullable(),
  head_behind_slots: count.nullable(),
  single_attestations: bins,
  aggregates: bins,
  contributions: bins,
  columns: bins,
  payload_attestations: bins,
  votes_on_time: count.nullable(),
  votes_late: count.nullable(),
  columns_seen: count,
  columns_sampled: count.nullable(),
  echoes: count,
  syncing: z.boolean(),
});

export const epochSchema = recordSchema(epochDataset, {
  epoch: identifier,
  fork: z.string(),
  start_ms: unixMs,
  slots: count,
  proposed: count,
  missed: count,
  orphaned: count,
  unknown: count,
  pending: count,
  late: count,
  passed: z.number(),
  finalized_epoch: identifier.nullable(),
  justified_epoch: identifier.nullable(),
  finality_lag: z.int().nullable(),
  finalized_by: z.record(z.string(), identifier),
  ...epochVotesShape,
});

const branchBlock = z.strictObject({ slot: identifier, root });

export const reorgSchema = recordSchema(reorgDataset, {
  id: root,
  slot: identifier,
  depth: count,
  nodes: z.array(z.string()),
  old_head: root,
  new_head: root,
  common_ancestor: root.nullable(),
  at_ms: unixMs,
  abandoned: z.array(branchBlock),
  adopted: z.array(branchBlock),
  switches: z.array(z.strictObject({ node: z.string(), at_ms: unixMs, old_head: root, new_head: root })),
  inferred: z.boolean(),
  depth_hints: z.record(z.string(), z.string()),
  crosses_justified: z.boolean().nullable(),
  withdrawn: z.boolean(),
});

export const gapSchema = recordSchema(gapDataset, {
  node: z.string(),
  from_ms: unixMs,
  to_ms: unixMs,
  cause: z.enum(["closed", "error", "silent", "restart", "overflow", "clock"]),
});

const lookMs = z.number().nullable();

export const clockLookSchema = recordSchema(clockDataset, {
  reachable: z.boolean().nullable(),
  offset_ms: lookMs,
  error_ms: lookMs,
  server: z.string().nullable(),
  round_trip_ms: lookMs,
  stratum: z.int().nullable(),
  agreeing: count.nullable(),
  reason: z.string().nullable(),
  loop_delay_p50_ms: z.number(),
  loop_delay_p99_ms: z.number(),
  loop_delay_max_ms: z.number(),
}).extend({ at_ms: unixMs.describe("When it was made.") });
