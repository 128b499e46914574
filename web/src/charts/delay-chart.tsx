import { memo } from "react";
import type { NodeBlock } from "../lib/node-figures.ts";
import { drawLine, setFont } from "./lane-drawing.ts";
import { strokeInside } from "./shapes.ts";
import { tickLabel } from "./time-scale.ts";
import { type Surface, useCanvas } from "./use-canvas.ts";

const PLOT_PX = 96;
const TOP_PX = 8;
const AXIS_PX = 20;
const LEFT_PX = 38;
const RIGHT_PX = 4;
const SLOT_LABEL_PX = 84;
const TICKS_MS = [100, 500, 1000, 2000, 4000, 8000, 12_000];

/**
 * How far behind the first node this one had the block of each slot in `[firstSlot, lastSlot]`: a bar a slot, heights
 * by the square root so that tens of milliseconds stay visible beside seconds; a hollow one where it had none.
 */
export const DelayChart = memo(function DelayChart(props: {
  blocks: readonly NodeBlock[];
  firstSlot: number;
  lastSlot: number;
}) {
  const canvas = useCanvas((surface) => {
    paintDelays(surface, props);
    return false;
  });
  return (
    <div className="delay-chart">
      <canvas ref={canvas} style={{ height: TOP_PX + PLOT_PX + AXIS_PX }} />
      <p className="axis-title">seconds behind the first node, by slot</p>
    </div>
  );
});

function paintDelays(
  surface: Surface,
  scene: { blocks: readonly NodeBlock[]; firstSlot: number; lastSlot: number },
): void {
  const { context, colours, width } = surface;
  const { blocks, firstSlot, lastSlot } = scene;
  const base = TOP_PX + PLOT_PX;
  const pitch = (width - LEFT_PX - RIGHT_PX) / Math.max(1, lastSlot - firstSlot + 1);
  const gap = pitch > 6 ? 2 : pitch > 3 ? 1 : 0;
  const largestMs = Math.max(200, ...blocks.map(({ behindMs }) => behindMs ?? 0));
  const heightOf = (ms: number) => PLOT_PX * Math.sqrt(Math.max(0, ms) / largestMs);
  const x = (slot: number) => LEFT_PX + (slot - firstSlot) * pitch;

  for (const block of blocks) {
    const rect = { x: x(block.slot), width: Math.max(1, pitch - gap) };
    if (block.seenMs === undefined) {
      strokeInside(context, { ...rect, y: TOP_PX, height: PLOT_PX }, { colour: colours.missed, width: 1.5 });
      continue;
    }
    const late = block.seenMs > block.attestationDueMs && block.first.seenMs <= block.attestationDueMs;
    const height = Math.max(2, heightOf(block.behindMs ?? 0));
    context.fillStyle = late ? colours.late : colours.ok;
    context.fillRect(rect.x, base - height, rect.width, height);
  }

  const corner = { x: LEFT_PX - 2, y: base };
  drawLine(surface, { x: corner.x, y: TOP_PX }, corner);
  drawLine(surface, corner, { x: width - RIGHT_PX, y: base });
  setFont(surface, 10);
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  context.fillText("0", LEFT_PX - 6, base);
  let lowest = base - 12;
  for (const ms of TICKS_MS) {
    const y = base - heightOf(ms);
    if (ms > largestMs || y > lowest || y < TOP_PX) continue;
    lowest = y - 12;
    drawLine(surface, { x: LEFT_PX - 5, y }, { x: LEFT_PX - 2, y });
    context.fillText(tickLabel(ms), LEFT_PX - 8, y);
  }
  context.textAlign = "left";
  const every = Math.max(1, Math.ceil(SLOT_LABEL_PX / pitch / 8) * 8);
  for (let slot = Math.ceil(firstSlot / every) * every; slot <= lastSlot; slot += every) {
    if (x(slot) + SLOT_LABEL_PX / 2 > width) break;
    drawLine(surface, { x: x(slot), y: base }, { x: x(slot), y: base + 4 });
    context.fillText(String(slot), x(slot) + 2, base + 12);
  }
}
