import { type PointerEvent, useRef, useState } from "react";
import { formatCount, formatUtc } from "../lib/format.ts";
import { createTimeScale } from "./time-scale.ts";
import { roomyTicks, type SlotAxis, slotTicks, timeTickLabel } from "./time-ticks.ts";
import { useWidth } from "./use-width.ts";

export type TimeBar = { fromMs: number; count: number };

const HEIGHT = 110;
const TOP = 8;
const LEFT = 52;
const RIGHT = 14;
const LINE_PX = 15;
const LEAST_DRAG_PX = 5;
const TICK_PX = 80;
const SLOT_PX = 70;

/**
 * How many documents there are over time, with slots below the times. A click on a bar, or a span that is dragged,
 * narrows the range; the table beside it does the same by keyboard.
 */
export function TimeHistogram(props: {
  bars: readonly TimeBar[];
  stepMs: number;
  fromMs: number;
  toMs: number;
  slots: SlotAxis | undefined;
  onZoom(fromMs: number, toMs: number): void;
}) {
  const { bars, stepMs, fromMs, toMs, slots, onZoom } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const [pointed, setPointed] = useState<TimeBar>();
  const scale = createTimeScale({ fromMs, toMs, left: LEFT, right: Math.max(LEFT + 1, width - RIGHT) });
  const most = bars.reduce((highest, { count }) => Math.max(highest, count), 0);
  const base = TOP + HEIGHT;
  const y = (count: number) => base - (most === 0 ? 0 : (HEIGHT * count) / most);
  const xOf = (event: PointerEvent<SVGSVGElement>) =>
    Math.min(width - RIGHT, Math.max(LEFT, event.clientX - event.currentTarget.getBoundingClientRect().left));
  const barAt = (x: number) => bars.find((bar) => scale.ms(x) >= bar.fromMs && scale.ms(x) < bar.fromMs + stepMs);
  const end = (event: PointerEvent<SVGSVGElement>) => {
    if (drag === undefined) return;
    const to = xOf(event);
    setDrag(undefined);
    if (Math.abs(to - drag.from) >= LEAST_DRAG_PX) {
      onZoom(scale.ms(Math.min(drag.from, to)), scale.ms(Math.max(drag.from, to)));
      return;
    }
    const bar = barAt(to);
    if (bar !== undefined && stepMs >= 1000) onZoom(bar.fromMs, bar.fromMs + stepMs);
  };
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  const below = slots === undefined ? [] : slotTicks(slots, scale, SLOT_PX);
  return (
    <div className="time-histogram" ref={box}>
      <p className="histogram-words number" aria-hidden="true">
        {pointed === undefined
          ? "drag to zoom in"
          : `${formatUtc(pointed.fromMs)} · ${formatCount(pointed.count, "document")}`}
      </p>
      {width > 0 && (
        <svg
          width={width}
          height={base + 6 + LINE_PX * (slots === undefined ? 1 : 2)}
          role="img"
          aria-label={`${formatCount(total, "document")} from ${formatUtc(fromMs)} to ${formatUtc(toMs)}; the same by span as a table below`}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            const from = xOf(event);
            setDrag({ from, to: from });
          }}
          onPointerMove={(event) => {
            const to = xOf(event);
            setPointed(barAt(to));
            if (drag !== undefined) setDrag({ ...drag, to });
          }}
          onPointerUp={end}
          onPointerCancel={() => setDrag(undefined)}
          onPointerLeave={() => setPointed(undefined)}
        >
          {bars.map((bar) => {
            const left = Math.max(LEFT, scale.x(bar.fromMs));
            const right = Math.min(width - RIGHT, scale.x(bar.fromMs + stepMs));
            const gap = right - left > 4 ? 1 : 0;
            return (
              <rect
                key={bar.fromMs}
                className={bar === pointed ? "bar pointed" : "bar"}
                x={left}
                y={y(bar.count)}
                width={Math.max(0.5, right - left - gap)}
                height={bar.count === 0 ? 0 : Math.max(1, base - y(bar.count))}
              />
            );
          })}
          {drag !== undefined && (
            <rect
              className="zoom"
              x={Math.min(drag.from, drag.to)}
              y={TOP}
              width={Math.abs(drag.to - drag.from)}
              height={HEIGHT}
            />
          )}
          <path className="axis" d={`M${LEFT} ${TOP}V${base}H${width - RIGHT}`} />
          {most > 0 && (
            <>
              <path className="axis" d={`M${LEFT - 4} ${y(most)}h4`} />
              <text x={LEFT - 7} y={y(most) + 4} textAnchor="end">
                {most}
              </text>
            </>
          )}
          <text x={LEFT - 7} y={base + 1} textAnchor="end">
            0
          </text>
          {roomyTicks(scale, TICK_PX).map((ms) => (
            <g key={ms}>
              <path className="axis" d={`M${scale.x(ms)} ${base}v4`} />
              <text x={scale.x(ms)} y={base + LINE_PX} textAnchor="middle">
                {timeTickLabel(ms, toMs - fromMs)}
              </text>
            </g>
          ))}
          {below.map(({ slot, x }) => (
            <text key={slot} className="slot-tick" x={x} y={base + 2 * LINE_PX} textAnchor="middle">
              {slot}
            </text>
          ))}
        </svg>
      )}
      <p className="axis-title">{slots === undefined ? "time (UTC)" : "time (UTC), slot below"} · documents upward</p>
    </div>
  );
}
