import type { Chain } from "../../chain/chain.ts";
import { seatsOfSlot } from "../../chain/committees.ts";
import type { DutyRecord } from "../../events/duty-records.ts";
import type { BlockTree } from "../block-tree.ts";
import type { CanonicalRoots } from "../canonical-roots.ts";
import type { EpochBook } from "../votes/slot-votes.ts";
import type { Votes } from "../votes/votes.ts";
import { faultRecord } from "./fault.ts";
import type { ValidatorGroups } from "./groups.ts";
import type { Heard } from "./heard.ts";
import { createLabelledSeats, type LabelledSeat } from "./labelled-seats.ts";
import { sightingOf } from "./sightings.ts";
import { type Covered, lastInclusionSlot, type VoteOutcome, voteOutcome } from "./vote-outcome.ts";
import { type VoteFacts, voteRules } from "./vote-rules.ts";

/** What the votes of a group's validators of one slot came to. */
export type VoteCounts = Record<VoteOutcome, number> & { included: number; delaySlots: number };

/** The labelled validators of one slot: what their votes came to by group, and the faults by validator. */
export type SlotDuties = { byGroup: ReadonlyMap<string, VoteCounts>; faults: ReadonlyMap<number, DutyRecord> };

export type VoteDuties = {
  /** Judges a slot as of now; undefined where its committees are not known. `before` is what it was judged to be. */
  judge(slot: number, currentSlot: number, before: SlotDuties | undefined): SlotDuties | undefined;
  /** Validators of a group with a vote in a slot, and those whose vote a stream told of. */
  seenOf(group: string, slot: number): { seen: number; of: number };
  /** Validators of each group that have to vote in an epoch. */
  sizes(epoch: number): ReadonlyMap<string, number>;
};

/** After so many epochs it is forgotten by which node votes were told, and an explanation stands as it is. */
const EXPLAINED_EPOCHS = 2;

const noCounts = (): VoteCounts => ({
  ok: 0,
  late: 0,
  wrong_head: 0,
  wrong_target: 0,
  missed: 0,
  unknown: 0,
  pending: 0,
  included: 0,
  delaySlots: 0,
});

/** Judges the votes of labelled validators, and finds the first cause of each that is not as it should be. */
export function createVoteDuties(input: {
  chain: Chain;
  tree: BlockTree;
  roots: CanonicalRoots;
  votes: Pick<Votes, "book" | "covered">;
  groups: ValidatorGroups;
  heard: Heard;
  wasWatched(slot: number): boolean;
}): VoteDuties {
  const { chain, tree, roots, votes, groups, heard, wasWatched } = input;
  const labelled = createLabelledSeats(groups);

  const seatsAt = (slot: number): { book: EpochBook; seats: readonly LabelledSeat[] } | undefined => {
    const book = votes.book(chain.epochOf(slot));
    return book && { book, seats: labelled.ofSlot(book.table, slot) };
  };

  const seenOf = (group: string, slot: number) => {
    const { book, seats = [] } = seatsAt(slot) ?? {};
    const own = seats.filter(({ label }) => label.group === group);
    return { seen: own.filter(({ seat }) => book?.table.voteOf(seat) !== undefined).length, of: own.length };
  };

  /** Outcomes over all validators of the slot; counted only where there is a fault to compare with. */
  const allOutcomes = (of: { book: EpochBook; slot: number; covered: Covered; currentSlot: number }) => {
    const counts = noCounts();
    const { from, to } = seatsOfSlot(of.book.table.committees, of.slot);
    for (let seat = from; seat < to; seat += 1) counts[voteOutcome({ chain, seat, ...of })] += 1;
    return { counts, of: to - from };
  };

  const factsOf = (input: {
    book: EpochBook;
    slot: number;
    labelledSeat: LabelledSeat;
    outcome: Exclude<VoteFacts["outcome"], "unsigned">;
    others: VoteFacts["others"];
  }): VoteFacts => {
    const { book, slot, outcome, others } = input;
    const { seat, label } = input.labelledSeat;
    const { attestationMs, aggregateMs } = chain.deadlinesOf(slot);
    const vote = book.table.voteOf(seat)?.data;
    const isTarget = outcome === "wrong_target";
    const rightRoot = roots.rootAtOrBelow(isTarget ? chain.epochOf(slot) * chain.slotsPerEpoch : slot);
    const namedRoot = isTarget ? vote?.targetRoot : vote?.head;
    const sighting = (root: string | undefined) => {
      const block = root === undefined ? undefined : tree.get(root);
      return block === undefined ? null : sightingOf({ chain, block, slot, ownNodes: label.nodes });
    };
    const named = sighting(namedRoot);
    const isCanonical = named !== null && roots.rootAtOrBelow(named.slot) === namedRoot;
    const nodes = book.table.nodes().filter((node) => book.table.seenBy(node, seat) !== undefined);
    const delay = book.inclusion.delayOf(seat);
    return {
      outcome,
      slot,
      slotMs: chain.slotDurationMs,
      attestationDueMs: attestationMs,
      aggregateDueMs: aggregateMs,
      watched: wasWatched(slot),
      right: sighting(rightRoot),
      named:
        namedRoot === undefined
          ? null
          : {
              ...(named ?? { slot: null, firstMs: null, ownMs: null, otherMs: null }),
              root: namedRoot,
              canonical: isCanonical,
            },
      seen: vote === undefined ? null : { firstMs: book.table.delayMsOf(seat) ?? null, nodes },
      inclusion: delay ?? null,
      others,
      group: seenOf(label.group, slot),
      ownNodes: label.nodes,
      silentNodes: heard.silent(label.nodes, slot),
    };
  };

  return {
    judge(slot, currentSlot, before) {
      const at = seatsAt(slot);
      if (at === undefined) return undefined;
      const { book, seats } = at;
      const covered = votes.covered();
      const byGroup = new Map<string, VoteCounts>();
      const faulty: { labelledSeat: LabelledSeat; outcome: Exclude<VoteFacts["outcome"], "unsigned"> }[] = [];
      for (const labelledSeat of seats) {
        const { seat, label } = labelledSeat;
        const counts = byGroup.get(label.group) ?? noCounts();
        byGroup.set(label.group, counts);
        const outcome = voteOutcome({ chain, book, seat, slot, covered, currentSlot });
        counts[outcome] += 1;
        const delay = book.inclusion.delayOf(seat);
        if (delay !== undefined) {
          counts.included += 1;
          counts.delaySlots += delay.slots;
        }
        if (outcome !== "ok" && outcome !== "unknown" && outcome !== "pending") faulty.push({ labelledSeat, outcome });
      }
      if (faulty.length === 0) return { byGroup, faults: new Map() };

      const all = allOutcomes({ book, slot, covered, currentSlot });
      const isOver = covered.throughSlot >= lastInclusionSlot(chain, slot);
      const stands = chain.epochOf(currentSlot) >= chain.epochOf(slot) + EXPLAINED_EPOCHS;
      const faults = new Map<number, DutyRecord>();
      for (const { labelledSeat, outcome } of faulty) {
        const { validator, label } = labelledSeat;
        const final = outcome !== "missed" || isOver;
        const known = before?.faults.get(validator);
        if (stands && known?.outcome === outcome) {
          faults.set(validator, { ...known, final });
          continue;
        }
        const own = byGroup.get(label.group) ?? noCounts();
        const ownAll = seats.filter((other) => other.label.group === label.group).length;
        const facts = factsOf({
          book,
          slot,
          labelledSeat,
          outcome,
          others:
            all.of === ownAll
              ? { same: all.counts[outcome], of: all.of }
              : { same: all.counts[outcome] - own[outcome], of: all.of - ownAll },
        });
        faults.set(
          validator,
          faultRecord({
            chain,
            kind: "attestation",
            slot,
            validator,
            label,
            outcome,
            facts,
            rules: voteRules,
            final,
            ...(facts.inclusion === null ? {} : { inclusionDelay: facts.inclusion.slots }),
          }),
        );
      }
      return { byGroup, faults };
    },
    seenOf,
    sizes(epoch) {
      const book = votes.book(epoch);
      const sizes = new Map<string, number>();
      if (book === undefined) return sizes;
      for (let slot = epoch * chain.slotsPerEpoch; slot < (epoch + 1) * chain.slotsPerEpoch; slot += 1) {
        for (const { label } of labelled.ofSlot(book.table, slot)) {
          sizes.set(label.group, (sizes.get(label.group) ?? 0) + 1);
        }
      }
      return sizes;
    },
  };
}
