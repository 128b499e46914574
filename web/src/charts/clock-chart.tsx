import { useRef } from "react";
import type { ClockLook } from "../../../src/serve/views.ts";
import { formatUtcTime } from "../lib/format.ts";
import { drawLine, setFont } from "./lane-drawing.ts";
import { TimeAxis } from "./time-axis.tsx";
import { TimeBox } from "./time-box.tsx";
import { clockLabel, createTimeScale, type TimeScale } from "./time-scale.ts";
import { type Surface, useCanvas } from "./use-canvas.ts";
import { useWidth } from "./use-width.ts";
import { createValueScale, type ValueScale } from "./value-scale.ts";

const LEFT_PX = 46;
const TITLE_PX = 18;
const OFFSET_PX = 84;
const DELAY_PX = 44;
const GAP_PX = 12;
/** The smallest ranges that are drawn, ms. */
const LEAST_OFFSET_MS = 10;
const LEAST_DELAY_MS = 20;
const MARK_PX = 5;

/**
 * The looks at the clock, newest first, over one span: above the offset with its error as a bar, where time servers
 * are asked; below how late the program ran.
 */
export function ClockChart(props: { looks: readonly ClockLook[]; fromMs: number; toMs: number; hasServers: boolean }) {
  const { looks, fromMs, toMs, hasServers } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const scale = createTimeScale({ fromMs, toMs, left: LEFT_PX, right: Math.max(LEFT_PX + 50, width - 8) });
  const offsetPx = hasServers ? TITLE_PX + OFFSET_PX + GAP_PX : 0;
  const canvas = useCanvas((surface) => {
    if (hasServers) paintOffsets(surface, { looks, scale, top: TITLE_PX });
    paintDelays(surface, { looks, scale, top: offsetPx + TITLE_PX });
    return false;
  });
  return (
    <TimeBox className="clock-chart" box={box} scale={scale} tell={(ms) => `${formatUtcTime(ms)} UTC`}>
      <canvas ref={canvas} style={{ height: offsetPx + TITLE_PX + DELAY_PX + 6 }} />
      <TimeAxis scale={scale} part="ticks" title="time of day, UTC" tick={clockLabel} />
    </TimeBox>
  );
}

type Plot = { looks: readonly ClockLook[]; scale: TimeScale; top: number };

function paintOffsets(surface: Surface, { looks, scale, top }: Plot): void {
  const { context, colours } = surface;
  const bottom = top + OFFSET_PX;
  const known = looks.flatMap(({ at_ms, offset_ms, error_ms }) =>
    offset_ms === null || error_ms === null ? [] : [{ at_ms, offset_ms, error_ms }],
  );
  const ends = known.flatMap(({ offset_ms, error_ms }) => [offset_ms - error_ms, offset_ms + error_ms]);
  const values = createValueScale({ values: ends, least: LEAST_OFFSET_MS, top, bottom });
  drawValueAxis(surface, { values, scale, top, bottom, title: "to add to this clock, ms, with its error" });
  drawLine(surface, { x: scale.left, y: values.y(0) }, { x: scale.right, y: values.y(0) });
  for (const { at_ms, offset_ms, error_ms } of known) {
    const x = scale.x(at_ms);
    const [high, low] = [values.y(offset_ms + error_ms), values.y(offset_ms - error_ms)];
    context.globalAlpha = 0.35;
    context.fillStyle = colours.accent;
    context.fillRect(x - 2, high, 4, Math.max(1, low - high));
    context.globalAlpha = 1;
    context.fillRect(x - MARK_PX / 2, values.y(offset_ms) - 1.5, MARK_PX, 3);
  }
  for (const { at_ms } of looks.filter(({ reachable }) => reachable === false)) {
    context.strokeStyle = colours.missed;
    context.lineWidth = 1.5;
    context.strokeRect(scale.x(at_ms) - MARK_PX / 2, values.y(0) - MARK_PX / 2, MARK_PX, MARK_PX);
  }
}

function paintDelays(surface: Surface, { looks, scale, top }: Plot): void {
  const { context, colours } = surface;
  const bottom = top + DELAY_PX;
  const delays = looks.map(({ loop_delay_p99_ms }) => loop_delay_p99_ms);
  const values = createValueScale({ values: delays, least: LEAST_DELAY_MS, top, bottom });
  drawValueAxis(surface, { values, scale, top, bottom, title: "how late the program ran, ms, p99" });
  for (const { at_ms, loop_delay_p99_ms } of looks) {
    const y = Math.min(bottom - 1.5, values.y(loop_delay_p99_ms));
    context.fillStyle = colours.votes;
    context.fillRect(scale.x(at_ms) - 2, y, 4, bottom - y);
  }
  drawLine(surface, { x: scale.left, y: bottom }, { x: scale.right, y: bottom });
}

function drawValueAxis(
  surface: Surface,
  axis: { values: ValueScale; scale: TimeScale; top: number; bottom: number; title: string },
): void {
  const { context, colours } = surface;
  const { values, scale, top, bottom, title } = axis;
  const x = scale.left - 2;
  drawLine(surface, { x, y: top }, { x, y: bottom });
  setFont(surface, 10);
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  for (const tick of values.ticks) {
    const y = values.y(tick);
    drawLine(surface, { x: x - 3, y }, { x, y });
    context.fillText(String(tick).replace("-", "−"), x - 6, y);
  }
  context.textAlign = "left";
  context.fillText(title, scale.left, top - 10);
}
