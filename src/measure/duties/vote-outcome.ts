import type { Chain } from "../../chain/chain.ts";
import { isForkAtLeast } from "../../chain/forks.ts";
import type { EpochBook } from "../votes/slot-votes.ts";

/** What a vote came to. A vote that is wrong and late is wrong. */
export type VoteOutcome = "ok" | "late" | "wrong_head" | "wrong_target" | "missed" | "unknown" | "pending";

/** Which votes blocks can tell of: those from a slot on, in blocks up to another. */
export type Covered = { fromSlot: number; throughSlot: number };

/** A vote that is not in the blocks of so many slots after its own is told as missed, although it may still come. */
const TELL_MISSED_AFTER = 2;

/**
 * The last slot whose block may carry a vote of this slot: the end of the next epoch from Deneb on (EIP-7045), an
 * epoch's length later before it (consensus-specs, `process_attestation`).
 */
export function lastInclusionSlot(chain: Chain, slot: number): number {
  if (!isForkAtLeast(chain.forkOf(slot), "deneb")) return slot + chain.slotsPerEpoch;
  return (chain.epochOf(slot) + 2) * chain.slotsPerEpoch - 1;
}

/** Judges the vote of a seat by the canonical blocks; what it said is taken from the streams where they told of it. */
export function voteOutcome(input: {
  chain: Chain;
  book: EpochBook;
  seat: number;
  slot: number;
  covered: Covered;
  currentSlot: number;
}): VoteOutcome {
  const { chain, book, seat, slot, covered, currentSlot } = input;
  const delay = book.inclusion.delayOf(seat);
  if (delay === undefined) {
    if (slot < covered.fromSlot) return "unknown";
    if (covered.throughSlot >= slot + TELL_MISSED_AFTER) return "missed";
    return currentSlot > lastInclusionSlot(chain, slot) + TELL_MISSED_AFTER ? "unknown" : "pending";
  }
  const flags = book.inclusion.flagsOf(seat);
  if (!flags.target && delay.slots <= chain.slotsPerEpoch) return "wrong_target";
  // Only a vote in the very next block gets the flag of its head; of later ones the streams say what they named.
  const named = book.table.voteOf(seat)?.data;
  const isWrongHead =
    delay.slots === 1 ? !flags.head : named !== undefined && named.slot === slot && !book.judge(named).head;
  if (isWrongHead) return "wrong_head";
  return delay.slots > 1 ? "late" : "ok";
}
