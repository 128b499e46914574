import { memo, useState } from "react";
import type { NodeSlotRecord } from "../../../src/events/derived.ts";
import type { NetworkView } from "../../../src/serve/views.ts";
import { clientMark } from "../lib/client-palette.ts";
import { epochOf, namedDeadlines } from "../lib/slot-clock.ts";
import { resolvedColour } from "./colours.ts";
import { drawBars, drawDeadlines, drawLaneLabel, drawMarks } from "./lane-drawing.ts";
import { createArrivals, tallestBar } from "./lanes.ts";
import type { TimeScale } from "./time-scale.ts";
import { useCanvas } from "./use-canvas.ts";

export type LaneNode = { name: string; client: string | null };

const prefersStillness = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** One slot of the arrival strip: a lane a node with the block's stages, votes and aggregates. */
export const ArrivalLanes = memo(function ArrivalLanes(props: {
  network: NetworkView;
  slot: number;
  nodes: readonly LaneNode[];
  records: ReadonlyMap<string, NodeSlotRecord> | undefined;
  scale: TimeScale;
  laneHeight: number;
  /** The running slot: what arrives fades in. */
  live: boolean;
}) {
  const { network, slot, nodes, records, scale, laneHeight, live } = props;
  const deadlines = namedDeadlines(network, epochOf(network, slot));
  const [arrivals] = useState(() => createArrivals(() => !prefersStillness()));
  const dueMs = deadlines.find(({ label }) => label === "att")?.ms ?? Number.POSITIVE_INFINITY;

  const canvas = useCanvas((surface) => {
    const { context, colours, height } = surface;
    const nowMs = performance.now();
    const known = [...(records?.values() ?? [])];
    const tallest = {
      votes: tallestBar(known, (record) => record.single_attestations),
      aggregates: tallestBar(known, (record) => record.aggregates),
    };
    drawDeadlines(surface, { deadlines, scale, top: 0, bottom: height });
    nodes.forEach((node, index) => {
      const row = { baseline: (index + 1) * laneHeight - 1, height: laneHeight - 3 };
      context.fillStyle = colours.line;
      context.fillRect(scale.left, row.baseline, scale.right - scale.left, 1);
      const colour = resolvedColour(clientMark(node.client).colour);
      drawLaneLabel(
        surface,
        { x: 1, y: row.baseline - row.height / 2, width: scale.left - 8 },
        { text: node.name, colour, strong: live },
      );
      const record = records?.get(node.name);
      if (record === undefined) return;
      const fadingOf = (kind: string) =>
        live ? { fading: { arrivals, nowMs, key: `${slot} ${node.name} ${kind}` } } : {};
      const bars = { baseline: row.baseline, height: row.height * 0.8 };
      const { single_attestations, aggregates } = record;
      drawBars(surface, bars, {
        bins: single_attestations,
        tallest: tallest.votes,
        colour: colours.votes,
        scale,
        ...fadingOf("votes"),
      });
      drawBars(
        surface,
        { ...bars, height: row.height * 0.5 },
        {
          bins: aggregates,
          tallest: tallest.aggregates,
          colour: colours.aggregates,
          scale,
          ...fadingOf("aggregates"),
        },
      );
      drawMarks(surface, row, { record, scale, dueMs, ...fadingOf("block") });
    });
    return live && arrivals.settle();
  });

  return <canvas ref={canvas} style={{ height: nodes.length * laneHeight }} />;
});
