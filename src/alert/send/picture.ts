import type { MetricSeries } from "./delivery-content.ts";
import { encodePng } from "./png.ts";
import { eachDot, LETTER_HEIGHT, LETTER_WIDTH } from "./tiny-font.ts";

/** Twice what a mail shows, for the screens of phones. */
const WIDTH = 960;
const HEIGHT = 340;
const LETTER = 3;
const PLOT = { left: 150, right: WIDTH - 20, top: 64, bottom: HEIGHT - 44 };
const MAX_POINTS = 2_000;

const COLOURS = ["#ffffff", "#e4e4e4", "#5a5a5a", "#2b6cb0", "#c53030", "#dd6b20"] as const;
const GRID = 1;
const TEXT = 2;
const LINE = 3;
const THRESHOLD = 4;
const MARK = 5;

/**
 * The metric of an alert as a PNG: its line, the threshold dashed, a marker where the condition was met. Undefined where
 * there are no two points to draw.
 */
export function drawMetric({ title, unit, points, threshold, marks }: MetricSeries): Buffer | undefined {
  const drawn = points.filter(([ms, value]) => Number.isFinite(ms) && Number.isFinite(value)).slice(-MAX_POINTS);
  const [first] = drawn;
  const last = drawn.at(-1);
  if (first === undefined || last === undefined || last[0] <= first[0]) return undefined;

  const canvas = createCanvas();
  const values = [...drawn.map(([, value]) => value), ...(threshold === undefined ? [] : [threshold])];
  const ticks = ticksOf(Math.min(...values), Math.max(...values));
  const [low = 0] = ticks;
  const high = ticks.at(-1) ?? 1;
  const xOf = (ms: number) => scale(ms, { from: first[0], to: last[0] }, { from: PLOT.left, to: PLOT.right });
  const yOf = (value: number) => scale(value, { from: low, to: high }, { from: PLOT.bottom, to: PLOT.top });

  for (const tick of ticks) {
    const y = yOf(tick);
    canvas.row({ y, from: PLOT.left, to: PLOT.right, colour: GRID });
    const words = tickWords(tick);
    canvas.text({ words, x: PLOT.left - 12 - widthOf(words), y: y - (LETTER_HEIGHT * LETTER) / 2 });
  }
  for (const ms of marks.filter((one) => one >= first[0] && one <= last[0])) drawMark(canvas, xOf(ms));
  if (threshold !== undefined) {
    const y = yOf(threshold);
    for (let x = PLOT.left; x < PLOT.right; x += 20)
      canvas.row({ y, from: x, to: x + 11, colour: THRESHOLD, thick: 3 });
  }
  for (const [at, point] of drawn.entries()) {
    const before = drawn[at - 1];
    if (before !== undefined)
      canvas.line({ from: [xOf(before[0]), yOf(before[1])], to: [xOf(point[0]), yOf(point[1])] });
  }
  const [begin, end] = timeWords(first[0], last[0]);
  canvas.text({ words: begin, x: PLOT.left, y: PLOT.bottom + 14 });
  canvas.text({ words: end, x: PLOT.right - widthOf(end), y: PLOT.bottom + 14 });
  const most = Math.floor((WIDTH - 20) / (LETTER_WIDTH * LETTER));
  canvas.text({ words: `${title}${unit === "" ? "" : `, ${unit}`}`.slice(0, most), x: 12, y: 8 });
  return encodePng({ width: WIDTH, height: HEIGHT, pixels: canvas.pixels, colours: COLOURS });
}

type Canvas = ReturnType<typeof createCanvas>;

function createCanvas() {
  const pixels = new Uint8Array(WIDTH * HEIGHT);
  const square = (x: number, y: number, { size, colour }: { size: number; colour: number }) => {
    const left = Math.round(x - size / 2);
    const top = Math.round(y - size / 2);
    for (let row = Math.max(0, top); row < Math.min(HEIGHT, top + size); row += 1) {
      pixels.fill(colour, row * WIDTH + Math.max(0, left), row * WIDTH + Math.min(WIDTH, left + size));
    }
  };
  return {
    pixels,
    square,
    row(line: { y: number; from: number; to: number; colour: number; thick?: number }) {
      const { y, from, to, colour, thick = 2 } = line;
      for (let x = from; x <= Math.min(to, PLOT.right); x += 1) square(x, y, { size: thick, colour });
    },
    line({ from: [x0, y0], to: [x1, y1] }: { from: readonly [number, number]; to: readonly [number, number] }) {
      const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
      for (let step = 0; step <= steps; step += 1) {
        square(x0 + ((x1 - x0) * step) / steps, y0 + ((y1 - y0) * step) / steps, { size: 4, colour: LINE });
      }
    },
    text({ words, x, y }: { words: string; x: number; y: number }) {
      eachDot(words, (column, row) => {
        square(x + (column + 0.5) * LETTER, y + (row + 0.5) * LETTER, { size: LETTER, colour: TEXT });
      });
    },
  };
}

/** A dotted line with a triangle on top. */
function drawMark(canvas: Canvas, x: number): void {
  for (let y = PLOT.top; y < PLOT.bottom; y += 8) canvas.square(x, y, { size: 3, colour: MARK });
  for (let row = 0; row < 14; row += 1) {
    const half = 9 - row * 0.65;
    for (let across = -half; across <= half; across += 1) {
      canvas.square(x + across, PLOT.top - 14 + row, { size: 2, colour: MARK });
    }
  }
}

function widthOf(words: string): number {
  return words.length * LETTER_WIDTH * LETTER;
}

type Extent = { from: number; to: number };

function scale(value: number, of: Extent, onto: Extent): number {
  return onto.from + ((value - of.from) / (of.to - of.from)) * (onto.to - onto.from);
}

/** Three to six round values that enclose the two. */
function ticksOf(least: number, most: number): number[] {
  const span = most > least ? most - least : Math.max(Math.abs(most), 1);
  const power = 10 ** Math.floor(Math.log10(span / 3));
  const step = ([1, 2, 5, 10].find((one) => one * power >= span / 3.5) ?? 10) * power;
  const from = Math.floor(least / step);
  const to = Math.max(from + 1, Math.ceil(most / step));
  return Array.from({ length: to - from + 1 }, (_, at) => (from + at) * step);
}

/** At most seven letters. */
function tickWords(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-3)) return value.toExponential(0);
  const [, letter, unit] = UNITS.find(([least]) => size >= least) ?? [0, "", 1];
  return `${Number((value / unit).toPrecision(4))}${letter}`;
}

const UNITS = [
  [1e12, "T", 1e12],
  [1e9, "G", 1e9],
  [1e6, "M", 1e6],
  [1e4, "k", 1e3],
] as const;

/** When the line begins and ends, the day where it is not one. */
function timeWords(fromMs: number, toMs: number): [string, string] {
  const from = new Date(fromMs).toISOString();
  const to = new Date(toMs).toISOString();
  const isOneDay = from.slice(0, 10) === to.slice(0, 10);
  const seconds = toMs - fromMs < 600_000 ? 19 : 16;
  const words = (iso: string) => (isOneDay ? iso.slice(11, seconds) : iso.slice(5, 16).replace("T", " "));
  return [words(from), `${words(to)} UTC`];
}
