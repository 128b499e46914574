import type { BlockRow } from "../lib/block-rows.ts";
import { type StripLayout, stripRect } from "./block-strip-layout.ts";
import { drawLine, setFont } from "./lane-drawing.ts";
import { drawHatch, strokeInside } from "./shapes.ts";
import type { Rect } from "./slot-grid-layout.ts";
import type { Surface } from "./use-canvas.ts";

export type StripScene = {
  layout: StripLayout;
  rows: ReadonlyMap<number, BlockRow>;
  currentSlot: number;
  marked: number | undefined;
  focused: boolean;
};

const SLOT_LABEL_PX = 84;
/** The gas that a block should use on the average (EIP-1559, `ELASTICITY_MULTIPLIER` 2). */
const GAS_TARGET = 0.5;
/** Without a limit of its own a slot's blobs are drawn against this many. */
const SOME_BLOBS = 6;

export function paintBlockStrip(surface: Surface, scene: StripScene): void {
  const { context, colours, width } = surface;
  const { layout, rows, marked } = scene;
  const mostBlobs = Math.max(SOME_BLOBS, ...[...rows.values()].map(({ block }) => block?.max_blobs ?? 0));
  for (let slot = layout.firstSlot; slot <= layout.lastSlot; slot += 1) {
    const row = rows.get(slot);
    const gas = stripRect(layout, slot, "gas");
    if (row?.block === undefined) paintAbsent(surface, gas, row, slot === scene.currentSlot);
    else paintBlock(surface, { gas, blobs: stripRect(layout, slot, "blobs") }, row, mostBlobs);
  }
  paintAxes(surface, layout, mostBlobs);
  context.save();
  context.setLineDash([4, 3]);
  const target = layout.gas.top + layout.gas.height * (1 - GAS_TARGET);
  context.strokeStyle = colours.muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(layout.left, Math.round(target) + 0.5);
  context.lineTo(width - 4, Math.round(target) + 0.5);
  context.stroke();
  context.restore();
  if (marked !== undefined) {
    const top = stripRect(layout, marked, "gas");
    const rect = { ...top, height: layout.blobs.top + layout.blobs.height - top.y };
    const grown = { x: rect.x - 2, y: rect.y - 2, width: rect.width + 4, height: rect.height + 4 };
    strokeInside(context, grown, { colour: scene.focused ? colours.accent : colours.text, width: 1.5 });
  }
}

function paintAbsent(surface: Surface, rect: Rect, row: BlockRow | undefined, running: boolean): void {
  const { context, colours } = surface;
  if (row?.look === "missed") {
    strokeInside(context, rect, { colour: colours.missed, width: 2 });
    return;
  }
  context.save();
  if (!running) context.setLineDash([1.5, 2.5]);
  strokeInside(context, rect, { colour: running ? colours.pending : colours["line-strong"], width: 1 });
  context.restore();
}

function paintBlock(surface: Surface, rects: { gas: Rect; blobs: Rect }, row: BlockRow, mostBlobs: number): void {
  const { context, colours } = surface;
  const { gas, blobs } = rects;
  const { block, look } = row;
  context.fillStyle = colours.sunken;
  context.fillRect(gas.x, gas.y, gas.width, gas.height);
  const height = Math.max(2, gas.height * (block?.gas_fullness ?? 0));
  const filled = { x: gas.x, y: gas.y + gas.height - height, width: gas.width, height };
  context.fillStyle = look === "late" ? colours.late : look === "orphaned" ? colours.sunken : colours.ok;
  context.fillRect(filled.x, filled.y, filled.width, filled.height);
  if (look === "orphaned") {
    context.save();
    context.beginPath();
    context.rect(gas.x, gas.y, gas.width, gas.height);
    context.clip();
    drawHatch(context, gas, colours.orphaned);
    context.restore();
    strokeInside(context, gas, { colour: colours.orphaned, width: 1.5 });
  }
  const pitch = blobs.height / mostBlobs;
  const cell = Math.max(1, pitch - 1);
  const base = blobs.y + blobs.height;
  context.fillStyle = colours.sunken;
  for (let index = 0; index < (block?.max_blobs ?? 0); index += 1) {
    context.fillRect(blobs.x, base - (index + 1) * pitch, blobs.width, cell);
  }
  context.fillStyle = colours.accent;
  for (let index = 0; index < (block?.blobs ?? 0); index += 1) {
    context.fillRect(blobs.x, base - (index + 1) * pitch, blobs.width, cell);
  }
}

function paintAxes(surface: Surface, layout: StripLayout, mostBlobs: number): void {
  const { context, colours, width } = surface;
  setFont(surface, 10);
  for (const [{ top, height }, labels] of [
    [layout.gas, ["100 %", "50", "0"]],
    [layout.blobs, [String(mostBlobs), "0"]],
  ] as const) {
    const base = top + height + 0.5;
    drawLine(surface, { x: layout.left - 3, y: top }, { x: layout.left - 3, y: base });
    drawLine(surface, { x: layout.left - 3, y: base }, { x: width - 4, y: base });
    context.fillStyle = colours.muted;
    context.textAlign = "right";
    for (const [index, label] of labels.entries()) {
      const y = top + (height * index) / (labels.length - 1);
      drawLine(surface, { x: layout.left - 6, y }, { x: layout.left - 3, y });
      context.fillText(label, layout.left - 9, Math.min(base - 4, Math.max(top + 4, y)));
    }
  }
  context.textAlign = "left";
  const base = layout.blobs.top + layout.blobs.height;
  const every = Math.max(1, Math.ceil(SLOT_LABEL_PX / layout.pitch / 4) * 4);
  for (let slot = Math.ceil(layout.firstSlot / every) * every; slot <= layout.lastSlot; slot += every) {
    const { x } = stripRect(layout, slot, "blobs");
    if (x + SLOT_LABEL_PX / 2 > width) break;
    drawLine(surface, { x, y: base }, { x, y: base + 4 });
    context.fillText(String(slot), x + 2, base + 12);
  }
}
