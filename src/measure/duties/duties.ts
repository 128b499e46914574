import type { Chain } from "../../chain/chain.ts";
import type { SlotRecord } from "../../events/derived.ts";
import type { DutyRecord, ValidatorEpochRecord } from "../../events/duty-records.ts";
import type { BlockTree } from "../block-tree.ts";
import type { CanonicalChain } from "../canonical.ts";
import { createCanonicalRoots } from "../canonical-roots.ts";
import type { Gaps } from "../gaps.ts";
import type { Votes } from "../votes/votes.ts";
import type { ValidatorGroups } from "./groups.ts";
import { createHeard } from "./heard.ts";
import { createMissedRows } from "./missed-rows.ts";
import { createProposalDuties } from "./proposal-duties.ts";
import { epochSummaries, type SlotState } from "./summary.ts";
import { createSyncDuties, type SyncDuties } from "./sync-duties.ts";
import { syncFaults } from "./sync-epoch.ts";
import { createVoteDuties } from "./vote-duties.ts";
import { lastInclusionSlot } from "./vote-outcome.ts";

export type DutyUpdate =
  | { dataset: "duty"; record: DutyRecord }
  | { dataset: "validator_epoch"; record: ValidatorEpochRecord };

export type Duties = {
  /** Something of a node arrived. */
  noteEvent(node: string, atUs: number): void;
  noteSyncCommittee: SyncDuties["noteCommittee"];
  /** Slots whose votes, or what became of them, changed. */
  noteVotes(slots: Iterable<number>): void;
  noteSlots(records: readonly SlotRecord[]): void;
  /** A slot began; `reachedSlot` is how far the chain has come at most. */
  noteSlot(begun: { slot: number; reachedSlot: number }): void;
  /** The clock was set back to this slot. */
  setBack(slot: number): void;
  /** Duties of slots below it are not told: they were not watched, or an earlier run told them. */
  watchFrom(slot: number): void;
  /** After a restart: the figures of an earlier run stand where this one judged fewer votes. */
  restore(records: readonly ValidatorEpochRecord[]): void;
  /** What is new or changed since the last call. */
  changed(): DutyUpdate[];
  /** The recording ends: every slot is judged with what is known. */
  finish(): void;
};

/** Slots by which a vote and the aggregates of the blocks after it are judged anew, whether or not anything changed. */
const JUDGED_AFTER = [0, 1, 2, 3];
/** Votes are known for so many epochs before the running one; what was told of older ones stands. */
const KEPT_EPOCHS = 3;

/**
 * The duties of labelled validators: votes, proposals, sync committee signatures. Faults are told as soon as blocks show
 * them, and again when more is known; each has its first cause by the rules of docs/duties.md. Pure.
 */
export function createDuties(input: {
  chain: Chain;
  tree: BlockTree;
  canonical: CanonicalChain;
  votes: Pick<Votes, "book" | "covered" | "syncBits" | "contributed">;
  groups: ValidatorGroups;
  wasWatched(slot: number): boolean;
  gaps: Pick<Gaps, "wasUpThroughout">;
}): Duties {
  const { chain, tree, canonical, votes, groups, gaps, wasWatched } = input;
  const roots = createCanonicalRoots({ tree, canonical });
  const heard = createHeard({ chain, gaps });
  const shared = { chain, tree, roots, groups, heard, wasWatched };
  const voteDuties = createVoteDuties({ ...shared, votes });
  const { seenOf } = voteDuties;
  const proposals = createProposalDuties({ ...shared, seenOf });
  const sync = createSyncDuties({ ...shared, votes, seenOf });
  const missed = createMissedRows();
  const slots = new Map<number, SlotState>();
  const dirty = new Set<number>();
  const told = new Map<string, { record: DutyRecord; text: string }>();
  const toldEpochs = new Map<string, string>();
  const earlier = new Map<string, ValidatorEpochRecord>();
  let currentSlot = Number.NEGATIVE_INFINITY;
  let floorSlot = Number.POSITIVE_INFINITY;

  const firstSlotOf = (epoch: number) => epoch * chain.slotsPerEpoch;

  const judge = (slot: number) => {
    const before = slots.get(slot)?.votes;
    slots.set(slot, {
      votes: voteDuties.judge(slot, currentSlot, before) ?? before,
      proposal: proposals.judge(slot),
      sync: sync.judge(slot),
    });
  };

  const slotsOf = (epoch: number): SlotState[] =>
    Array.from({ length: chain.slotsPerEpoch }, (_, index) => slots.get(firstSlotOf(epoch) + index)).filter(
      (state) => state !== undefined,
    );

  const faultsOf = (epoch: number, states: readonly SlotState[]): DutyRecord[] => [
    ...states.flatMap(({ votes: judged }) => [...(judged?.faults.values() ?? [])]),
    ...states.flatMap(({ proposal }) => proposal?.fault ?? []),
    ...syncFaults({ chain, epoch, slots: states.map((state) => state.sync) }),
  ];

  /** Faults of an epoch that are new, changed or gone. */
  const tell = (epoch: number, faults: readonly DutyRecord[]): DutyUpdate[] => {
    const updates: DutyUpdate[] = [];
    const now = new Set(faults.map(({ id }) => id));
    const take = (record: DutyRecord) => {
      const text = JSON.stringify(record);
      if (told.get(record.id)?.text === text) return;
      told.set(record.id, { record, text });
      updates.push({ dataset: "duty", record });
    };
    for (const fault of faults) take(fault);
    for (const { record } of [...told.values()]) {
      if (record.epoch === epoch && !now.has(record.id)) take({ ...record, withdrawn: true });
    }
    return updates;
  };

  const prune = (epoch: number) => {
    const belowEpoch = epoch - KEPT_EPOCHS;
    const belowSlot = firstSlotOf(belowEpoch);
    for (const slot of slots.keys()) if (slot < belowSlot) slots.delete(slot);
    for (const [id, { record }] of told) if (record.epoch < belowEpoch) told.delete(id);
    for (const byKey of [toldEpochs, earlier]) {
      for (const key of byKey.keys()) if (Number(key.split("/")[0]) < belowEpoch) byKey.delete(key);
    }
    missed.prune(belowEpoch);
    proposals.prune(belowSlot - chain.slotsPerEpoch);
    heard.prune(belowSlot);
  };

  /** A vote that is missing, or not judged, may change with time alone. */
  const isOpen = (slot: number, { votes: judged }: SlotState): boolean =>
    [...(judged?.byGroup.values() ?? [])].some(({ pending }) => pending > 0) ||
    (currentSlot > lastInclusionSlot(chain, slot) && [...(judged?.faults.values() ?? [])].some(({ final }) => !final));

  return {
    noteEvent(node, atUs) {
      if (!groups.isEmpty) heard.note(node, atUs);
    },
    noteSyncCommittee: sync.noteCommittee,
    noteVotes(changed) {
      // The votes of the running slot come by the thousand, and are judged by the blocks after it.
      for (const slot of changed) if (slot < currentSlot) dirty.add(slot);
    },
    noteSlots(records) {
      if (groups.isEmpty) return;
      for (const record of records) {
        proposals.noteSlot(record);
        dirty.add(record.slot);
      }
    },
    noteSlot({ slot, reachedSlot }) {
      if (groups.isEmpty) return;
      currentSlot = Math.max(currentSlot, slot);
      for (const after of JUDGED_AFTER) dirty.add(slot - after);
      for (const [known, state] of slots) if (isOpen(known, state)) dirty.add(known);
      // By a clock that is ahead, epochs that are to come would be forgotten.
      if (chain.slotIndexOf(slot) === 0) prune(chain.epochOf(reachedSlot));
    },
    setBack(slot) {
      currentSlot = Math.min(currentSlot, slot);
    },
    watchFrom(slot) {
      floorSlot = slot;
      for (const known of slots.keys()) if (known < slot) slots.delete(known);
      told.clear();
    },
    restore(records) {
      for (const record of records) earlier.set(`${record.epoch}/${record.group}`, record);
    },
    changed() {
      const epochs = new Set<number>();
      const keptFrom = firstSlotOf(chain.epochOf(currentSlot) - KEPT_EPOCHS);
      for (const slot of dirty) {
        if (slot > currentSlot) continue;
        dirty.delete(slot);
        if (slot < floorSlot || slot < keptFrom) continue;
        judge(slot);
        epochs.add(chain.epochOf(slot));
      }
      const updates: DutyUpdate[] = [];
      for (const epoch of [...epochs].sort((a, b) => a - b)) {
        const states = slotsOf(epoch);
        const faults = faultsOf(epoch, states);
        updates.push(...tell(epoch, faults));
        const sizes = voteDuties.sizes(epoch);
        const missedRows = missed.note(epoch, faults);
        for (const record of epochSummaries({ chain, epoch, slots: states, sizes, faults, missedRows })) {
          const text = JSON.stringify(record);
          const key = `${epoch}/${record.group}`;
          if (toldEpochs.get(key) === text || judgedVotes(record) < judgedVotes(earlier.get(key))) continue;
          toldEpochs.set(key, text);
          updates.push({ dataset: "validator_epoch", record });
        }
      }
      return updates;
    },
    finish() {
      for (const slot of slots.keys()) dirty.add(slot);
    },
  };
}

function judgedVotes(record: ValidatorEpochRecord | undefined): number {
  if (record === undefined) return 0;
  return record.attestations - record.attestations_pending - record.attestations_unknown;
}
