import type { Bins, NodeSlotRecord } from "../../../src/events/derived.ts";
import { clientMark } from "../lib/client-palette.ts";
import { formatDelay } from "../lib/format.ts";
import type { NamedDeadline } from "../lib/slot-clock.ts";
import { type Colours, resolvedColour } from "./colours.ts";
import { drawBars, drawDeadlines, drawLaneLabel, drawMarks, setFont } from "./lane-drawing.ts";
import { countOf, tallestBar } from "./lanes.ts";
import type { TimeScale } from "./time-scale.ts";
import type { Surface } from "./use-canvas.ts";

type BinRow = { label: string; height: number; colour: keyof Colours; of: (record: NodeSlotRecord) => Bins };

const HEAD_HEIGHT = 20;
const MARKS_HEIGHT = 22;
const NODE_GAP = 12;

const BIN_ROWS: readonly BinRow[] = [
  { label: "votes", height: 30, colour: "votes", of: (record) => record.single_attestations },
  { label: "aggregates", height: 20, colour: "aggregates", of: (record) => record.aggregates },
  { label: "sync", height: 16, colour: "contributions", of: (record) => record.contributions },
  { label: "columns", height: 16, colour: "columns", of: (record) => record.columns },
  { label: "payload votes", height: 16, colour: "payload-votes", of: (record) => record.payload_attestations },
];

/** The rows that any node has something for: networks without data columns, or before Gloas, show no empty row. */
function shownRows(records: readonly NodeSlotRecord[]): readonly BinRow[] {
  return BIN_ROWS.filter((row) => row.label === "votes" || records.some((record) => row.of(record).length > 0));
}

export function timelineHeight(records: readonly NodeSlotRecord[]): number {
  const rows = shownRows(records).reduce((sum, row) => sum + row.height, 0);
  return records.length * (HEAD_HEIGHT + MARKS_HEIGHT + rows + NODE_GAP);
}

/** A group of rows for each node: the block's stages, then what arrived, each kind on one scale over all nodes. */
export function paintSlotTimeline(
  surface: Surface,
  scene: {
    records: readonly NodeSlotRecord[];
    scale: TimeScale;
    deadlines: readonly NamedDeadline[];
    slotDurationMs: number;
    narrow: boolean;
  },
): void {
  const { context, colours, height } = surface;
  const { records, scale, deadlines, slotDurationMs, narrow } = scene;
  const rows = shownRows(records);
  const tallest = rows.map((row) => tallestBar(records, row.of));
  const dueMs = deadlines.find(({ label }) => label === "att")?.ms ?? Number.POSITIVE_INFINITY;
  shadeOutside(surface, { scale, slotDurationMs });
  drawDeadlines(surface, { deadlines, scale, top: 0, bottom: height });

  let y = 0;
  for (const record of records) {
    const colour = resolvedColour(clientMark(record.client).colour);
    const middle = y + HEAD_HEIGHT / 2 + 2;
    drawLaneLabel(surface, { x: 1, y: middle, width: scale.left - 8 }, { text: record.node, colour, strong: true });
    if (!narrow) drawStageTimes(surface, { record, x: scale.left, y: middle });
    y += HEAD_HEIGHT + MARKS_HEIGHT;
    drawRowBase(surface, { y, scale, label: "block" });
    drawMarks(surface, { baseline: y, height: MARKS_HEIGHT - 2 }, { record, scale, dueMs });
    rows.forEach((row, index) => {
      y += row.height;
      const bins = row.of(record);
      drawRowBase(surface, { y, scale, label: row.label, count: countOf(bins) });
      drawBars(
        surface,
        { baseline: y, height: row.height - 5 },
        {
          bins,
          tallest: tallest[index] ?? 0,
          colour: colours[row.colour],
          scale,
        },
      );
    });
    y += NODE_GAP;
  }
  context.globalAlpha = 1;
}

function drawRowBase(surface: Surface, row: { y: number; scale: TimeScale; label: string; count?: number }): void {
  const { context, colours } = surface;
  const { y, scale, label, count } = row;
  context.fillStyle = colours.line;
  context.fillRect(scale.left, y, scale.right - scale.left, 1);
  setFont(surface, 10);
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  context.fillText(count === undefined || count === 0 ? label : `${label} ${count}`, scale.left - 7, y - 6);
}

function drawStageTimes(surface: Surface, at: { record: NodeSlotRecord; x: number; y: number }): void {
  const { record, x, y } = at;
  const stages: readonly [string, number | null][] = [
    ["gossip", record.gossip_ms],
    ["import", record.import_ms],
    ["head", record.head_ms],
  ];
  const told = stages.flatMap(([stage, ms]) => (ms === null ? [] : `${stage} ${formatDelay(ms)}`));
  setFont(surface, 11);
  const text = told.length === 0 ? "no block" : told.join("   ");
  const { context, colours } = surface;
  context.fillStyle = colours.surface;
  context.fillRect(x - 2, y - 8, context.measureText(text).width + 6, 16);
  context.textAlign = "left";
  context.fillStyle = colours.muted;
  context.fillText(text, x, y + 0.5);
}

/** What lies before the slot's start or after its end stands on a darker ground. */
function shadeOutside(surface: Surface, input: { scale: TimeScale; slotDurationMs: number }): void {
  const { context, colours, height } = surface;
  const { scale, slotDurationMs } = input;
  context.fillStyle = colours.sunken;
  const [start, end] = [scale.x(0), scale.x(slotDurationMs)];
  if (scale.fromMs < 0) context.fillRect(scale.left, 0, start - scale.left, height);
  if (scale.toMs > slotDurationMs) context.fillRect(end, 0, scale.right - end, height);
}
