import type { EpochVotes } from "../../events/vote-records.ts";
import { meanDelays, sumIncluded } from "./inclusion.ts";
import { type EpochBook, liveWeights } from "./slot-votes.ts";

/** What is known of an epoch whose committees are not. */
export const NO_VOTES: EpochVotes = {
  active_validators: null,
  weighted_by: null,
  live_expected: null,
  blocks_expected: null,
  live_source: null,
  live_target: null,
  live_head: null,
  blocks_source: null,
  blocks_target: null,
  blocks_head: null,
  votes_seen: null,
  votes_late: null,
  votes_missing: null,
  inclusion_delay: null,
  inclusion_delay_blocks: null,
  double_votes: null,
};

/**
 * Of two readings of one epoch, for the streams and for the blocks the one that saw more of it: a program that was
 * started again within an epoch saw a part of what the one before it did.
 */
export function fuller(a: EpochVotes, b: EpochVotes): EpochVotes {
  const live = (a.live_expected ?? 0) >= (b.live_expected ?? 0) ? a : b;
  const blocks = (a.blocks_expected ?? 0) >= (b.blocks_expected ?? 0) ? a : b;
  return {
    active_validators: a.active_validators ?? b.active_validators,
    weighted_by: a.weighted_by ?? b.weighted_by,
    live_expected: live.live_expected,
    live_source: live.live_source,
    live_target: live.live_target,
    live_head: live.live_head,
    votes_seen: live.votes_seen,
    votes_late: live.votes_late,
    votes_missing: live.votes_missing,
    double_votes: live.double_votes,
    blocks_expected: blocks.blocks_expected,
    blocks_source: blocks.blocks_source,
    blocks_target: blocks.blocks_target,
    blocks_head: blocks.blocks_head,
    inclusion_delay: blocks.inclusion_delay,
    inclusion_delay_blocks: blocks.inclusion_delay_blocks,
  };
}

/**
 * An epoch's votes: shares of what could be seen so far, so that the figures of a running epoch mean what those of a
 * whole one do. `isLive` says of a slot whether the streams could tell of its votes, `isCovered` whether blocks that
 * could carry them are there.
 */
export function epochVotes(input: {
  book: EpochBook;
  isLive(slot: number): boolean;
  isCovered(slot: number): boolean;
}): EpochVotes {
  const { book, isLive, isCovered } = input;
  const { table, inclusion } = book;
  const { epoch, slotsPerEpoch, validators } = table.committees;
  const slots = Array.from({ length: slotsPerEpoch }, (_, index) => epoch * slotsPerEpoch + index);
  const live = slots.filter(isLive);
  const covered = slots.filter(isCovered);

  const sum = (of: readonly number[], value: (slot: number) => number) =>
    of.reduce((total, slot) => total + value(slot), 0);
  const liveWeight = sum(live, table.weightOfSlot);
  const right = live.map((slot) => liveWeights(book, slot));
  const counts = live.map((slot) => table.countsOfSlot(slot));
  const total = (key: "validators" | "late" | "missing") => counts.reduce((part, slot) => part + slot[key], 0);
  // A stream that was told of no vote at all does not tell votes: that is not an empty epoch.
  const saw = total("validators") > total("missing");
  const ofLive = (key: "source" | "target" | "head") =>
    saw ? right.reduce((part, weights) => part + weights[key], 0) / liveWeight : null;

  const coveredWeight = sum(covered, table.weightOfSlot);
  const included = sumIncluded(covered.map(inclusion.ofSlot));
  const ofBlocks = (weight: number) => (coveredWeight === 0 ? null : weight / coveredWeight);
  const delays = meanDelays(included);
  const ofAll = (weight: number) => (table.totalWeight === 0 ? null : weight / table.totalWeight);
  return {
    active_validators: validators.length,
    weighted_by: table.weighted ? "balance" : "count",
    live_expected: ofAll(liveWeight),
    blocks_expected: ofAll(coveredWeight),
    live_source: ofLive("source"),
    live_target: ofLive("target"),
    live_head: ofLive("head"),
    blocks_source: ofBlocks(included.source),
    blocks_target: ofBlocks(included.target),
    blocks_head: ofBlocks(included.head),
    votes_seen: saw ? total("validators") - total("missing") : null,
    votes_late: saw ? total("late") : null,
    votes_missing: saw ? total("missing") : null,
    inclusion_delay: delays.slots,
    inclusion_delay_blocks: delays.blocks,
    double_votes: table.doubleVotes.length,
  };
}
