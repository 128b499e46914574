import { useRef } from "react";
import type { NodeSlotRecord } from "../../../src/events/derived.ts";
import type { HostsAnswer, NetworkView } from "../../../src/serve/views.ts";
import { somethingCame } from "../lib/host-words.ts";
import { epochOf, namedDeadlines, slotStartMs } from "../lib/slot-clock.ts";
import { bandHeight, paintHostBand } from "./host-band-paint.ts";
import { marksOf } from "./lanes.ts";
import { TimeAxis } from "./time-axis.tsx";
import { TimeBox } from "./time-box.tsx";
import { createTimeScale, timelineSpan } from "./time-scale.ts";
import { useCanvas } from "./use-canvas.ts";
import { useWidth } from "./use-width.ts";

const NARROW_PX = 520;

/** What the nodes' servers did, on the very axis of the slot's timeline. */
export function HostBand(props: {
  network: NetworkView;
  slot: number;
  records: readonly NodeSlotRecord[];
  answer: HostsAnswer;
}) {
  const { network, slot, records, answer } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const narrow = width < NARROW_PX;
  const left = narrow ? 84 : 112;
  const deadlines = namedDeadlines(network, epochOf(network, slot));
  const timesMs = records.flatMap((record) => marksOf(record).map(({ ms }) => ms));
  const span = timelineSpan(network.slot_duration_ms, timesMs);
  const scale = createTimeScale({ ...span, left, right: Math.max(left + 50, width - 14) });
  const nodes = answer.nodes.filter(somethingCame);
  const clients = new Map(records.map(({ node, client }) => [node, client]));
  const startMs = slotStartMs(network, slot);
  const canvas = useCanvas((surface) => {
    paintHostBand(surface, { nodes, clients, scale, deadlines, startMs, stepMs: answer.step_ms, narrow });
    return false;
  });
  return (
    <TimeBox className="slot-timeline" box={box} scale={scale}>
      <TimeAxis scale={scale} deadlines={deadlines} part="labels" />
      <canvas ref={canvas} style={{ height: bandHeight(nodes) }} />
      <TimeAxis scale={scale} part="ticks" />
    </TimeBox>
  );
}
