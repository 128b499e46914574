import type { SlotRecord } from "../events/derived.ts";
import type { Duties } from "./duties/duties.ts";
import type { EpochFigures } from "./epoch-figures.ts";
import type { Epochs } from "./epochs.ts";
import type { MeasureUpdate } from "./measure-update.ts";
import type { NodeSlots } from "./node-slots.ts";
import type { Reorgs } from "./reorgs.ts";
import type { Votes } from "./votes/votes.ts";

/**
 * What changed in the measures since the last call, the slots first: epochs, figures and duties rest on what is told of
 * them, and duties on the votes, too.
 */
export function takeChanges(input: {
  /** Slots that are not what was told of them. */
  slots: readonly SlotRecord[];
  nodeSlots: Pick<NodeSlots, "changed">;
  votes: Pick<Votes, "slotsChanged" | "partsChanged" | "committeesChanged">;
  epochs: Pick<Epochs, "noteSlot" | "changed">;
  reorgs: Pick<Reorgs, "changed">;
  figures: Pick<EpochFigures, "noteSlot" | "changed">;
  duties: Pick<Duties, "noteSlots" | "noteVotes" | "changed">;
  nowUs: number;
}): MeasureUpdate[] {
  const { slots, nodeSlots, votes, epochs, reorgs, figures, duties, nowUs } = input;
  for (const record of slots) {
    epochs.noteSlot(record);
    figures.noteSlot(record.slot);
  }
  duties.noteSlots(slots);
  const slotVotes = votes.slotsChanged();
  duties.noteVotes(slotVotes.map(({ slot }) => slot));
  return [
    ...slots.map((record): MeasureUpdate => ({ dataset: "slot", record })),
    ...nodeSlots.changed().map((record): MeasureUpdate => ({ dataset: "node_slot", record })),
    ...slotVotes.map((record): MeasureUpdate => ({ dataset: "slot_votes", record })),
    ...votes.partsChanged(slotVotes).map((record): MeasureUpdate => ({ dataset: "vote_part", record })),
    ...votes.committeesChanged().map((record): MeasureUpdate => ({ dataset: "committee_slot", record })),
    ...epochs.changed().map((record): MeasureUpdate => ({ dataset: "epoch", record })),
    ...reorgs.changed().map((record): MeasureUpdate => ({ dataset: "reorg", record })),
    ...figures.changed(nowUs),
    ...duties.changed(),
  ];
}
