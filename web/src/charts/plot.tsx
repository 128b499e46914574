import { type ReactNode, useRef } from "react";
import { createTimeScale, type TimeScale, tickLabel } from "./time-scale.ts";
import { useWidth } from "./use-width.ts";

const LEFT_PX = 44;
const RIGHT_PX = 12;
const TOP_PX = 18;
const PLOT_PX = 180;
const AXIS_PX = 22;

/** A drawing over time and a share: its scales, in pixels. */
export type PlotScale = { time: TimeScale; y(share: number): number; base: number; top: number };

/**
 * Axes of a share from 0 to `mostShare` against milliseconds, a line for each named moment, and what `children` draw.
 * What it shows stands in a table beside it, so that it is hidden from screen readers.
 */
export function Plot(props: {
  fromMs: number;
  toMs: number;
  mostShare: number;
  title: string;
  moments?: readonly { ms: number; words: string }[];
  children: (scale: PlotScale) => ReactNode;
}) {
  const { fromMs, toMs, mostShare, title, moments = [], children } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const time = createTimeScale({ fromMs, toMs, left: LEFT_PX, right: Math.max(LEFT_PX + 1, width - RIGHT_PX) });
  const base = TOP_PX + PLOT_PX;
  const y = (share: number) => base - (PLOT_PX * share) / mostShare;
  return (
    <div className="plot" ref={box}>
      {width > 0 && (
        <svg width={width} height={base + AXIS_PX} aria-hidden="true">
          {moments
            .filter(({ ms }) => ms >= fromMs && ms <= toMs)
            .map(({ ms, words }) => (
              <g key={words}>
                <path className="moment" d={`M${time.x(ms)} ${TOP_PX}V${base}`} />
                <text x={time.x(ms)} y={TOP_PX - 6} textAnchor={time.x(ms) > width * 0.7 ? "end" : "middle"}>
                  {words}
                </text>
              </g>
            ))}
          {children({ time, y, base, top: TOP_PX })}
          <path className="axis" d={`M${LEFT_PX - 2} ${TOP_PX}V${base}H${width - RIGHT_PX}`} />
          {[0, 0.5, 1].map((part) => (
            <g key={part}>
              <path className="axis" d={`M${LEFT_PX - 6} ${y(part * mostShare)}h4`} />
              <text x={LEFT_PX - 9} y={y(part * mostShare) + 4} textAnchor="end">
                {percent(part * mostShare)}
              </text>
            </g>
          ))}
          {time.ticks.map((ms) => (
            <g key={ms}>
              <path className="axis" d={`M${time.x(ms)} ${base}v4`} />
              <text x={time.x(ms)} y={base + 16} textAnchor="middle">
                {tickLabel(ms)}
              </text>
            </g>
          ))}
        </svg>
      )}
      <p className="axis-title">{title}</p>
    </div>
  );
}

/** `5 %`, `2.5 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
