import { useRef } from "react";
import type { NodeSlotRecord } from "../../../src/events/derived.ts";
import type { NetworkView } from "../../../src/serve/views.ts";
import { epochOf, namedDeadlines } from "../lib/slot-clock.ts";
import { marksOf } from "./lanes.ts";
import { paintSlotTimeline, timelineHeight } from "./slot-timeline-paint.ts";
import { TimeAxis } from "./time-axis.tsx";
import { TimeBox } from "./time-box.tsx";
import { createTimeScale, timelineSpan } from "./time-scale.ts";
import { useCanvas } from "./use-canvas.ts";
import { useWidth } from "./use-width.ts";

const NARROW_PX = 520;

/** Everything of one slot that has a time, on one axis. */
export function SlotTimeline(props: { network: NetworkView; slot: number; records: readonly NodeSlotRecord[] }) {
  const { network, slot, records } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const narrow = width < NARROW_PX;
  const left = narrow ? 84 : 112;
  const deadlines = namedDeadlines(network, epochOf(network, slot));
  const timesMs = records.flatMap((record) => marksOf(record).map(({ ms }) => ms));
  const span = timelineSpan(network.slot_duration_ms, timesMs);
  const scale = createTimeScale({ ...span, left, right: Math.max(left + 50, width - 14) });
  const canvas = useCanvas((surface) => {
    paintSlotTimeline(surface, { records, scale, deadlines, slotDurationMs: network.slot_duration_ms, narrow });
    return false;
  });
  return (
    <TimeBox className="slot-timeline" box={box} scale={scale}>
      <TimeAxis scale={scale} deadlines={deadlines} part="labels" />
      <canvas ref={canvas} style={{ height: timelineHeight(records) }} />
      <TimeAxis scale={scale} part="ticks" />
    </TimeBox>
  );
}
