import { z } from "zod";
import { committeeSlotDataset, slotVotesDataset } from "../../events/vote-records.ts";
import { count, identifier, recordSchema, root, unixMs } from "./record-fields.ts";

const share = z.number().min(0).max(1).nullable();
const weightedBy = z.enum(["balance", "count"]);
const delay = z.number().nullable();

/** What votes add to an epoch; null where its committees are not known. */
export const epochVotesShape = {
  active_validators: count.nullable(),
  weighted_by: weightedBy.nullable(),
  live_expected: share,
  blocks_expected: share,
  live_source: share,
  live_target: share,
  live_head: share,
  blocks_source: share,
  blocks_target: share,
  blocks_head: share,
  votes_seen: count.nullable(),
  votes_late: count.nullable(),
  votes_missing: count.nullable(),
  inclusion_delay: delay,
  inclusion_delay_blocks: delay,
  double_votes: count.nullable(),
};

const parts = z.record(
  z.string(),
  z.strictObject({ expected: count, seen: count, late: count, head: count, included: count }),
);

export const slotVotesSchema = recordSchema(slotVotesDataset, {
  slot: identifier,
  epoch: identifier,
  slot_index: identifier,
  start_ms: unixMs,
  expected: count,
  seen: count.nullable(),
  on_time: count.nullable(),
  late: count.nullable(),
  untimed: count.nullable(),
  missing: count.nullable(),
  due: z.boolean(),
  weighted_by: weightedBy,
  live_source: share,
  live_target: share,
  live_head: share,
  included: count,
  blocks_source: share,
  blocks_target: share,
  blocks_head: share,
  inclusion_delay: delay,
  inclusion_delay_blocks: delay,
  heads: z.array(z.strictObject({ root, votes: count, share: z.number() })),
  seen_by: z.record(z.string(), count),
  double_votes: count,
  sync_bits: count.nullable(),
  sync_size: count.nullable(),
  sync_contributed: count.nullable(),
  groups: parts,
  clients: parts,
});

export const committeeSlotSchema = recordSchema(committeeSlotDataset, {
  slot: identifier,
  index: identifier,
  validators: count,
  on_time: count,
  late: count,
  untimed: count,
  missed: count,
  wrong_head: count,
  wrong_target: count,
  included: count,
});
