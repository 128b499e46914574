import type { SlotRecord } from "../../../src/events/derived.ts";
import { lookOf } from "../lib/slot-look.ts";
import { drawSlotCell, strokeInside } from "./shapes.ts";
import { cellRect, type GridLayout, gridSlots } from "./slot-grid-layout.ts";
import type { Surface } from "./use-canvas.ts";

export type GridScene = {
  layout: GridLayout;
  slots: ReadonlyMap<number, SlotRecord>;
  currentSlot: number;
  /** The slot under the pointer or the keyboard's focus. */
  marked: number | undefined;
  focused: boolean;
};

/** From this width on a cell also shows its delay in seconds. */
const CELL_WITH_TEXT_PX = 40;

export function paintSlotGrid(surface: Surface, scene: GridScene): void {
  const { context, colours, mono } = surface;
  const { layout, slots, currentSlot, marked } = scene;
  const { first, last } = gridSlots(layout);
  context.textBaseline = "middle";

  for (let slot = first; slot <= last; slot += 1) {
    const rect = cellRect(layout, slot);
    if (slot % layout.slotsPerEpoch === 0) {
      const epoch = slot / layout.slotsPerEpoch;
      const running = epoch === Math.floor(currentSlot / layout.slotsPerEpoch);
      context.textAlign = "left";
      context.font = `${running ? "600 " : ""}11px ${mono}`;
      context.fillStyle = running ? colours.text : colours.muted;
      context.fillText(String(epoch), 1, rect.y + rect.height / 2 + 0.5);
    }
    const record = slots.get(slot);
    if (slot > currentSlot && record === undefined) {
      strokeInside(context, rect, { colour: colours.line, width: 1 });
      continue;
    }
    const look = slot === currentSlot && record === undefined ? "pending" : lookOf(record);
    const share = (record?.delay_ms ?? 0) / (record?.attestation_due_ms ?? 1);
    drawSlotCell({ context, colours }, rect, { look, share });
    if (rect.width >= CELL_WITH_TEXT_PX && record !== undefined && record.delay_ms !== null) {
      context.textAlign = "center";
      context.font = `11px ${mono}`;
      context.fillStyle = look === "late" ? "#1a1200" : colours.text;
      if (look === "orphaned") drawPlate(surface, rect);
      context.fillText((record.delay_ms / 1000).toFixed(2), rect.x + rect.width / 2, rect.y + rect.height / 2 + 0.5);
    }
    if (slot === currentSlot) strokeInside(context, grown(rect, 2), { colour: colours.accent, width: 1.5 });
  }
  if (marked !== undefined && marked >= first && marked <= last) {
    const colour = scene.focused ? colours.accent : colours.text;
    strokeInside(context, grown(cellRect(layout, marked), 2.5), { colour, width: 2 });
  }
}

function drawPlate(surface: Surface, rect: { x: number; y: number; width: number; height: number }): void {
  surface.context.save();
  surface.context.fillStyle = surface.colours.surface;
  surface.context.fillRect(rect.x + rect.width / 2 - 17, rect.y + 4, 34, rect.height - 8);
  surface.context.restore();
  surface.context.fillStyle = surface.colours.text;
}

function grown(rect: { x: number; y: number; width: number; height: number }, by: number) {
  return { x: rect.x - by, y: rect.y - by, width: rect.width + 2 * by, height: rect.height + 2 * by };
}
