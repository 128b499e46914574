import type uPlot from "uplot";
import { colours } from "./colours.ts";
import { labelPlaces } from "./label-places.ts";
import type { Line, Mark } from "./series.ts";
import { drawSlotCell } from "./shapes.ts";

const LABEL_ROOM_PX = 13;
const MARK_PX = 7;
/** More marks than that would stand on each other. */
const NARROWEST_MARK_PX = 3;

/** Draws in CSS pixels over uPlot's canvas, which counts those of the device. */
function inCssPixels(chart: uPlot, draw: (context: CanvasRenderingContext2D, ratio: number) => void): void {
  const ratio = chart.ctx.canvas.width / chart.width;
  chart.ctx.save();
  chart.ctx.scale(ratio, ratio);
  draw(chart.ctx, ratio);
  chart.ctx.restore();
}

/** Each line's name at its end, in its colour. */
export function drawLabels(chart: uPlot, lines: readonly Line[]): void {
  inCssPixels(chart, (context, ratio) => {
    const left = (chart.bbox.left + chart.bbox.width) / ratio + 7;
    const top = chart.bbox.top / ratio;
    const ended = lines.flatMap((line) => {
      const last = line.values.findLast((value) => value !== null);
      return last === undefined || last === null ? [] : [{ line, y: chart.valToPos(last, "y") + top }];
    });
    const places = labelPlaces(
      ended.map(({ y }) => y),
      { room: LABEL_ROOM_PX, top: top + 4, bottom: top + chart.bbox.height / ratio },
    );
    context.font = `11px ${getComputedStyle(chart.root).fontFamily}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const [index, { line }] of ended.entries()) {
      const y = places[index] ?? 0;
      context.strokeStyle = colours()[line.colour];
      context.lineWidth = line.look === "outlined" ? 1.2 : 2;
      context.setLineDash(line.look === "outlined" ? [3, 2] : []);
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(left + 9, y);
      context.stroke();
      context.fillStyle = colours().muted;
      context.fillText(line.label, left + 13, y + 0.5);
    }
  });
}

/** What became of the slots that have no value, at the foot of the chart in the shapes of the slot grid. */
export function drawMarks(chart: uPlot, marks: readonly Mark[]): void {
  inCssPixels(chart, (context, ratio) => {
    const left = chart.bbox.left / ratio;
    const base = (chart.bbox.top + chart.bbox.height) / ratio;
    const pitch = chart.valToPos(1, "x") - chart.valToPos(0, "x");
    const width = Math.max(NARROWEST_MARK_PX, Math.min(MARK_PX, pitch));
    for (const { x, look } of marks) {
      const rect = { x: left + chart.valToPos(x, "x") - width / 2, y: base - MARK_PX - 2, width, height: MARK_PX };
      drawSlotCell({ context, colours: colours() }, rect, { look, share: 1 });
    }
  });
}
