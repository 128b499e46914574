import type { CommitteeSlotRecord } from "../../../src/events/vote-records.ts";
import { type CommitteeLayout, committeeParts, committeeRect } from "./committee-grid-layout.ts";
import { drawLine, setFont } from "./lane-drawing.ts";
import { strokeInside } from "./shapes.ts";
import type { Rect } from "./slot-grid-layout.ts";
import type { Surface } from "./use-canvas.ts";

export type CommitteeScene = {
  layout: CommitteeLayout;
  slotsPerEpoch: number;
  bySlot: ReadonlyMap<number, readonly CommitteeSlotRecord[]>;
  marked: { slot: number; index: number } | undefined;
  focused: boolean;
};

const SLOT_LABEL_PX = 76;
const ROW_LABEL_PX = 24;
/** Parts differ in height as well, so that they can be told without their colour. */
const HEIGHTS = { on_time: 1, late: 0.66, untimed: 0.4 } as const;

export function paintCommittees(surface: Surface, scene: CommitteeScene): void {
  const { context, colours } = surface;
  const { layout, bySlot, marked } = scene;
  for (let slot = layout.firstSlot; slot < layout.firstSlot + layout.slots; slot += 1) {
    const records = bySlot.get(slot);
    if (records === undefined || records.length === 0) {
      const column = committeeRect(layout, { slot, index: 0 });
      const rect = { ...column, height: layout.committees * layout.pitchY - layout.gap };
      context.save();
      if (records !== undefined) context.setLineDash([1.5, 2.5]);
      strokeInside(context, rect, { colour: colours.line, width: 1 });
      context.restore();
      continue;
    }
    for (const record of records) paintCommittee(surface, committeeRect(layout, record), record);
  }
  paintLabels(surface, layout, scene.slotsPerEpoch);
  if (marked !== undefined) {
    const rect = committeeRect(layout, marked);
    const grown = { x: rect.x - 2, y: rect.y - 2, width: rect.width + 4, height: rect.height + 4 };
    strokeInside(context, grown, { colour: scene.focused ? colours.accent : colours.text, width: 2 });
  }
}

function paintCommittee(surface: Surface, rect: Rect, record: CommitteeSlotRecord): void {
  const { context, colours } = surface;
  for (const { part, from, width } of committeeParts(record, rect.width)) {
    if (part === "missed") {
      const hole = { x: rect.x + from, y: rect.y, width: Math.max(1.5, width), height: rect.height };
      strokeInside(context, hole, { colour: colours.missed, width: rect.height > 8 ? 1.5 : 1 });
      continue;
    }
    const height = rect.height * HEIGHTS[part];
    context.fillStyle = part === "on_time" ? colours.ok : part === "late" ? colours.late : colours.votes;
    context.fillRect(rect.x + from, rect.y + rect.height - height, Math.max(1, width), height);
  }
}

function paintLabels(surface: Surface, layout: CommitteeLayout, slotsPerEpoch: number): void {
  const { context, colours } = surface;
  setFont(surface, 10);
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  const rows = Math.max(1, Math.ceil(ROW_LABEL_PX / layout.pitchY));
  for (let index = 0; index < layout.committees; index += rows) {
    const rect = committeeRect(layout, { slot: layout.firstSlot, index });
    context.fillText(String(index), layout.left - 6, rect.y + rect.height / 2 + 0.5);
  }
  context.textAlign = "left";
  const base = layout.top + layout.committees * layout.pitchY;
  const every = slotsPerEpoch * Math.ceil(SLOT_LABEL_PX / layout.pitchX / slotsPerEpoch);
  const wide = layout.pitchX >= SLOT_LABEL_PX;
  for (let column = 0; column < layout.slots; column += 1) {
    const slot = layout.firstSlot + column;
    if (!wide && slot % every !== 0) continue;
    const x = layout.left + column * layout.pitchX;
    // The tick of an epoch's first slot.
    if (slot % slotsPerEpoch === 0) drawLine(surface, { x, y: base }, { x, y: base + 4 });
    context.fillText(String(slot), x + 2, base + 11);
  }
}
