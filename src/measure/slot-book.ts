import type { SlotRecord, SlotStatus } from "../events/derived.ts";
import type { SlotJudge } from "./slots.ts";

/** Which slots are watched, which must be judged anew, and what was told of each. */
export type SlotBook = {
  /** The lowest slot that is watched; infinite before the first one. */
  readonly lowest: number;
  /** Slots below it are forgotten: what is stored of them stands. */
  readonly floor: number;
  /** Something that bears on this slot changed. */
  touch(slot: number): void;
  /** Something that bears on every slot that is not settled, from `fromSlot` on, changed. */
  touchOpen(fromSlot?: number): void;
  /** A node told of a block: slots are judged from the lowest one on; those before `nextSlot` have begun. */
  reachDownTo(slot: number, nextSlot: number): void;
  /** Watches from this slot on, whether or not a node tells of it. */
  watchFrom(slot: number): void;
  wasTold(slot: number): boolean;
  /** The slots that are not what was told of them, in order; those beyond `lastSlot` wait until they begin. */
  changed(nowUs: number, lastSlot: number): SlotRecord[];
  /** Forgets what lies below a slot. */
  raiseFloor(slot: number): void;
  /** Everything that is open, or was passed over, is judged once more. */
  finish(): void;
};

export function createSlotBook(judge: SlotJudge): SlotBook {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let floor = Number.NEGATIVE_INFINITY;
  const touched = new Set<number>();
  const open = new Set<number>();
  const told = new Map<number, { text: string; status: SlotStatus }>();

  /** A slot that was judged by time alone does not wait again when the clock is set back. */
  const unlessJudged = (record: SlotRecord): SlotRecord => {
    const before = told.get(record.slot)?.status;
    const isJudged = before === "missed" || before === "unknown";
    return record.status === "pending" && isJudged ? { ...record, status: before } : record;
  };

  return {
    get lowest() {
      return lowest;
    },
    get floor() {
      return floor;
    },
    touch: (slot) => touched.add(slot),
    touchOpen(fromSlot = Number.NEGATIVE_INFINITY) {
      for (const slot of open) if (slot >= fromSlot) touched.add(slot);
    },
    reachDownTo(slot, nextSlot) {
      const before = Math.min(lowest, nextSlot);
      if (lowest < Number.POSITIVE_INFINITY) for (let below = slot; below < before; below += 1) touched.add(below);
      lowest = Math.min(lowest, slot);
      highest = Math.max(highest, slot);
      touched.add(slot);
    },
    watchFrom(slot) {
      lowest = Math.min(lowest, slot);
    },
    wasTold: (slot) => told.has(slot),
    changed(nowUs, lastSlot) {
      const records: SlotRecord[] = [];
      const due = [...touched].filter((slot) => slot <= lastSlot).sort((a, b) => a - b);
      for (const slot of due) {
        touched.delete(slot);
        if (slot < lowest || slot < floor) continue;
        const record = unlessJudged(judge.record(slot, nowUs));
        if (judge.isSettled(slot)) open.delete(slot);
        else open.add(slot);
        const text = JSON.stringify(record);
        if (told.get(slot)?.text === text) continue;
        told.set(slot, { text, status: record.status });
        records.push(record);
      }
      return records;
    },
    raiseFloor(slot) {
      floor = Math.max(floor, slot);
      for (const known of open) if (known < floor) open.delete(known);
      for (const known of told.keys()) if (known < floor) told.delete(known);
    },
    finish() {
      for (const slot of open) touched.add(slot);
      for (let slot = lowest; slot <= highest; slot += 1) if (!told.has(slot)) touched.add(slot);
    },
  };
}
