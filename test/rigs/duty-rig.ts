import { parseValidatorLabels } from "../../src/chain/validator-labels.ts";
import type { SlotRecord } from "../../src/events/derived.ts";
import type { DutyRecord, ValidatorEpochRecord } from "../../src/events/duty-records.ts";
import type { AggregateVote, VoteData } from "../../src/events/vote.ts";
import { noteSighting } from "../../src/measure/block-tree.ts";
import { createDuties } from "../../src/measure/duties/duties.ts";
import { createValidatorGroups } from "../../src/measure/duties/groups.ts";
import {
  COMMITTEE_SIZE,
  COMMITTEES_PER_SLOT,
  committeesOf,
  createVoteRig,
  rootOf,
  SLOTS_PER_EPOCH,
  singleVote,
} from "./vote-rig.ts";

export const SLOT_SEATS = COMMITTEES_PER_SLOT * COMMITTEE_SIZE;

/** When each node had a block, signed ms from the block's slot; a node that is left out never had it. */
export type Sightings = Readonly<Record<string, number>>;

/**
 * A chain whose blocks, votes and labels a test makes. Slots of 12 s, votes due at 4 s, aggregates at 8 s; validator
 * v votes in slot v / 8 of each epoch. Every slot's validators have voted unless the test says otherwise.
 */
export function createDutyRig(labels: string, options: { down?: readonly string[]; period?: number } = {}) {
  const rig = createVoteRig(options.period === undefined ? {} : { syncPeriodEpochs: options.period });
  const { chain, tree, canonical, votes } = rig;
  const groups = createValidatorGroups(parseValidatorLabels(labels, "labels"));
  const down = new Set(options.down);
  const duties = createDuties({
    chain,
    tree,
    canonical,
    votes,
    groups,
    wasWatched: () => true,
    gaps: { wasUpThroughout: (node) => !down.has(node) },
  });
  duties.watchFrom(0);
  const faults = new Map<string, DutyRecord>();
  const epochs = new Map<string, ValidatorEpochRecord>();
  const updates: (DutyRecord | ValidatorEpochRecord)[] = [];

  const atUs = (slot: number, ms: number) => chain.slotStartUs(slot) + ms * 1000;
  const flush = () => {
    duties.noteVotes(votes.slotsChanged().map(({ slot }) => slot));
    for (const update of duties.changed()) {
      updates.push(update.record);
      if (update.dataset === "duty") faults.set(update.record.id, update.record);
      else epochs.set(`${update.record.group}/${update.record.epoch}`, update.record);
    }
  };

  return {
    ...rig,
    duties,
    updates,
    committees(epoch: number) {
      votes.noteCommittees({ committees: committeesOf(epoch), dependentRoot: null });
    },
    /** A block that these nodes had, with the votes that it carries; `syncBits` of the members that signed. */
    tell(input: {
      name: string;
      slot: number;
      parent: string;
      seen?: Sightings;
      carries?: readonly AggregateVote[];
      syncBits?: string;
    }) {
      const { name, slot, parent, seen = { n1: 500, n2: 500 }, carries = [], syncBits } = input;
      rig.block(name, slot, parent, carries, syncBits);
      const block = tree.ensure(rootOf(name), slot);
      for (const [node, ms] of Object.entries(seen)) {
        noteSighting({ block, node, stage: "importUs", atUs: atUs(slot, ms) });
        duties.noteEvent(node, atUs(slot, ms));
      }
    },
    /** These validators' votes as a node told them. */
    vote(input: { data: VoteData; validators: readonly number[]; node?: string; delayMs?: number }) {
      const { data, node = "n1", delayMs = 4_000 } = input;
      for (const validator of input.validators) {
        const place = validator % SLOT_SEATS;
        const vote = singleVote(data, Math.floor(place / COMMITTEE_SIZE), place % COMMITTEE_SIZE);
        votes.note({ node, delayMs, vote });
      }
      duties.noteEvent(node, atUs(data.slot, delayMs));
    },
    /** Something of a node arrived. */
    hear(node: string, slot: number, ms: number) {
      duties.noteEvent(node, atUs(slot, ms));
    },
    /** What became of a slot. */
    slot(slot: number, record: Partial<SlotRecord>) {
      duties.noteSlots([
        {
          slot,
          status: "proposed",
          late: false,
          proposer_index: null,
          block_root: null,
          parent_root: null,
          ...record,
        } as SlotRecord,
      ]);
    },
    begin(slot: number) {
      votes.noteSlot({ slot, reachedSlot: slot });
      votes.noteDue(slot);
      duties.noteSlot({ slot, reachedSlot: slot });
      flush();
    },
    flush,
    fault: (id: string) => faults.get(id),
    faults: () => [...faults.values()].filter(({ withdrawn }) => !withdrawn),
    epoch: (group: string, epoch: number) => epochs.get(`${group}/${epoch}`),
    epochs: () => [...epochs.values()],
  };
}

export const validatorsOf = (slot: number): number[] =>
  Array.from({ length: SLOT_SEATS }, (_, place) => (slot % SLOTS_PER_EPOCH) * SLOT_SEATS + place);
