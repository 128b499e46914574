import type { CommitteeSlotRecord } from "../../../src/events/vote-records.ts";

/** The committees of one slot as they were read while the slot `readAtSlot` ran. */
export type CachedCommittees = { committees: readonly CommitteeSlotRecord[]; readAtSlot: number };

/** Slots after which committees are told, and one more for the store. */
const TOLD_AFTER = 3;
/** A slot without committees this long after it was due gets none: they were not known. */
const GIVEN_UP_AFTER = 8;
/** Blocks carry votes until the end of the next epoch; the committees are told once more then. */
const CLOSED_AFTER_EPOCHS = 2;

/** Which of the slots are to be read, newest first: those not read yet, and those that have changed since. */
export function committeesToRead(input: {
  slots: readonly number[];
  cached: ReadonlyMap<number, CachedCommittees>;
  currentSlot: number;
  slotsPerEpoch: number;
}): number[] {
  const { slots, cached, currentSlot, slotsPerEpoch } = input;
  const isDue = (slot: number) => {
    if (slot > currentSlot - TOLD_AFTER) return false;
    const known = cached.get(slot);
    if (known === undefined) return true;
    if (known.committees.length === 0) {
      return known.readAtSlot < currentSlot && slot > currentSlot - TOLD_AFTER - GIVEN_UP_AFTER;
    }
    const closedAt = (Math.floor(slot / slotsPerEpoch) + CLOSED_AFTER_EPOCHS) * slotsPerEpoch + 1;
    return known.readAtSlot < closedAt && currentSlot >= closedAt;
  };
  return slots.filter(isDue).sort((a, b) => b - a);
}
