import { memo } from "react";
import type { NamedDeadline } from "../lib/slot-clock.ts";
import { drawDeadlines, drawTimeAxis } from "./lane-drawing.ts";
import { type TimeScale, tickLabel } from "./time-scale.ts";
import { useCanvas } from "./use-canvas.ts";

const LABELS_HEIGHT = 18;
const TICKS_HEIGHT = 20;

/** The names of the deadlines above the lanes, or the axis with its ticks below them. */
export const TimeAxis = memo(function TimeAxis(props: {
  scale: TimeScale;
  deadlines?: readonly NamedDeadline[];
  part: "labels" | "ticks";
  title?: string;
  tick?: (ms: number) => string;
}) {
  const { scale, deadlines = [], part, title = "seconds since the slot's start", tick = tickLabel } = props;
  const canvas = useCanvas((surface) => {
    if (part === "ticks") drawTimeAxis(surface, { scale, y: 0, label: tick });
    else drawDeadlines(surface, { deadlines, scale, top: LABELS_HEIGHT - 4, bottom: LABELS_HEIGHT, labelY: 7 });
    return false;
  });
  return (
    <>
      <canvas ref={canvas} style={{ height: part === "ticks" ? TICKS_HEIGHT : LABELS_HEIGHT }} />
      {part === "ticks" && (
        <p className="axis-title" style={{ marginLeft: scale.left }}>
          {title}
        </p>
      )}
    </>
  );
});
