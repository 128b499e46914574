/** Where the cells of the grid stand: one row an epoch, the newest on top, one column a slot; CSS pixels. */
export type GridLayout = {
  newestEpoch: number;
  epochs: number;
  slotsPerEpoch: number;
  /** Left of the cells: the epochs' numbers. */
  labelWidth: number;
  cellWidth: number;
  cellHeight: number;
  gap: number;
  /** Room around the cells for the ring of a marked one. */
  inset: number;
  height: number;
};

export type Rect = { x: number; y: number; width: number; height: number };

const INSET = 4;
const LOWEST_CELL = 18;
const HIGHEST_CELL = 26;
const WIDEST_CELL = 76;

export function gridLayout(input: {
  width: number;
  newestEpoch: number;
  epochs: number;
  slotsPerEpoch: number;
}): GridLayout {
  const { width, newestEpoch, epochs, slotsPerEpoch } = input;
  const labelWidth = Math.max(30, 12 + 7.3 * String(newestEpoch).length);
  const pitch = Math.min(WIDEST_CELL, Math.max(0, width - labelWidth - INSET) / slotsPerEpoch);
  const gap = pitch < 12 ? 1.5 : pitch < 24 ? 2.5 : 4;
  const cellWidth = Math.max(2, pitch - gap);
  const cellHeight = Math.min(HIGHEST_CELL, Math.max(LOWEST_CELL, cellWidth * 1.25));
  return {
    newestEpoch,
    epochs,
    slotsPerEpoch,
    labelWidth,
    cellWidth,
    cellHeight,
    gap,
    inset: INSET,
    height: Math.ceil(epochs * (cellHeight + gap) - gap + 2 * INSET),
  };
}

/** The first and the last slot that the grid shows; slots before genesis do not exist. */
export function gridSlots(layout: GridLayout): { first: number; last: number } {
  return {
    first: Math.max(0, (layout.newestEpoch - layout.epochs + 1) * layout.slotsPerEpoch),
    last: (layout.newestEpoch + 1) * layout.slotsPerEpoch - 1,
  };
}

export function cellRect(layout: GridLayout, slot: number): Rect {
  const epoch = Math.floor(slot / layout.slotsPerEpoch);
  const column = slot - epoch * layout.slotsPerEpoch;
  return {
    x: layout.labelWidth + column * (layout.cellWidth + layout.gap),
    y: layout.inset + (layout.newestEpoch - epoch) * (layout.cellHeight + layout.gap),
    width: layout.cellWidth,
    height: layout.cellHeight,
  };
}

/** The slot under a point. A gap belongs to the cell on its left or above: a pointer never falls between two slots. */
export function slotAtPoint(layout: GridLayout, x: number, y: number): number | undefined {
  const column = Math.floor((x - layout.labelWidth) / (layout.cellWidth + layout.gap));
  const row = Math.floor((y - layout.inset) / (layout.cellHeight + layout.gap));
  if (column < 0 || column >= layout.slotsPerEpoch || row < 0 || row >= layout.epochs) return undefined;
  const slot = (layout.newestEpoch - row) * layout.slotsPerEpoch + column;
  return slot < 0 ? undefined : slot;
}

/** Where a key leads from a slot, within what exists; undefined for keys that do not move. */
export function movedSlot(input: {
  layout: GridLayout;
  slot: number;
  key: string;
  newest: number;
}): number | undefined {
  const { layout, slot, key, newest } = input;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: layout.slotsPerEpoch,
    ArrowDown: -layout.slotsPerEpoch,
    PageUp: layout.slotsPerEpoch,
    PageDown: -layout.slotsPerEpoch,
  };
  const { first } = gridSlots(layout);
  if (key === "Home") return first;
  if (key === "End") return newest;
  const step = steps[key];
  if (step === undefined) return undefined;
  const target = slot + step;
  return target < first || target > newest ? slot : target;
}
