import type { Rect } from "./slot-grid-layout.ts";

/** Where the slots of the strip stand: the oldest on the left; gas above, blobs below; CSS pixels. */
export type StripLayout = {
  firstSlot: number;
  lastSlot: number;
  left: number;
  pitch: number;
  gap: number;
  gas: { top: number; height: number };
  blobs: { top: number; height: number };
  height: number;
};

const LEFT_PX = 46;
const RIGHT_PX = 4;
const TOP_PX = 6;
const GAS_PX = 92;
const BLOBS_PX = 64;
const BETWEEN_PX = 12;
const FOOT_PX = 20;
/** A slot that is narrower cannot be hit by a pointer. */
const NARROWEST_PX = 7;
const WIDEST_PX = 26;

/** As many of the newest slots as there is room for. */
export function stripLayout(input: { width: number; firstSlot: number; lastSlot: number }): StripLayout {
  const { width, firstSlot, lastSlot } = input;
  const room = Math.max(0, width - LEFT_PX - RIGHT_PX);
  const slots = Math.max(1, Math.min(lastSlot - firstSlot + 1, Math.floor(room / NARROWEST_PX)));
  const pitch = Math.min(WIDEST_PX, room / slots);
  const gas = { top: TOP_PX, height: GAS_PX };
  const blobs = { top: TOP_PX + GAS_PX + BETWEEN_PX, height: BLOBS_PX };
  return {
    firstSlot: lastSlot - slots + 1,
    lastSlot,
    left: LEFT_PX,
    pitch,
    gap: pitch > 12 ? 3 : 1.5,
    gas,
    blobs,
    height: blobs.top + blobs.height + FOOT_PX,
  };
}

/** A slot's place in one of the two rows. */
export function stripRect(layout: StripLayout, slot: number, row: "gas" | "blobs"): Rect {
  const { top, height } = layout[row];
  return {
    x: layout.left + (slot - layout.firstSlot) * layout.pitch,
    y: top,
    width: Math.max(2, layout.pitch - layout.gap),
    height,
  };
}

export function stripSlotAt(layout: StripLayout, x: number): number | undefined {
  const slot = layout.firstSlot + Math.floor((x - layout.left) / layout.pitch);
  return slot < layout.firstSlot || slot > layout.lastSlot ? undefined : slot;
}

/** Where a key leads from a slot, within the strip; undefined for keys that do not move. */
export function movedInStrip(layout: StripLayout, slot: number, key: string): number | undefined {
  const { firstSlot, lastSlot } = layout;
  if (key === "Home") return firstSlot;
  if (key === "End") return lastSlot;
  if (key === "ArrowLeft") return Math.max(firstSlot, slot - 1);
  return key === "ArrowRight" ? Math.min(lastSlot, slot + 1) : undefined;
}
