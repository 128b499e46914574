import { memo, useEffect, useMemo, useRef } from "react";
import type { NodeSlotRecord, SlotRecord } from "../../../src/events/derived.ts";
import type { NetworkView } from "../../../src/serve/views.ts";
import { Link } from "../components/link.tsx";
import { SlotGlyph } from "../components/slot-glyph.tsx";
import { formatDelay } from "../lib/format.ts";
import { slotPath } from "../lib/router.ts";
import type { ServerClock } from "../lib/server-clock.ts";
import { epochOf, momentAt, namedDeadlines } from "../lib/slot-clock.ts";
import { LOOK_WORDS, lookOf } from "../lib/slot-look.ts";
import { ArrivalLanes, type LaneNode } from "./arrival-lanes.tsx";
import { pageFrames } from "./frame-loop.ts";
import { TimeAxis } from "./time-axis.tsx";
import { TimeBox } from "./time-box.tsx";
import { createTimeScale, type TimeScale } from "./time-scale.ts";
import { useWidth } from "./use-width.ts";

const NARROW_PX = 520;

/** The running slot and those before it, one lane a node, on one axis from 0 to the slot's length. */
export const ArrivalStrip = memo(function ArrivalStrip(props: {
  network: NetworkView;
  clock: ServerClock;
  nodes: readonly LaneNode[];
  slots: ReadonlyMap<number, SlotRecord>;
  nodeSlots: ReadonlyMap<number, ReadonlyMap<string, NodeSlotRecord>>;
  currentSlot: number;
  count: number;
}) {
  const { network, clock, nodes, slots, nodeSlots, currentSlot, count } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const toMs = network.slot_duration_ms;
  const scale = useMemo(() => {
    const left = width < NARROW_PX ? 64 : 112;
    return createTimeScale({ fromMs: 0, toMs, left, right: Math.max(left + 50, width - 14) });
  }, [toMs, width]);
  const epoch = epochOf(network, currentSlot);
  const deadlines = useMemo(() => namedDeadlines(network, epoch), [network, epoch]);
  const shown = Array.from({ length: count }, (_, back) => currentSlot - back).filter((slot) => slot >= 0);

  return (
    <TimeBox className="arrival-strip" box={box} scale={scale}>
      {width > 0 && (
        <>
          <TimeAxis scale={scale} deadlines={deadlines} part="labels" />
          {shown.map((slot, back) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place stays and its slot changes, so that nothing is built anew
            <section className="strip-slot" key={back}>
              <StripTitle slot={slot} record={slots.get(slot)} running={back === 0} />
              <div className="strip-lanes">
                <ArrivalLanes
                  network={network}
                  slot={slot}
                  nodes={nodes}
                  records={nodeSlots.get(slot)}
                  scale={scale}
                  laneHeight={laneHeight(nodes.length, back === 0)}
                  live={back === 0}
                />
                {back === 0 && <SlotCursor network={network} clock={clock} scale={scale} />}
              </div>
            </section>
          ))}
          <TimeAxis scale={scale} part="ticks" />
        </>
      )}
    </TimeBox>
  );
});

function StripTitle(props: { slot: number; record: SlotRecord | undefined; running: boolean }) {
  const { slot, record, running } = props;
  const look = running && record === undefined ? "pending" : lookOf(record);
  const delay = record?.delay_ms ?? null;
  return (
    <h3 className="strip-title">
      <SlotGlyph look={look} />
      <Link to={slotPath(slot)} className="number">
        {slot}
      </Link>
      <span className="muted">
        {running ? "now" : LOOK_WORDS[look]}
        {delay !== null && (
          <>
            {" "}
            · first seen <span className="number">{formatDelay(delay)}</span>
          </>
        )}
      </span>
    </h3>
  );
}

/** The line that walks through the running slot. It moves by itself, without React. */
function SlotCursor(props: { network: NetworkView; clock: ServerClock; scale: TimeScale }) {
  const { network, clock, scale } = props;
  const line = useRef<HTMLDivElement>(null);
  const latest = useRef(scale);
  useEffect(() => {
    latest.current = scale;
  }, [scale]);
  useEffect(() => {
    const stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
    let running = true;
    const move = () => {
      if (!running || !line.current) return;
      const { elapsedMs } = momentAt(network, clock.nowMs());
      const shownMs = stillness.matches ? Math.floor(elapsedMs / 1000) * 1000 : elapsedMs;
      line.current.style.transform = `translateX(${latest.current.x(shownMs)}px)`;
      pageFrames.request(move);
    };
    pageFrames.request(move);
    return () => {
      running = false;
      pageFrames.cancel(move);
    };
  }, [network, clock]);
  return <div className="slot-cursor" ref={line} />;
}

function laneHeight(nodes: number, running: boolean): number {
  if (nodes <= 3) return running ? 42 : 22;
  if (nodes <= 6) return running ? 30 : 16;
  return running ? 22 : 13;
}
