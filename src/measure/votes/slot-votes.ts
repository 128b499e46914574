import type { Chain } from "../../chain/chain.ts";
import { seatsOf } from "../../chain/committees.ts";
import type { CommitteeSlotRecord, SlotVotesRecord } from "../../events/vote-records.ts";
import { type Inclusion, meanDelays, type Rightness } from "./inclusion.ts";
import type { VoteParts } from "./vote-parts.ts";
import type { VoteTable } from "./vote-table.ts";
import type { Tally } from "./vote-tally.ts";

/** One epoch's votes with what judges them. */
export type EpochBook = {
  table: VoteTable;
  inclusion: Inclusion;
  judge(data: Tally["data"]): Rightness;
};

/** Heads voted for that a slot's record names; the rest are too light to matter. */
const MAX_HEADS = 8;

/** Weights of a slot's votes seen on streams, by what they get right. */
export function liveWeights(book: EpochBook, slot: number): { source: number; target: number; head: number } {
  const weights = { source: 0, target: 0, head: 0 };
  for (const { data, weight } of book.table.tallies.ofSlot(slot)) {
    const right = book.judge(data);
    if (right.source) weights.source += weight;
    if (right.source && right.target) weights.target += weight;
    if (right.source && right.target && right.head) weights.head += weight;
  }
  return weights;
}

/**
 * The record of a slot's votes. `live` and `blocks` say whether streams and blocks could tell of them, `due` whether
 * streams should have by now.
 */
export function slotVotesRecord(input: {
  chain: Chain;
  slot: number;
  book: EpochBook;
  live: boolean;
  due: boolean;
  blocks: boolean;
  sync: Pick<SlotVotesRecord, "sync_bits" | "sync_size" | "sync_contributed">;
  groups: VoteParts;
  clients: VoteParts;
}): SlotVotesRecord {
  const { chain, slot, book, live, due, blocks, sync } = input;
  const { table, inclusion } = book;
  const counts = table.countsOfSlot(slot);
  const weight = table.weightOfSlot(slot);
  const of = (part: number) => (weight === 0 ? null : part / weight);
  const seen = liveWeights(book, slot);
  const included = inclusion.ofSlot(slot);
  const delays = meanDelays(included);
  const rightnessOf = (seat: number) => {
    const tally = table.voteOf(seat);
    return tally && book.judge(tally.data);
  };
  const parts = {
    table,
    inclusion,
    slot,
    attestationDueMs: chain.deadlinesOf(slot).attestationMs,
    judge: memo(rightnessOf, (seat) => table.voteOf(seat)?.id ?? 0),
  };
  return {
    slot,
    epoch: chain.epochOf(slot),
    slot_index: chain.slotIndexOf(slot),
    start_ms: chain.slotStartUs(slot) / 1000,
    expected: counts.validators,
    seen: live ? counts.validators - counts.missing : null,
    on_time: live ? counts.onTime : null,
    late: live ? counts.late : null,
    untimed: live ? counts.untimed : null,
    missing: live ? counts.missing : null,
    due,
    weighted_by: table.weighted ? "balance" : "count",
    live_source: live ? of(seen.source) : null,
    live_target: live ? of(seen.target) : null,
    live_head: live ? of(seen.head) : null,
    included: included.votes,
    blocks_source: blocks ? of(included.source) : null,
    blocks_target: blocks ? of(included.target) : null,
    blocks_head: blocks ? of(included.head) : null,
    inclusion_delay: delays.slots,
    inclusion_delay_blocks: delays.blocks,
    heads: headsOf(table.tallies.ofSlot(slot), weight),
    seen_by: Object.fromEntries([...table.seenByNode(slot)].sort(([a], [b]) => (a < b ? -1 : 1))),
    double_votes: table.doubleVotes.filter((double) => double.slot === slot).length,
    ...sync,
    groups: input.groups.ofSlot(parts),
    clients: input.clients.ofSlot(parts),
  };
}

/** The records of a slot's committees. */
export function committeeRecords(book: EpochBook, slot: number): CommitteeSlotRecord[] {
  const { table, inclusion, judge } = book;
  const rightnessOf = memo(
    (tally: Tally) => judge(tally.data),
    (tally) => tally.id,
  );
  const records: CommitteeSlotRecord[] = [];
  for (let index = 0; index < table.committees.committeesPerSlot; index += 1) {
    const { validators, onTime, late, untimed } = table.countsOfCommittee(slot, index);
    const record = {
      slot,
      index,
      validators,
      on_time: onTime,
      late,
      untimed,
      missed: 0,
      wrong_head: 0,
      wrong_target: 0,
      included: 0,
    };
    const { from, to } = seatsOf(table.committees, { slot, index }) ?? { from: 0, to: 0 };
    for (let seat = from; seat < to; seat += 1) {
      const tally = table.voteOf(seat);
      const isIncluded = inclusion.delayOf(seat) !== undefined;
      if (isIncluded) record.included += 1;
      if (tally === undefined) record[isIncluded ? "untimed" : "missed"] += 1;
      else {
        const right = rightnessOf(tally);
        if (!right.head) record.wrong_head += 1;
        if (!right.target) record.wrong_target += 1;
      }
    }
    records.push(record);
  }
  return records;
}

function headsOf(tallies: readonly Tally[], weight: number): SlotVotesRecord["heads"] {
  const byHead = new Map<string, { votes: number; weight: number }>();
  for (const tally of tallies) {
    const sum = byHead.get(tally.data.head) ?? { votes: 0, weight: 0 };
    byHead.set(tally.data.head, { votes: sum.votes + tally.votes, weight: sum.weight + tally.weight });
  }
  return [...byHead]
    .filter(([, sum]) => sum.votes > 0)
    .sort(([a, x], [b, y]) => y.weight - x.weight || (a < b ? -1 : 1))
    .slice(0, MAX_HEADS)
    .map(([root, sum]) => ({ root, votes: sum.votes, share: weight === 0 ? 0 : sum.weight / weight }));
}

/** Judges what says the same once. */
function memo<T, R>(judge: (of: T) => R, keyOf: (of: T) => number): (of: T) => R {
  const known = new Map<number, R>();
  return (of) => {
    const key = keyOf(of);
    if (known.has(key)) return known.get(key) as R;
    const result = judge(of);
    known.set(key, result);
    return result;
  };
}
