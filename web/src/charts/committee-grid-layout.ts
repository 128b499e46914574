import type { Rect } from "./slot-grid-layout.ts";

/** Where the cells stand: a column a slot, a row a committee; CSS pixels. */
export type CommitteeLayout = {
  firstSlot: number;
  slots: number;
  committees: number;
  left: number;
  top: number;
  pitchX: number;
  pitchY: number;
  gap: number;
  height: number;
};

const LEFT_PX = 26;
const TOP_PX = 4;
const FOOT_PX = 20;
const WIDEST_PX = 90;
/** All committees of mainnet (64) stay on one screen. */
const TALLEST_GRID_PX = 520;
const TALLEST_CELL_PX = 26;
const LOWEST_CELL_PX = 5;

export function committeeLayout(input: {
  width: number;
  firstSlot: number;
  slots: number;
  committees: number;
}): CommitteeLayout {
  const { width, firstSlot, slots } = input;
  const committees = Math.max(1, input.committees);
  const pitchX = Math.min(WIDEST_PX, Math.max(3, (width - LEFT_PX - 4) / slots));
  const pitchY = Math.min(TALLEST_CELL_PX, Math.max(LOWEST_CELL_PX, TALLEST_GRID_PX / committees));
  return {
    firstSlot,
    slots,
    committees,
    left: LEFT_PX,
    top: TOP_PX,
    pitchX,
    pitchY,
    gap: pitchY > 12 ? 3 : 1,
    height: Math.ceil(TOP_PX + committees * pitchY + FOOT_PX),
  };
}

export function committeeRect(layout: CommitteeLayout, cell: { slot: number; index: number }): Rect {
  return {
    x: layout.left + (cell.slot - layout.firstSlot) * layout.pitchX,
    y: layout.top + cell.index * layout.pitchY,
    width: Math.max(2, layout.pitchX - layout.gap),
    height: Math.max(2, layout.pitchY - layout.gap),
  };
}

/** The cell under a point; a gap belongs to the cell on its left or above. */
export function committeeAt(
  layout: CommitteeLayout,
  x: number,
  y: number,
): { slot: number; index: number } | undefined {
  const column = Math.floor((x - layout.left) / layout.pitchX);
  const index = Math.floor((y - layout.top) / layout.pitchY);
  if (column < 0 || column >= layout.slots || index < 0 || index >= layout.committees) return undefined;
  return { slot: layout.firstSlot + column, index };
}

/** Where a key leads from a cell, within the grid; undefined for keys that do not move. */
export function movedCell(
  layout: CommitteeLayout,
  cell: { slot: number; index: number },
  key: string,
): { slot: number; index: number } | undefined {
  const last = layout.firstSlot + layout.slots - 1;
  const steps: Readonly<Record<string, [slots: number, committees: number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  if (key === "Home") return { ...cell, slot: layout.firstSlot };
  if (key === "End") return { ...cell, slot: last };
  const step = steps[key];
  if (step === undefined) return undefined;
  return {
    slot: Math.min(last, Math.max(layout.firstSlot, cell.slot + step[0])),
    index: Math.min(layout.committees - 1, Math.max(0, cell.index + step[1])),
  };
}

/** Widths of a committee's parts, in the order in which they are drawn; together the whole. */
export function committeeParts(
  record: { validators: number; on_time: number; late: number; untimed: number; missed: number },
  width: number,
): { part: "on_time" | "late" | "untimed" | "missed"; from: number; width: number }[] {
  let from = 0;
  return (["on_time", "late", "untimed", "missed"] as const).flatMap((part) => {
    if (record[part] === 0 || record.validators === 0) return [];
    const drawn = (width * record[part]) / record.validators;
    from += drawn;
    return [{ part, from: from - drawn, width: drawn }];
  });
}
