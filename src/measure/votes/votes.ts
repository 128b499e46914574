import type { Chain } from "../../chain/chain.ts";
import type { Committees } from "../../chain/committees.ts";
import type { ValidatorSet } from "../../chain/validator-set.ts";
import { byteLength, countBits } from "../../events/hex.ts";
import type { CommitteeSlotRecord, EpochVotes, SlotVotesRecord } from "../../events/vote-records.ts";
import type { BlockTree } from "../block-tree.ts";
import type { CanonicalChain } from "../canonical.ts";
import { createCanonicalRoots } from "../canonical-roots.ts";
import { createBlockVotes, type VotesBody } from "./block-votes.ts";
import { type Contribution, createContributions, type SyncMember } from "./contributions.ts";
import { epochVotes, NO_VOTES } from "./epoch-votes.ts";
import { createInclusion } from "./inclusion.ts";
import { createJudgement } from "./judgement.ts";
import { committeeRecords, type EpochBook, slotVotesRecord } from "./slot-votes.ts";
import { createToldParts, type ToldParts } from "./told-parts.ts";
import { createVoteBook, type ToldVote, type VoteCounts } from "./vote-book.ts";
import { createVoteParts } from "./vote-parts.ts";
import { createVoteShares, type VoteShares } from "./vote-shares.ts";
import type { VoteTable } from "./vote-table.ts";

export type Votes = VoteShares & {
  note(told: ToldVote): void;
  noteCommittees(input: { committees: Committees; dependentRoot: string | null }): void;
  noteBody(body: VotesBody): void;
  noteContribution(contribution: Contribution): void;
  /** The canonical block of these slots changed. */
  noteCanonical(slots: readonly number[]): void;
  /**
   * A slot began: what is two slots back is told by committee, and an epoch that can change no more is closed. By a clock
   * that is ahead, `reachedSlot` is the slot that the nodes live in.
   */
  noteSlot(begun: { slot: number; reachedSlot: number }): void;
  /** The clock was set back to this slot. */
  setBack(slot: number): void;
  /** The aggregates of a slot are due: what was not told of its votes by now is missing. */
  noteDue(slot: number): void;
  /** Slots below it were not watched from their beginning: nothing is told of them. */
  watchFrom(slot: number): void;
  /** The program was started again: the slots that have begun were not watched from their beginning. */
  restart(): void;
  /** Weighs validators by their effective balance from now on. */
  weigh(validators: ValidatorSet): void;
  slotsChanged(): SlotVotesRecord[];
  /** Clients and groups of these slots whose votes are not what was told of them. */
  partsChanged: ToldParts["changed"];
  committeesChanged(): CommitteeSlotRecord[];
  epoch(epoch: number): EpochVotes;
  /** Epochs whose votes changed since the last call. */
  epochsChanged(): readonly number[];
  book(epoch: number): EpochBook | undefined;
  /** Votes of slots from `fromSlot` on, as far as canonical blocks up to `throughSlot` carry them, are all known. */
  covered(): { fromSlot: number; throughSlot: number };
  /** The bits of the sync aggregate in the canonical block of a slot, where it is known. */
  syncBits(slot: number): string | null;
  counts(): VoteCounts;
  /** A node's stream told of a contribution with this member's signature. */
  contributed(member: SyncMember): boolean;
  finish(): void;
};

/** Committees are told first when their slot lies so many slots back: blocks carry most of its votes then. */
const TELL_COMMITTEES_AFTER = 2;
/** Blocks carry votes until the end of the next epoch; after that an epoch changes only by a reorg. */
const CLOSED_AFTER_EPOCHS = 2;
/** Counts by node are kept this long after their votes: the figures of an epoch are told again when its blocks change. */
const KEPT_SHARES_SLOTS = 512;
/** After a silence the committees of this many slots are told at most. */
const MAX_SLOTS_AT_ONCE = 256;

/**
 * The votes of the last epochs: each validator's once, as the streams told it and as canonical blocks carry it.
 * Pure; what it is not told it does not know.
 */
export function createVotes(input: {
  chain: Chain;
  tree: BlockTree;
  canonical: CanonicalChain;
  /** A stream was up while the votes of a slot were due. */
  wasWatched(slot: number): boolean;
  groupOf?: (validator: number) => string | undefined;
  clientOf?: (validator: number) => string | undefined;
}): Votes {
  const { chain, tree, canonical, wasWatched } = input;
  const roots = createCanonicalRoots({ tree, canonical });
  const book = createVoteBook({ chain, tree, roots });
  const contributions = createContributions();
  const groups = createVoteParts(input.groupOf ?? (() => undefined));
  const clients = createVoteParts(input.clientOf ?? (() => undefined));
  const parts = createToldParts();
  const books = new Map<VoteTable, EpochBook>();
  const dirtySlots = new Set<number>();
  const dirtyEpochs = new Set<number>();
  const toldCommittees = new Map<number, string[]>();
  const dueCommittees = new Set<number>();
  const shares = createVoteShares((slot) => book.tableOf(chain.epochOf(slot)));
  let closedEpoch = Number.NEGATIVE_INFINITY;
  let firstSlot = Number.POSITIVE_INFINITY;
  let currentSlot = Number.NEGATIVE_INFINITY;
  let dueSlot = Number.NEGATIVE_INFINITY;
  let isOver = false;
  let lastThrough = 0;
  let weight: ((validator: number) => number) | undefined;

  const bookOf = (table: VoteTable): EpochBook => {
    let known = books.get(table);
    if (known === undefined) {
      const judge = createJudgement({ chain, roots, table, inclusion: () => inclusion });
      const inclusion = createInclusion({ chain, table, rightness: judge, blocksBetween: roots.countBetween });
      if (weight !== undefined) table.weigh(weight);
      known = { table, inclusion, judge };
      books.set(table, known);
    }
    return known;
  };
  const bookAt = (epoch: number): EpochBook | undefined => {
    const table = book.tableOf(epoch);
    return table && bookOf(table);
  };

  const touch = (slot: number) => {
    dirtySlots.add(slot);
    dirtyEpochs.add(chain.epochOf(slot));
  };

  const blockVotes = createBlockVotes({
    chain,
    canonical,
    reset: (epoch) => bookAt(epoch)?.inclusion.reset(),
    apply(body) {
      const epoch = chain.epochOf(body.slot);
      for (const votedIn of [epoch - 1, epoch]) bookAt(votedIn)?.inclusion.apply(body);
      touch(body.slot);
      for (const { data } of body.votes) touch(data.slot);
    },
  });

  /** The head up to which every canonical block's body is known: votes that lie below it can be carried. */
  const coveredThrough = (): number => {
    const headSlot = canonical.head?.slot ?? 0;
    for (let slot = Math.max(blockVotes.lowestSlot, headSlot - 4 * chain.slotsPerEpoch); slot <= headSlot; slot += 1) {
      if (canonical.rootAt(slot) !== undefined && blockVotes.bodyAt(slot) === undefined) return slot - 1;
    }
    return headSlot;
  };
  const isCovered = (slot: number, through: number) => slot >= blockVotes.lowestSlot - 1 && slot < through;
  const isLive = (slot: number) => slot >= firstSlot && slot <= currentSlot && wasWatched(slot);

  const syncOf = (slot: number) => {
    const bits = blockVotes.bodyAt(slot)?.syncBits;
    const known = bits === undefined || bits === null ? undefined : bits;
    return {
      sync_bits: known === undefined ? null : countBits(known),
      sync_size: known === undefined ? null : byteLength(known) * 8,
      sync_contributed: contributions.ofSlot(slot),
    };
  };

  const closeThrough = (epoch: number) => {
    if (epoch <= closedEpoch) return;
    for (const open of book.epochs()) {
      const table = open > closedEpoch && open <= epoch ? book.tableOf(open) : undefined;
      if (table === undefined) continue;
      const first = open * chain.slotsPerEpoch;
      for (let slot = first; slot < first + chain.slotsPerEpoch; slot += 1) dueCommittees.add(slot);
      shares.keep(table);
      table.forgetNodes();
    }
    closedEpoch = epoch;
    prune(epoch - 1);
  };

  const prune = (floorEpoch: number) => {
    const floorSlot = floorEpoch * chain.slotsPerEpoch;
    book.prune(floorEpoch);
    for (const table of books.keys()) if (table.committees.epoch < floorEpoch) books.delete(table);
    blockVotes.prune(floorSlot - chain.slotsPerEpoch);
    contributions.prune(floorSlot);
    shares.prune(floorSlot - KEPT_SHARES_SLOTS);
    for (const slot of toldCommittees.keys()) if (slot < floorSlot) toldCommittees.delete(slot);
  };

  return {
    note(told) {
      book.note(told);
      touch(told.vote.data.slot);
    },
    noteCommittees({ committees, dependentRoot }) {
      if (!book.noteCommittees({ committees, dependentRoot })) return;
      blockVotes.noteVoid(committees.epoch);
      const first = committees.epoch * chain.slotsPerEpoch;
      for (let slot = first; slot < first + chain.slotsPerEpoch; slot += 1) if (slot <= currentSlot) touch(slot);
    },
    noteBody: blockVotes.noteBody,
    noteContribution(contribution) {
      contributions.note(contribution);
      touch(contribution.slot);
    },
    noteCanonical(slots) {
      blockVotes.noteCanonical(slots);
      // What a vote should say changes with the block of its slot, with the one before it, and with its epoch's first.
      for (const slot of slots) {
        const last = Math.min(currentSlot, slot + chain.slotsPerEpoch);
        for (let above = slot; above <= last; above += 1) touch(above);
      }
    },
    noteSlot({ slot, reachedSlot }) {
      const from = Math.max(currentSlot + 1, slot - MAX_SLOTS_AT_ONCE);
      for (let begun = from; begun <= slot; begun += 1) {
        touch(begun);
        dueCommittees.add(begun - TELL_COMMITTEES_AFTER);
      }
      currentSlot = Math.max(currentSlot, slot);
      closeThrough(chain.epochOf(reachedSlot) - CLOSED_AFTER_EPOCHS);
    },
    setBack(slot) {
      currentSlot = Math.min(currentSlot, slot);
      dueSlot = Math.min(dueSlot, slot);
    },
    noteDue(slot) {
      dueSlot = Math.max(dueSlot, slot);
      dirtyEpochs.add(chain.epochOf(slot));
      touch(slot - 1);
    },
    watchFrom(slot) {
      firstSlot = Math.min(firstSlot, slot);
    },
    restart() {
      firstSlot = Math.max(currentSlot + 1, firstSlot);
    },
    weigh({ effectiveBalances }) {
      weight = (validator) => effectiveBalances[validator] ?? 0;
      for (const { table } of books.values()) table.weigh(weight);
      for (const epoch of book.epochs()) blockVotes.noteVoid(epoch);
    },
    slotsChanged() {
      blockVotes.settle();
      const through = coveredThrough();
      // Slots that blocks can carry the votes of now, or no more, although none does.
      const highest = Math.max(through, lastThrough);
      for (
        let slot = Math.max(Math.min(through, lastThrough), highest - MAX_SLOTS_AT_ONCE);
        slot < highest;
        slot += 1
      ) {
        touch(slot);
      }
      lastThrough = through;
      const records: SlotVotesRecord[] = [];
      for (const slot of [...dirtySlots].sort((a, b) => a - b)) {
        // The votes of a slot that has not begun wait for it.
        if (slot > currentSlot) continue;
        dirtySlots.delete(slot);
        const known = slot < firstSlot ? undefined : bookAt(chain.epochOf(slot));
        if (known === undefined) continue;
        records.push(
          slotVotesRecord({
            chain,
            slot,
            book: known,
            live: isLive(slot),
            due: slot < dueSlot,
            blocks: isCovered(slot, through),
            sync: syncOf(slot),
            groups,
            clients,
          }),
        );
      }
      return records;
    },
    partsChanged: parts.changed,
    committeesChanged() {
      const records: CommitteeSlotRecord[] = [];
      for (const slot of [...dueCommittees].sort((a, b) => a - b)) {
        dueCommittees.delete(slot);
        const known = isLive(slot) ? bookAt(chain.epochOf(slot)) : undefined;
        if (known === undefined) continue;
        const told = toldCommittees.get(slot) ?? [];
        toldCommittees.set(slot, told);
        for (const record of committeeRecords(known, slot)) {
          const text = JSON.stringify(record);
          if (told[record.index] === text) continue;
          told[record.index] = text;
          records.push(record);
        }
      }
      return records;
    },
    epoch(epoch) {
      const known = bookAt(epoch);
      if (known === undefined) return NO_VOTES;
      const through = coveredThrough();
      return epochVotes({
        book: known,
        isLive: (slot) => (isOver || slot <= dueSlot) && isLive(slot),
        isCovered: (slot) => isCovered(slot, through),
      });
    },
    epochsChanged() {
      const epochs = [...dirtyEpochs].filter((epoch) => book.tableOf(epoch) !== undefined);
      dirtyEpochs.clear();
      return epochs;
    },
    seen: shares.seen,
    union: shares.union,
    book: bookAt,
    counts: book.counts,
    covered: () => ({ fromSlot: blockVotes.lowestSlot - 1, throughSlot: coveredThrough() }),
    syncBits: (slot) => blockVotes.bodyAt(slot)?.syncBits ?? null,
    contributed: contributions.carries,
    finish() {
      isOver = true;
      for (const epoch of book.epochs()) {
        const first = epoch * chain.slotsPerEpoch;
        for (let slot = first; slot < first + chain.slotsPerEpoch && slot <= currentSlot; slot += 1) {
          touch(slot);
          dueCommittees.add(slot);
        }
      }
    },
  };
}
