import type { HostFigure, HostView, LogLine, NodeHosts } from "../../../src/serve/views.ts";
import { clientMark } from "../lib/client-palette.ts";
import { formatBytes, formatPercent, isError, isFull } from "../lib/host-words.ts";
import type { NamedDeadline } from "../lib/slot-clock.ts";
import { type Colours, resolvedColour } from "./colours.ts";
import { drawDeadlines, drawLaneLabel, setFont } from "./lane-drawing.ts";
import type { TimeScale } from "./time-scale.ts";
import type { Surface } from "./use-canvas.ts";

type FigureRow = { figure: HostFigure; label: string; height: number; colour: keyof Colours; whole?: number };

const HEAD_HEIGHT = 20;
const LINES_HEIGHT = 20;
const NODE_GAP = 12;

const ROWS: readonly FigureRow[] = [
  { figure: "cpu_share", label: "CPU", height: 30, colour: "votes", whole: 1 },
  { figure: "memory_share", label: "memory", height: 20, colour: "aggregates", whole: 1 },
  { figure: "in_bytes_per_s", label: "received", height: 20, colour: "contributions" },
  { figure: "out_bytes_per_s", label: "sent", height: 20, colour: "columns" },
];

type Scene = {
  nodes: readonly NodeHosts[];
  clients: ReadonlyMap<string, string | null>;
  scale: TimeScale;
  deadlines: readonly NamedDeadline[];
  /** The slot's start, Unix milliseconds. */
  startMs: number;
  stepMs: number;
  narrow: boolean;
};

function heightOf({ hosts, lines }: NodeHosts): number {
  const figures = hosts.length * (HEAD_HEIGHT + ROWS.reduce((sum, { height }) => sum + height, 0));
  return (hosts.length === 0 ? HEAD_HEIGHT : figures) + (lines === null ? 0 : LINES_HEIGHT) + NODE_GAP;
}

export function bandHeight(nodes: readonly NodeHosts[]): number {
  return nodes.reduce((sum, node) => sum + heightOf(node), 0);
}

/** For each server of a node its figures, bytes on one scale over all of them, and below them the node's lines. */
export function paintHostBand(surface: Surface, scene: Scene): void {
  const { nodes, clients, scale, deadlines } = scene;
  drawDeadlines(surface, { deadlines, scale, top: 0, bottom: surface.height });
  const most = new Map(ROWS.map((row) => [row.figure, row.whole ?? mostOf(nodes, row.figure)]));
  let y = 0;
  for (const node of nodes) {
    const colour = resolvedColour(clientMark(clients.get(node.node) ?? null).colour);
    if (node.hosts.length === 0) {
      drawHead(surface, { text: node.node, told: "no figures", y, colour, scene });
      y += HEAD_HEIGHT;
    }
    for (const host of node.hosts) {
      drawHead(surface, { text: node.node, told: headWords(host, scene), y, colour, scene });
      y += HEAD_HEIGHT;
      for (const row of ROWS) {
        y += row.height;
        drawFigure(surface, { host, row, y, most: most.get(row.figure) ?? 0, scene });
      }
    }
    if (node.lines !== null) {
      y += LINES_HEIGHT;
      drawLines(surface, { lines: node.lines.newest, y, scene });
    }
    y += NODE_GAP;
  }
}

function mostOf(nodes: readonly NodeHosts[], figure: HostFigure): number {
  return Math.max(
    0,
    ...nodes.flatMap(({ hosts }) => hosts.flatMap(({ points }) => points.map((point) => point[figure] ?? 0))),
  );
}

/** The highest sample of each figure that stands on the axis. */
function headWords(host: HostView, { scale, startMs }: Scene): string {
  const shown = host.points.filter(({ at_ms }) => at_ms - startMs >= scale.fromMs && at_ms - startMs <= scale.toMs);
  const told = ROWS.flatMap(({ figure, label, whole }) => {
    const values = shown.flatMap((point) => point[figure] ?? []);
    if (values.length === 0) return [];
    const most = Math.max(...values);
    return [`${label} ${whole === undefined ? `${formatBytes(most)}/s` : formatPercent(most)}`];
  });
  return told.length === 0 ? `${host.host}   no sample in this slot` : `${host.host}   at most: ${told.join(", ")}`;
}

function drawHead(
  surface: Surface,
  head: { text: string; told: string; y: number; colour: string; scene: Scene },
): void {
  const { context, colours } = surface;
  const { text, told, colour, scene } = head;
  const middle = head.y + HEAD_HEIGHT / 2 + 2;
  drawLaneLabel(surface, { x: 1, y: middle, width: scene.scale.left - 8 }, { text, colour, strong: true });
  if (scene.narrow) return;
  setFont(surface, 11);
  context.fillStyle = colours.surface;
  context.fillRect(scene.scale.left - 2, middle - 8, context.measureText(told).width + 6, 16);
  context.textAlign = "left";
  context.fillStyle = colours.muted;
  context.fillText(told, scene.scale.left, middle + 0.5);
}

function drawBase(surface: Surface, row: { y: number; scale: TimeScale; label: string }): void {
  const { context, colours } = surface;
  context.fillStyle = colours.line;
  context.fillRect(row.scale.left, row.y, row.scale.right - row.scale.left, 1);
  setFont(surface, 10);
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  context.fillText(row.label, row.scale.left - 7, row.y - 6);
}

/** A sample is a dot; what lies between two is a line, with its ground filled. */
function drawFigure(
  surface: Surface,
  input: { host: HostView; row: FigureRow; y: number; most: number; scene: Scene },
): void {
  const { host, row, y, most, scene } = input;
  const { context, colours } = surface;
  const { scale, startMs, stepMs } = scene;
  drawBase(surface, { y, scale, label: row.label });
  const samples = host.points.flatMap((point) => {
    const value = point[row.figure];
    if (value === null || most <= 0) return [];
    const share = Math.min(1, value / most);
    return [
      {
        x: scale.x(point.at_ms + stepMs / 2 - startMs),
        y: y - share * (row.height - 6),
        full: row.figure === "cpu_share" && isFull("cpu_share", value),
      },
    ];
  });
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return;
  context.save();
  context.beginPath();
  context.rect(scale.left, y - row.height, scale.right - scale.left, row.height + 1);
  context.clip();
  context.beginPath();
  context.moveTo(first.x, y);
  for (const sample of samples) context.lineTo(sample.x, sample.y);
  context.lineTo(last.x, y);
  context.fillStyle = colours[row.colour];
  context.globalAlpha = 0.25;
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  for (const sample of samples) context.lineTo(sample.x, sample.y);
  context.strokeStyle = colours[row.colour];
  context.lineWidth = 1.5;
  context.stroke();
  for (const sample of samples) {
    context.fillStyle = sample.full ? colours.missed : colours[row.colour];
    context.beginPath();
    if (sample.full) context.rect(sample.x - 3, sample.y - 3, 6, 6);
    else context.arc(sample.x, sample.y, 2.5, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

/** An error is a filled diamond, a warning an outlined one. */
function drawLines(surface: Surface, input: { lines: readonly LogLine[]; y: number; scene: Scene }): void {
  const { lines, y, scene } = input;
  const { context, colours } = surface;
  const { scale, startMs } = scene;
  drawBase(surface, { y, scale, label: "lines" });
  for (const line of lines.toReversed()) {
    const ms = line.at_ms - startMs;
    if (ms < scale.fromMs || ms > scale.toMs) continue;
    const [x, middle, size] = [scale.x(ms), y - LINES_HEIGHT / 2 + 1, 5];
    context.beginPath();
    context.moveTo(x, middle - size);
    context.lineTo(x + size, middle);
    context.lineTo(x, middle + size);
    context.lineTo(x - size, middle);
    context.closePath();
    const error = isError(line);
    context.fillStyle = error ? colours.missed : colours.surface;
    context.strokeStyle = error ? colours.missed : colours.late;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  }
}
