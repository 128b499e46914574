import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";

/** A slot of eight validators whose votes all came in time, changed as a test needs it. */
export function voteRecord(change: Partial<SlotVotesRecord> & { slot: number }): SlotVotesRecord {
  return {
    epoch: Math.floor(change.slot / 8),
    slot_index: change.slot % 8,
    start_ms: change.slot * 3000,
    expected: 8,
    seen: 8,
    on_time: 8,
    late: 0,
    untimed: 0,
    missing: 0,
    due: true,
    weighted_by: "balance",
    live_source: 1,
    live_target: 1,
    live_head: 1,
    included: 8,
    blocks_source: 1,
    blocks_target: 1,
    blocks_head: 1,
    inclusion_delay: 1,
    inclusion_delay_blocks: 1,
    heads: [{ root: "0xaa", votes: 8, share: 1 }],
    seen_by: { n1: 8 },
    double_votes: 0,
    sync_bits: 32,
    sync_size: 32,
    sync_contributed: null,
    groups: {},
    clients: {},
    ...change,
  };
}

/** A slot that no stream was up for: blocks alone tell of its votes. */
export function unheardRecord(change: Partial<SlotVotesRecord> & { slot: number }): SlotVotesRecord {
  const unknown = { seen: null, on_time: null, late: null, untimed: null, missing: null };
  return voteRecord({ ...unknown, live_source: null, live_target: null, live_head: null, seen_by: {}, ...change });
}
