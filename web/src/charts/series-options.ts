import uPlot from "uplot";
import { colours, monoFamily } from "./colours.ts";
import type { ChartSpec, Line } from "./series.ts";
import { drawLabels, drawMarks } from "./series-marks.ts";
import { valueRange } from "./value-range.ts";

const AXIS_PX = 26;
const LEFT_PX = 54;
const LABEL_PX = 70;
const NARROW_PX = 480;
const TICK_PX = 4;
/** Steps between slots or epochs: those of an epoch's length, and even ones. */
const STEPS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
/** Beyond that the dashes of a line run into each other, and they cost more than all else. */
const MOST_DASHED = 600;
/** A value that has no neighbours is a point: a line between nothing is not seen. */
const POINT_PX = 5;

/** A chart in the house's style. Colours are functions: a change of theme needs a repaint alone. */
export function seriesOptions(input: {
  width: number;
  height: number;
  spec: () => ChartSpec;
  syncKey: string;
  onCursor(index: number | undefined): void;
}): uPlot.Options {
  const { width, height, spec, syncKey, onCursor } = input;
  const font = () => `11px ${monoFamily()}`;
  const axis: uPlot.Axis = {
    stroke: () => colours().muted,
    font: font(),
    grid: { show: false },
    border: { show: true, width: 1, stroke: () => colours()["line-strong"] },
    ticks: { show: true, size: TICK_PX, width: 1, stroke: () => colours()["line-strong"] },
  };
  return {
    width,
    height,
    ms: 1,
    legend: { show: false },
    padding: [8, width < NARROW_PX ? 8 : LABEL_PX, 0, 0],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: POINT_PX + 1 },
      sync: { key: syncKey, setSeries: false },
    },
    scales: {
      x: {
        time: false,
        range: () => {
          const { xs } = spec();
          return [(xs[0] ?? 0) - 0.5, (xs.at(-1) ?? 1) + 0.5];
        },
      },
      y: { range: (_, lowest, highest) => valueRange(spec().scale, lowest, highest) },
    },
    axes: [
      {
        ...axis,
        size: AXIS_PX,
        gap: 3,
        space: 90,
        incrs: STEPS,
        values: (_, places) => places.map((place) => String(place)),
      },
      {
        ...axis,
        size: LEFT_PX,
        gap: 3,
        space: 26,
        values: (_, values) => values.map((value) => spec().tick(value)),
      },
    ],
    series: [{}, ...spec().lines.map((line) => seriesOf(line))],
    hooks: {
      draw: [
        (chart) => {
          drawMarks(chart, spec().marks);
          if (chart.width >= NARROW_PX) drawLabels(chart, spec().lines);
        },
      ],
      setCursor: [(chart) => onCursor(chart.cursor.idx ?? undefined)],
    },
  };
}

/** Whether there are too many places for dashes. */
export function isDense(places: number): boolean {
  return places > MOST_DASHED;
}

function seriesOf({ label, colour, look, values }: Line): uPlot.Series {
  const stroke = () => colours()[colour];
  const outlined = look === "outlined";
  return {
    label,
    stroke,
    spanGaps: false,
    width: outlined ? 1.2 : 2,
    ...(outlined && !isDense(values.length) ? { dash: [5, 3] } : {}),
    ...(look === "bars" && uPlot.paths.bars !== undefined
      ? { paths: uPlot.paths.bars({ size: [0.75, 24] }), fill: stroke, width: 0 }
      : {}),
    points: {
      show: look !== "bars",
      filter: (chart, seriesIndex) => lonely(chart.data[seriesIndex] ?? []),
      size: POINT_PX,
      width: 1.2,
      fill: outlined ? () => colours().surface : stroke,
    },
  };
}

/** The places whose neighbours have no value. */
function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const places: number[] = [];
  const known = (index: number) => values[index] !== null && values[index] !== undefined;
  for (let index = 0; index < values.length; index += 1) {
    if (known(index) && !known(index - 1) && !known(index + 1)) places.push(index);
  }
  return places;
}
