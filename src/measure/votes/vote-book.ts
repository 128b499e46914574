import type { Chain } from "../../chain/chain.ts";
import { type Committees, createSeatFinder, type SeatFinder, seatsOfAggregate } from "../../chain/committees.ts";
import type { AggregateVote, SingleVote, VoteData, VoteRun } from "../../events/vote.ts";
import type { BlockTree } from "../block-tree.ts";
import type { CanonicalRoots } from "../canonical-roots.ts";
import { createVoteTable, type VoteTable } from "./vote-table.ts";

/** Votes as a node's stream told them; `delayMs` is signed, from the start of their slot. */
export type ToldVote = { node: string; delayMs: number; vote: SingleVote | AggregateVote | VoteRun };

/** Votes that no committee explains, that wait for their epoch's committees now, and that were forgotten waiting. */
export type VoteCounts = { unresolved: number; waiting: number; dropped: number };

export type VoteBook = {
  /** Committees of an epoch; without a dependent root where the answer's branch is not known. True when they are new. */
  noteCommittees(input: { committees: Committees; dependentRoot: string | null }): boolean;
  note(told: ToldVote): void;
  /** The table of the epoch's canonical shuffling. */
  tableOf(epoch: number): VoteTable | undefined;
  epochs(): readonly number[];
  counts(): VoteCounts;
  prune(belowEpoch: number): void;
};

type Known = { dependentRoot: string | null; table: VoteTable; seatOf: SeatFinder };

/** A shuffling has another only when the chain turned over an epoch's end; more are an attack on this program. */
const MAX_TABLES_PER_EPOCH = 4;
/** Votes that wait for their epoch's committees; half a mainnet slot of five nodes. */
const MAX_WAITING = 65_536;

/** Brings every vote to the table of its epoch and shuffling. */
export function createVoteBook(input: { chain: Chain; tree: BlockTree; roots: CanonicalRoots }): VoteBook {
  const { chain, tree, roots } = input;
  const byEpoch = new Map<number, Known[]>();
  const waiting = new Map<number, ToldVote[]>();
  let waitingCount = 0;
  let unresolved = 0;
  let dropped = 0;
  let floorEpoch = Number.NEGATIVE_INFINITY;

  /** The shuffling of an epoch depends on the block at the end of the epoch before the last. */
  const dependentSlot = (epoch: number) => Math.max(0, (epoch - 1) * chain.slotsPerEpoch - 1);

  const branchOf = (data: VoteData, epoch: number): string | undefined => {
    const boundary = dependentSlot(epoch);
    let block = tree.get(data.head) ?? tree.get(data.targetRoot);
    while (block !== undefined && block.slot > boundary) {
      const parent = tree.parentOf(block);
      if (parent === undefined) return block.parentRoot ?? undefined;
      block = parent;
    }
    return block?.root;
  };

  const tableFor = (known: readonly Known[], data: VoteData, epoch: number): Known | undefined => {
    if (known.length === 1) return known[0];
    const branch = branchOf(data, epoch);
    return known.find(({ dependentRoot }) => dependentRoot === branch) ?? known[0];
  };

  const wait = (told: ToldVote, epoch: number) => {
    const count = countOf(told);
    if (waitingCount + count > MAX_WAITING) {
      dropped += count;
      return;
    }
    const votes = waiting.get(epoch);
    if (votes === undefined) waiting.set(epoch, [told]);
    else votes.push(told);
    waitingCount += count;
  };

  const note = (told: ToldVote) => {
    const { vote, node, delayMs } = told;
    const { data } = vote;
    const epoch = chain.epochOf(data.slot);
    if (epoch < floorEpoch) return;
    // No node forwards a vote whose target is of another epoch than its slot (consensus-specs, p2p-interface).
    if (data.targetEpoch !== epoch) {
      unresolved += countOf(told);
      return;
    }
    const all = byEpoch.get(epoch);
    if (all === undefined) return wait(told, epoch);
    const known = tableFor(all, data, epoch);
    if (known === undefined) return;
    const { table } = known;
    if ("aggregationBits" in vote) {
      const seats = seatsOfAggregate(table.committees, vote);
      if (seats === undefined) unresolved += 1;
      // One bit alone is a vote as it was gossiped before Electra: its arrival is the vote's own.
      else table.note({ node, seats, data, delayMs, single: seats.length === 1 });
      return;
    }
    const seats = seatsOfSingles(known, vote);
    const noted = table.note({ node, seats, data, delayMs, single: true });
    unresolved += countOf(told) - (noted ? seats.length : 0);
  };

  const letGo = (epoch: number): readonly ToldVote[] => {
    const votes = waiting.get(epoch) ?? [];
    waiting.delete(epoch);
    for (const told of votes) waitingCount -= countOf(told);
    return votes;
  };

  return {
    noteCommittees({ committees, dependentRoot }) {
      const { epoch } = committees;
      if (epoch < floorEpoch) return false;
      const known = byEpoch.get(epoch) ?? [];
      const same = known.find(({ table }) => isSameShuffling(table.committees, committees));
      if (same !== undefined) {
        same.dependentRoot ??= dependentRoot;
        return false;
      }
      if (known.length >= MAX_TABLES_PER_EPOCH) return false;
      const table = createVoteTable({
        committees,
        slotDurationMs: chain.slotDurationMs,
        attestationDueMs: (slot) => chain.deadlinesOf(slot).attestationMs,
      });
      byEpoch.set(epoch, [...known, { dependentRoot, table, seatOf: createSeatFinder(committees) }]);
      for (const told of letGo(epoch)) note(told);
      return true;
    },
    note,
    tableOf(epoch) {
      const known = byEpoch.get(epoch);
      if (known === undefined || known.length === 1) return known?.[0]?.table;
      const root = roots.rootAtOrBelow(dependentSlot(epoch));
      return (known.find(({ dependentRoot }) => dependentRoot === root) ?? known[0])?.table;
    },
    epochs: () => [...byEpoch.keys()].sort((a, b) => a - b),
    counts: () => ({ unresolved, waiting: waitingCount, dropped }),
    prune(belowEpoch) {
      floorEpoch = Math.max(floorEpoch, belowEpoch);
      for (const epoch of byEpoch.keys()) if (epoch < belowEpoch) byEpoch.delete(epoch);
      for (const epoch of waiting.keys()) {
        if (epoch >= belowEpoch) continue;
        for (const told of letGo(epoch)) dropped += countOf(told);
      }
    },
  };
}

function countOf({ vote }: ToldVote): number {
  return "validatorIndices" in vote ? vote.validatorIndices.length : 1;
}

/** The seats of single votes; of those that no committee explains none. */
function seatsOfSingles({ seatOf }: Known, vote: SingleVote | VoteRun): number[] {
  const { slot } = vote.data;
  const seats: number[] = [];
  const add = (index: number, validator: number) => {
    const seat = seatOf({ slot, index, validator });
    if (seat !== undefined) seats.push(seat);
  };
  if ("validatorIndex" in vote) add(vote.committeeIndex, vote.validatorIndex);
  else for (const [i, validator] of vote.validatorIndices.entries()) add(vote.committeeIndices[i] ?? 0, validator);
  return seats;
}

function isSameShuffling(a: Committees, b: Committees): boolean {
  return (
    a.validators.length === b.validators.length &&
    a.committeesPerSlot === b.committeesPerSlot &&
    a.validators.every((validator, seat) => validator === b.validators[seat])
  );
}
