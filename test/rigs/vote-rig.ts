import { createChain } from "../../src/chain/chain.ts";
import { type CommitteeEntry, createCommittees } from "../../src/chain/committees.ts";
import type { AggregateVote, SingleVote, VoteData } from "../../src/events/vote.ts";
import { createBlockTree } from "../../src/measure/block-tree.ts";
import { createCanonicalChain } from "../../src/measure/canonical.ts";
import { createVotes } from "../../src/measure/votes/votes.ts";

/** Slots of 12 s, eight an epoch; two committees of four validators a slot, validator numbers rising with the seats. */
export const SLOTS_PER_EPOCH = 8;
export const COMMITTEE_SIZE = 4;
export const COMMITTEES_PER_SLOT = 2;
export const VALIDATORS = SLOTS_PER_EPOCH * COMMITTEES_PER_SLOT * COMMITTEE_SIZE;

export const rootOf = (name: string): string => `0x${Buffer.from(name).toString("hex").padEnd(64, "0")}`;

export function committeesOf(epoch: number, shift = 0) {
  const entries: CommitteeEntry[] = [];
  for (let slotIndex = 0; slotIndex < SLOTS_PER_EPOCH; slotIndex += 1) {
    for (let index = 0; index < COMMITTEES_PER_SLOT; index += 1) {
      const first = (slotIndex * COMMITTEES_PER_SLOT + index) * COMMITTEE_SIZE + shift;
      entries.push({
        slot: epoch * SLOTS_PER_EPOCH + slotIndex,
        index,
        validators: Array.from({ length: COMMITTEE_SIZE }, (_, place) => (first + place) % VALIDATORS),
      });
    }
  }
  const committees = createCommittees({ epoch, slotsPerEpoch: SLOTS_PER_EPOCH, entries });
  if (typeof committees === "string") throw new Error(committees);
  return committees;
}

const SOURCE = { sourceEpoch: 0, sourceRoot: rootOf("genesis") };

export function dataOf(slot: number, head: string, target: string): VoteData {
  const targetEpoch = Math.floor(slot / SLOTS_PER_EPOCH);
  return { slot, index: 0, head: rootOf(head), ...SOURCE, targetEpoch, targetRoot: rootOf(target) };
}

/** The single vote of the validator at a place of a slot's committee. */
export function singleVote(data: VoteData, index: number, place: number): SingleVote {
  const slotIndex = data.slot % SLOTS_PER_EPOCH;
  const validatorIndex = (slotIndex * COMMITTEES_PER_SLOT + index) * COMMITTEE_SIZE + place;
  return { data, committeeIndex: index, validatorIndex };
}

/** An Electra aggregate over both committees of a slot; `bits` by seat within the slot. */
export function aggregateOf(data: VoteData, bits: readonly boolean[]): AggregateVote {
  const bytes = Buffer.alloc(2);
  for (const [index, bit] of [...bits, true].entries()) {
    if (bit) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return { data, aggregationBits: `0x${bytes.toString("hex")}`, committeeBits: "0x03" };
}

/** The votes of a chain whose blocks are linked by name, `genesis` in slot 0. */
export function createVoteRig(options: { fork?: "capella" | "deneb" } = {}) {
  const { fork = "deneb" } = options;
  const forks = { CAPELLA_FORK_EPOCH: "0", ...(fork === "deneb" ? { DENEB_FORK_EPOCH: "0" } : {}) };
  const spec = { SLOT_DURATION_MS: "12000", SLOTS_PER_EPOCH: String(SLOTS_PER_EPOCH), ...forks };
  const chain = createChain({ spec, genesis: { genesis_time: 1_000_000 } });
  const tree = createBlockTree();
  const canonical = createCanonicalChain(tree);
  const votes = createVotes({ chain, tree, canonical, wasWatched: () => true });
  tree.ensure(rootOf("genesis"), 0).parentRoot = rootOf("before");
  votes.watchFrom(0);
  return {
    chain,
    votes,
    block(name: string, slot: number, parent: string, carried: readonly AggregateVote[] = []) {
      tree.ensure(rootOf(name), slot).parentRoot = rootOf(parent);
      canonical.noteLink(slot);
      votes.noteBody({ root: rootOf(name), slot, votes: carried, syncBits: null });
    },
    head(name: string) {
      const block = tree.get(rootOf(name));
      if (block !== undefined) votes.noteCanonical(canonical.follow(block));
    },
    /** Every slot up to this one has begun, and its aggregates were due. */
    passTo(slot: number) {
      for (let begun = 0; begun <= slot; begun += 1) {
        votes.noteSlot({ slot: begun, reachedSlot: begun });
        votes.noteDue(begun);
      }
    },
    records() {
      return new Map(votes.slotsChanged().map((record) => [record.slot, record]));
    },
  };
}
