import type { SlotLook } from "../lib/slot-look.ts";
import type { Colours } from "./colours.ts";
import type { Rect } from "./slot-grid-layout.ts";

type Drawing = { context: CanvasRenderingContext2D; colours: Colours };

const RADIUS_PX = 2.5;
/** A block on time is drawn the fainter the earlier it came. */
const FAINTEST = 0.5;

/** One slot: colour and shape by its look. `share` is the delay as a share of the attestation deadline. */
export function drawSlotCell(drawing: Drawing, rect: Rect, slot: { look: SlotLook; share: number }): void {
  const { context, colours } = drawing;
  const { look, share } = slot;
  context.save();
  if (look === "proposed") {
    context.globalAlpha = FAINTEST + (1 - FAINTEST) * Math.min(1, Math.max(0, share));
    context.fillStyle = colours.ok;
    roundedPath(context, rect);
    context.fill();
  } else if (look === "late") {
    context.fillStyle = colours.late;
    notchedPath(context, rect);
    context.fill();
  } else if (look === "orphaned") {
    roundedPath(context, rect);
    context.clip();
    drawHatch(context, rect, colours.orphaned);
    strokeInside(context, rect, { colour: colours.orphaned, width: 1.5 });
  } else if (look === "missed") {
    strokeInside(context, rect, { colour: colours.missed, width: 2 });
  } else if (look === "pending") {
    strokeInside(context, rect, { colour: colours.pending, width: 1 });
  } else {
    context.setLineDash([1.5, 2.5]);
    strokeInside(context, rect, { colour: colours["line-strong"], width: 1 });
  }
  context.restore();
}

export function strokeInside(
  context: CanvasRenderingContext2D,
  rect: Rect,
  line: { colour: string; width: number },
): void {
  const half = line.width / 2;
  context.strokeStyle = line.colour;
  context.lineWidth = line.width;
  roundedPath(context, {
    x: rect.x + half,
    y: rect.y + half,
    width: Math.max(0, rect.width - line.width),
    height: Math.max(0, rect.height - line.width),
  });
  context.stroke();
}

export function drawHatch(context: CanvasRenderingContext2D, rect: Rect, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.3;
  context.beginPath();
  for (let x = rect.x - rect.height; x < rect.x + rect.width; x += 4) {
    context.moveTo(x, rect.y + rect.height);
    context.lineTo(x + rect.height, rect.y);
  }
  context.stroke();
}

/** A mark of a block on a lane: gossip is an open triangle, import a filled one; the tip is at (x, y). */
export function drawTriangle(
  context: CanvasRenderingContext2D,
  at: { x: number; y: number; size: number },
  look: { colour: string; filled: boolean },
): void {
  const { x, y, size } = at;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + size * 0.6, y + size);
  context.lineTo(x - size * 0.6, y + size);
  context.closePath();
  context.lineJoin = "round";
  context.lineWidth = 1.4;
  if (look.filled) {
    context.fillStyle = look.colour;
    context.fill();
  }
  context.strokeStyle = look.colour;
  context.stroke();
}

function roundedPath(context: CanvasRenderingContext2D, rect: Rect): void {
  context.beginPath();
  context.roundRect(rect.x, rect.y, rect.width, rect.height, Math.min(RADIUS_PX, rect.width / 3));
}

function notchedPath(context: CanvasRenderingContext2D, rect: Rect): void {
  const { x, y, width, height } = rect;
  const notch = Math.min(width, height) * 0.5;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width - notch, y);
  context.lineTo(x + width, y + notch);
  context.lineTo(x + width, y + height);
  context.lineTo(x, y + height);
  context.closePath();
}
