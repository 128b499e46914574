import type { Chain } from "../chain/chain.ts";
import type { EpochRecord, SlotRecord, SlotStatus } from "../events/derived.ts";
import type { EpochVotes } from "../events/vote-records.ts";
import type { Finality } from "./finality.ts";
import { fuller } from "./votes/epoch-votes.ts";

export type Epochs = {
  /** The epoch's votes changed. */
  noteVotes(epoch: number): void;
  noteSlot(record: SlotRecord): void;
  /** Finality moved, or the clock entered an epoch: what is told of the current epoch changes. */
  noteFinality(epoch: number): void;
  /** What an earlier run told of an epoch's votes stands where this one saw less of them. */
  restore(record: EpochRecord): void;
  changed(): EpochRecord[];
  prune(belowEpoch: number): void;
};

type State = {
  slots: Map<number, { status: SlotStatus; late: boolean }>;
  finality: Pick<EpochRecord, "finalized_epoch" | "justified_epoch" | "finalized_by">;
};

/** What became of each epoch's slots, and the finality that held while it lasted. */
export function createEpochs(input: { chain: Chain; finality: Finality; votesOf(epoch: number): EpochVotes }): Epochs {
  const { chain, finality, votesOf } = input;
  const epochs = new Map<number, State>();
  const dirty = new Set<number>();
  const restored = new Map<number, EpochVotes>();

  const fullestVotesOf = (epoch: number): EpochVotes => {
    const earlier = restored.get(epoch);
    const votes = votesOf(epoch);
    return earlier === undefined ? votes : fuller(votes, earlier);
  };

  const stateOf = (epoch: number): State => {
    let state = epochs.get(epoch);
    if (state === undefined) {
      state = { slots: new Map(), finality: { finalized_epoch: null, justified_epoch: null, finalized_by: {} } };
      epochs.set(epoch, state);
    }
    dirty.add(epoch);
    return state;
  };

  return {
    noteVotes(epoch) {
      if (epochs.has(epoch)) dirty.add(epoch);
    },
    noteSlot({ epoch, slot, status, late }) {
      stateOf(epoch).slots.set(slot, { status, late });
    },
    noteFinality(epoch) {
      // Nodes answer before genesis already.
      stateOf(Math.max(0, epoch)).finality = {
        finalized_epoch: finality.finalizedEpoch(),
        justified_epoch: finality.justifiedEpoch(),
        finalized_by: finality.finalizedBy(),
      };
    },
    restore: (record) => restored.set(record.epoch, record),
    changed() {
      const records = [...dirty]
        .sort((a, b) => a - b)
        .flatMap((epoch) => {
          const state = epochs.get(epoch);
          return state === undefined ? [] : [recordOf({ chain, epoch, state, votes: fullestVotesOf(epoch) })];
        });
      dirty.clear();
      return records;
    },
    prune(belowEpoch) {
      for (const epoch of epochs.keys()) if (epoch < belowEpoch) epochs.delete(epoch);
      for (const epoch of restored.keys()) if (epoch < belowEpoch) restored.delete(epoch);
    },
  };
}

function recordOf(input: { chain: Chain; epoch: number; state: State; votes: EpochVotes }): EpochRecord {
  const { chain, epoch, state, votes } = input;
  const firstSlot = epoch * chain.slotsPerEpoch;
  const all = [...state.slots.values()];
  const count = (status: SlotStatus) => all.filter((slot) => slot.status === status).length;
  const { finalized_epoch } = state.finality;
  return {
    epoch,
    fork: chain.forkOf(firstSlot),
    start_ms: chain.slotStartUs(firstSlot) / 1000,
    slots: all.length,
    proposed: count("proposed"),
    missed: count("missed"),
    orphaned: count("orphaned"),
    unknown: count("unknown"),
    pending: count("pending"),
    late: all.filter((slot) => slot.late).length,
    passed: (Math.max(firstSlot - 1, ...state.slots.keys()) + 1 - firstSlot) / chain.slotsPerEpoch,
    ...state.finality,
    finality_lag: finalized_epoch === null ? null : epoch - finalized_epoch,
    ...votes,
  };
}
