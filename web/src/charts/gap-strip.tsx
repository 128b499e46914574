import { useRef } from "react";
import { clientMark } from "../lib/client-palette.ts";
import { formatUtcTime } from "../lib/format.ts";
import type { GapLane } from "../lib/gap-lanes.ts";
import { resolvedColour } from "./colours.ts";
import { drawLaneLabel } from "./lane-drawing.ts";
import { drawHatch } from "./shapes.ts";
import { TimeAxis } from "./time-axis.tsx";
import { TimeBox } from "./time-box.tsx";
import { clockLabel, createTimeScale, type TimeScale } from "./time-scale.ts";
import { type Surface, useCanvas } from "./use-canvas.ts";
import { useWidth } from "./use-width.ts";

const NARROW_PX = 520;
const LANE_PX = 26;
const BAR_PX = 12;
/** The shortest gap that can be seen. */
const LEAST_PX = 3;

/** When each node was heard: a lane a node, a gap is a hole in its bar. */
export function GapStrip({ lanes, fromMs, toMs }: { lanes: readonly GapLane[]; fromMs: number; toMs: number }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const left = width < NARROW_PX ? 64 : 112;
  const scale = createTimeScale({ fromMs, toMs, left, right: Math.max(left + 50, width - 14) });
  const canvas = useCanvas((surface) => {
    lanes.forEach((lane, index) => {
      paintLane(surface, { lane, scale, middle: index * LANE_PX + LANE_PX / 2 });
    });
    return false;
  });
  return (
    <TimeBox className="gap-strip" box={box} scale={scale} tell={(ms) => `${formatUtcTime(ms)} UTC`}>
      <canvas ref={canvas} style={{ height: lanes.length * LANE_PX + 4 }} />
      <TimeAxis scale={scale} part="ticks" title="time of day, UTC" tick={clockLabel} />
    </TimeBox>
  );
}

function paintLane(surface: Surface, input: { lane: GapLane; scale: TimeScale; middle: number }): void {
  const { context, colours } = surface;
  const { lane, scale, middle } = input;
  const colour = resolvedColour(clientMark(lane.client).colour);
  drawLaneLabel(
    surface,
    { x: 1, y: middle, width: scale.left - 8 },
    { text: lane.node, colour, strong: lane.gaps.some(({ open }) => open) },
  );
  const y = middle - BAR_PX / 2;
  const within = (ms: number) => scale.x(Math.min(scale.toMs, Math.max(scale.fromMs, ms)));
  const watchedX = within(lane.watchedSinceMs);
  if (watchedX > scale.left) {
    const rect = { x: scale.left, y, width: watchedX - scale.left, height: BAR_PX };
    context.save();
    context.beginPath();
    context.rect(rect.x, rect.y, rect.width, rect.height);
    context.clip();
    context.globalAlpha = 0.55;
    drawHatch(context, rect, colours["line-strong"]);
    context.restore();
  }
  context.globalAlpha = 0.45;
  context.fillStyle = colours.ok;
  context.fillRect(watchedX, y, scale.right - watchedX, BAR_PX);
  context.globalAlpha = 1;
  for (const gap of lane.gaps) {
    const [fromX, toX] = [within(gap.fromMs), within(gap.toMs)];
    const wide = Math.max(LEAST_PX, toX - fromX);
    const x = Math.min(fromX, scale.right - wide);
    context.fillStyle = colours.surface;
    context.fillRect(x - 1, y - 3, wide + 2, BAR_PX + 6);
    context.strokeStyle = colours.missed;
    context.lineWidth = Math.min(2, wide / 2);
    context.strokeRect(x + context.lineWidth / 2, y - 2, wide - context.lineWidth, BAR_PX + 4);
  }
}
