import type { Chain } from "../../chain/chain.ts";
import { type Committees, seatOf, seatsOfAggregate } from "../../chain/committees.ts";
import type { AggregateVote, SingleVote, VoteData } from "../../events/vote.ts";
import type { BlockTree } from "../block-tree.ts";
import type { CanonicalRoots } from "../canonical-roots.ts";
import { createVoteTable, type VoteTable } from "./vote-table.ts";

/** A vote as a node's stream told it; `delayMs` is signed, from the start of the vote's slot. */
export type ToldVote = { node: string; delayMs: number; vote: SingleVote | AggregateVote };

export type VoteBook = {
  /** Committees of an epoch; without a dependent root where the answer's branch is not known. True when they are new. */
  noteCommittees(input: { committees: Committees; dependentRoot: string | null }): boolean;
  note(told: ToldVote): void;
  /** The table of the epoch's canonical shuffling. */
  tableOf(epoch: number): VoteTable | undefined;
  epochs(): readonly number[];
  /** Votes that no committee explains, and those forgotten while they waited for one. */
  counts(): { unresolved: number; waiting: number; dropped: number };
  prune(belowEpoch: number): void;
};

type Known = { dependentRoot: string | null; table: VoteTable };

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

  const tableFor = (known: readonly Known[], data: VoteData, epoch: number): VoteTable | undefined => {
    if (known.length === 1) return known[0]?.table;
    const branch = branchOf(data, epoch);
    return (known.find(({ dependentRoot }) => dependentRoot === branch) ?? known[0])?.table;
  };

  const wait = (told: ToldVote, epoch: number) => {
    if (waitingCount >= MAX_WAITING) {
      dropped += 1;
      return;
    }
    const votes = waiting.get(epoch);
    if (votes === undefined) waiting.set(epoch, [told]);
    else votes.push(told);
    waitingCount += 1;
  };

  const note = (told: ToldVote) => {
    const { vote, node, delayMs } = told;
    const { data } = vote;
    const epoch = chain.epochOf(data.slot);
    if (epoch < floorEpoch) return;
    // No node forwards a vote whose target is of another epoch than its slot (consensus-specs, p2p-interface).
    if (data.targetEpoch !== epoch) {
      unresolved += 1;
      return;
    }
    const known = byEpoch.get(epoch);
    if (known === undefined) return wait(told, epoch);
    const table = tableFor(known, data, epoch);
    if (table === undefined) return;
    if ("validatorIndex" in vote) {
      const { committeeIndex: index, validatorIndex: validator } = vote;
      const seat = seatOf(table.committees, { slot: data.slot, index, validator });
      if (seat === undefined || !table.note({ node, seat, data, delayMs, single: true })) unresolved += 1;
      return;
    }
    const seats = seatsOfAggregate(table.committees, vote);
    if (seats === undefined) unresolved += 1;
    // One bit alone is a vote as it was gossiped before Electra: its arrival is the vote's own.
    const single = seats?.length === 1;
    for (const seat of seats ?? []) table.note({ node, seat, data, delayMs, single });
  };

  const letGo = (epoch: number): readonly ToldVote[] => {
    const votes = waiting.get(epoch) ?? [];
    waiting.delete(epoch);
    waitingCount -= votes.length;
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
      byEpoch.set(epoch, [...known, { dependentRoot, table }]);
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
      for (const epoch of waiting.keys()) if (epoch < belowEpoch) dropped += letGo(epoch).length;
    },
  };
}

function isSameShuffling(a: Committees, b: Committees): boolean {
  return (
    a.validators.length === b.validators.length &&
    a.committeesPerSlot === b.committeesPerSlot &&
    a.validators.every((validator, seat) => validator === b.validators[seat])
  );
}
