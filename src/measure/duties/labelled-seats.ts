import type { VoteTable } from "../votes/vote-table.ts";
import type { Labelled, ValidatorGroups } from "./groups.ts";

export type LabelledSeat = { seat: number; validator: number; label: Labelled };

/** The seats of labelled validators by slot; looked up once a shuffling, and anew when labels became known. */
export function createLabelledSeats(groups: ValidatorGroups): {
  ofSlot(table: VoteTable, slot: number): readonly LabelledSeat[];
} {
  const known = new WeakMap<VoteTable, { version: number; bySlot: ReadonlyMap<number, LabelledSeat[]> }>();

  const find = ({ committees }: VoteTable): ReadonlyMap<number, LabelledSeat[]> => {
    const { validators, starts, committeesPerSlot, slotsPerEpoch, epoch } = committees;
    const bySlot = new Map<number, LabelledSeat[]>();
    for (let slotIndex = 0; slotIndex < slotsPerEpoch; slotIndex += 1) {
      const seats: LabelledSeat[] = [];
      const to = starts[(slotIndex + 1) * committeesPerSlot] ?? 0;
      for (let seat = starts[slotIndex * committeesPerSlot] ?? 0; seat < to; seat += 1) {
        const validator = validators[seat] ?? 0;
        const label = groups.of(validator);
        if (label !== undefined) seats.push({ seat, validator, label });
      }
      bySlot.set(epoch * slotsPerEpoch + slotIndex, seats);
    }
    return bySlot;
  };

  return {
    ofSlot(table, slot) {
      let seats = known.get(table);
      if (seats === undefined || seats.version !== groups.version) {
        seats = { version: groups.version, bySlot: find(table) };
        known.set(table, seats);
      }
      return seats.bySlot.get(slot) ?? [];
    },
  };
}
