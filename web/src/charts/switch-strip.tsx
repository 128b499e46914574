import { memo, useRef } from "react";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import type { NetworkView } from "../../../src/serve/views.ts";
import { clientMark } from "../lib/client-palette.ts";
import { formatDelay } from "../lib/format.ts";
import { epochOf, type NamedDeadline, namedDeadlines, slotAt, slotStartMs } from "../lib/slot-clock.ts";
import type { LaneNode } from "./arrival-lanes.tsx";
import { resolvedColour } from "./colours.ts";
import { drawDeadlines, drawLaneLabel, setFont } from "./lane-drawing.ts";
import { TimeAxis } from "./time-axis.tsx";
import { TimeBox } from "./time-box.tsx";
import { createTimeScale, type TimeScale } from "./time-scale.ts";
import { type Surface, useCanvas } from "./use-canvas.ts";
import { useWidth } from "./use-width.ts";

const NARROW_PX = 520;
const LANE_PX = 30;
const TICK_PX = 16;
const MOST_STARTS = 6;

type Switch = ReorgRecord["switches"][number];

/** When each node left the branch: a lane a node, a tick where its head moved over, from the start of that slot on. */
export const SwitchStrip = memo(function SwitchStrip(props: {
  network: NetworkView;
  nodes: readonly LaneNode[];
  switches: readonly Switch[];
}) {
  const { network, nodes, switches } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const left = width < NARROW_PX ? 64 : 112;
  const timesMs = switches.map(({ at_ms }) => at_ms);
  const firstMs = Math.min(...timesMs);
  const slot = Math.max(0, slotAt(network, firstMs));
  const startMs = slotStartMs(network, slot);
  const slots = Math.max(1, slotAt(network, Math.max(...timesMs)) - slot + 1);
  const toMs = slots * network.slot_duration_ms;
  const scale = createTimeScale({ fromMs: 0, toMs, left, right: Math.max(left + 50, width - 14) });
  const marks = slots === 1 ? namedDeadlines(network, epochOf(network, slot)) : slotStarts(network, { slot, slots });

  const canvas = useCanvas((surface) => {
    drawDeadlines(surface, { deadlines: marks, scale, top: 0, bottom: surface.height });
    nodes.forEach((node, index) => {
      const own = switches.filter((one) => one.node === node.name);
      paintLane(surface, { node, own, firstMs, startMs, scale, base: (index + 1) * LANE_PX - 1 });
    });
    return false;
  });
  return (
    <TimeBox className="switch-strip" box={box} scale={scale}>
      <TimeAxis scale={scale} deadlines={marks} part="labels" />
      <canvas ref={canvas} style={{ height: nodes.length * LANE_PX }} />
      <TimeAxis scale={scale} part="ticks" title={`seconds since the start of slot ${slot}`} />
    </TimeBox>
  );
});

/** Where the slots after the first begin; none where they would stand too close. */
function slotStarts(network: NetworkView, input: { slot: number; slots: number }): NamedDeadline[] {
  const { slot, slots } = input;
  if (slots > MOST_STARTS) return [];
  return Array.from({ length: slots - 1 }, (_, index) => {
    const name = `slot ${slot + index + 1}`;
    return { label: name, words: name, ms: (index + 1) * network.slot_duration_ms };
  });
}

function paintLane(
  surface: Surface,
  lane: {
    node: LaneNode;
    own: readonly Switch[];
    firstMs: number;
    startMs: number;
    scale: TimeScale;
    base: number;
  },
): void {
  const { context, colours } = surface;
  const { node, own, firstMs, startMs, scale, base } = lane;
  const middle = base - LANE_PX / 2 + 1;
  context.fillStyle = colours.line;
  context.fillRect(scale.left, base, scale.right - scale.left, 1);
  const colour = resolvedColour(clientMark(node.client).colour);
  drawLaneLabel(
    surface,
    { x: 1, y: middle, width: scale.left - 8 },
    { text: node.name, colour, strong: own.length > 0 },
  );
  if (own.length === 0) {
    setFont(surface, 11);
    context.textAlign = "left";
    context.fillStyle = colours.muted;
    context.fillText("did not switch", scale.left + 6, middle);
    return;
  }
  for (const { at_ms } of own) {
    const x = scale.x(at_ms - startMs);
    context.fillStyle = colours.orphaned;
    context.fillRect(x - 1.25, base - (LANE_PX + TICK_PX) / 2, 2.5, TICK_PX);
    const text = at_ms === firstMs ? formatDelay(at_ms - startMs) : `+${formatDelay(at_ms - firstMs)}`;
    setFont(surface, 11);
    const room = context.measureText(text).width + 10;
    const toTheLeft = x + room > scale.right;
    const plate = { x: toTheLeft ? x - room : x + 4, y: middle - 8, width: room - 6, height: 16 };
    context.fillStyle = colours.surface;
    context.fillRect(plate.x, plate.y, plate.width, plate.height);
    context.fillStyle = colours.text;
    context.textAlign = "left";
    context.fillText(text, plate.x + 2, middle);
  }
}
