import type { Bins, NodeSlotRecord } from "../../../src/events/derived.ts";
import type { NamedDeadline } from "../lib/slot-clock.ts";
import { type Arrivals, BAR_MS, barShare, barsOf, marksOf } from "./lanes.ts";
import { drawTriangle } from "./shapes.ts";
import { type TimeScale, tickLabel } from "./time-scale.ts";
import type { Surface } from "./use-canvas.ts";

/** A lane or a row of one: `baseline` is its lower edge. */
export type Row = { baseline: number; height: number };

/** Between two deadlines: room for their times, and for their whole names. */
const ROOM_FOR_TIME_PX = 70;
const ROOM_FOR_WORDS_PX = 165;

export type Fading = { arrivals: Arrivals; nowMs: number; key: string };

export function drawBars(
  surface: Surface,
  row: Row,
  bars: { bins: Bins; tallest: number; colour: string; scale: TimeScale; fading?: Fading },
): void {
  const { context } = surface;
  const { scale, fading } = bars;
  const width = Math.max(1.5, scale.x(BAR_MS) - scale.x(0) - 1);
  context.fillStyle = bars.colour;
  for (const { fromMs, count } of barsOf(bars.bins)) {
    if (fromMs < scale.fromMs || fromMs >= scale.toMs) continue;
    const height = Math.max(2, barShare(count, bars.tallest) * row.height);
    context.globalAlpha = fading === undefined ? 1 : fading.arrivals.opacity(`${fading.key} ${fromMs}`, fading.nowMs);
    context.fillRect(scale.x(fromMs), row.baseline - height, width, height);
  }
  context.globalAlpha = 1;
}

/** Gossip, import and head of the block on one node; what lies outside the axis stands at its edge with its time. */
export function drawMarks(
  surface: Surface,
  row: Row,
  marks: { record: NodeSlotRecord; scale: TimeScale; dueMs: number; fading?: Fading },
): void {
  const { context, colours } = surface;
  const { record, scale, dueMs, fading } = marks;
  const size = Math.min(9, row.height * 0.42);
  const top = row.baseline - row.height + 2.5;
  let outside: number | undefined;
  for (const { kind, ms } of marksOf(record)) {
    if (ms < scale.fromMs || ms > scale.toMs) {
      outside ??= ms;
      continue;
    }
    const colour = ms > dueMs ? colours.late : colours.text;
    context.globalAlpha = fading === undefined ? 1 : fading.arrivals.opacity(`${fading.key} ${kind}`, fading.nowMs);
    if (kind === "head") {
      context.fillStyle = colour;
      context.fillRect(scale.x(ms) - 0.75, row.baseline - row.height + 1, 1.5, row.height - 2);
    } else {
      drawTriangle(context, { x: scale.x(ms), y: top, size }, { colour, filled: kind === "import" });
    }
  }
  context.globalAlpha = 1;
  if (outside !== undefined) drawOutside(surface, row, { ms: outside, scale });
}

function drawOutside(surface: Surface, row: Row, mark: { ms: number; scale: TimeScale }): void {
  const { context, colours } = surface;
  const after = mark.ms > mark.scale.toMs;
  const seconds = `${tickLabel(Math.round(mark.ms / 10) * 10)} s`;
  setFont(surface, 10);
  context.fillStyle = colours["late-text"];
  context.textAlign = after ? "right" : "left";
  const edge = after ? mark.scale.right : mark.scale.left;
  context.fillText(after ? `block at ${seconds} ▸` : `◂ ${seconds}`, edge, row.baseline - row.height / 2);
}

/** Thin lines where the fork's deadlines lie; `labelY` gives them their names. */
export function drawDeadlines(
  surface: Surface,
  lines: { deadlines: readonly NamedDeadline[]; scale: TimeScale; top: number; bottom: number; labelY?: number },
): void {
  const { context, colours } = surface;
  const { scale, deadlines, labelY } = lines;
  context.strokeStyle = colours["line-strong"];
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  for (const { ms } of deadlines) {
    const x = Math.round(scale.x(ms)) + 0.5;
    context.beginPath();
    context.moveTo(x, lines.top);
    context.lineTo(x, lines.bottom);
    context.stroke();
  }
  context.setLineDash([]);
  if (labelY === undefined) return;
  setFont(surface, 10);
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  const roomPx = Math.min(...deadlines.map(({ ms }, index) => scale.x(ms) - scale.x(deadlines[index - 1]?.ms ?? 0)));
  for (const { label, words, ms } of deadlines) {
    const name = roomPx > ROOM_FOR_WORDS_PX ? words : label;
    const text = roomPx > ROOM_FOR_TIME_PX ? `${name} ${(ms / 1000).toFixed(2)} s` : name;
    context.fillText(text, scale.x(ms), labelY);
  }
}

/** The axis line with its ticks; the unit stands in the title at its end. */
export function drawTimeAxis(
  surface: Surface,
  axis: { scale: TimeScale; y: number; label: (ms: number) => string },
): void {
  const { context, colours } = surface;
  const { scale, y, label } = axis;
  context.strokeStyle = colours["line-strong"];
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(scale.left, y + 0.5);
  context.lineTo(scale.right, y + 0.5);
  for (const tick of scale.ticks) {
    const x = Math.round(scale.x(tick)) + 0.5;
    context.moveTo(x, y);
    context.lineTo(x, y + 4);
  }
  context.stroke();
  setFont(surface, 11);
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  for (const tick of scale.ticks) {
    const text = label(tick);
    context.fillText(text, Math.min(scale.x(tick), surface.width - context.measureText(text).width / 2), y + 13);
  }
}

/** The node's colour and name in the gutter left of its lane. */
export function drawLaneLabel(
  surface: Surface,
  at: { x: number; y: number; width: number },
  label: { text: string; colour: string; strong: boolean },
): void {
  const { context, colours } = surface;
  context.fillStyle = label.colour;
  context.beginPath();
  context.roundRect(at.x, at.y - 4, 8, 8, 2);
  context.fill();
  setFont(surface, label.strong ? 12 : 11);
  context.textAlign = "left";
  context.fillStyle = label.strong ? colours.text : colours.muted;
  context.fillText(shortened(context, label.text, at.width - 16), at.x + 13, at.y + 0.5);
}

type Point = { x: number; y: number };

/** A line of an axis. */
export function drawLine(surface: Surface, from: Point, to: Point): void {
  const { context, colours } = surface;
  context.strokeStyle = colours["line-strong"];
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(Math.round(from.x) + 0.5, Math.round(from.y) + 0.5);
  context.lineTo(Math.round(to.x) + 0.5, Math.round(to.y) + 0.5);
  context.stroke();
}

export function setFont(surface: Surface, sizePx: number, weight = 400): void {
  surface.context.font = `${weight} ${sizePx}px ${surface.mono}`;
  surface.context.textBaseline = "middle";
}

function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let kept = text;
  while (kept.length > 1 && context.measureText(`${kept}…`).width > width) kept = kept.slice(0, -1);
  return `${kept}…`;
}
