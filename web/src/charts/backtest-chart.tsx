import { type PointerEvent, useRef, useState } from "react";
import type { Backtest } from "../../../src/serve/views.ts";
import { isLoud } from "../lib/alert-words.ts";
import { type Firing, metricRuns, pictureSpan } from "../lib/backtest-figures.ts";
import { formatCount, formatUtc } from "../lib/format.ts";
import { shownText } from "../lib/safe-text.ts";
import { formatValue } from "../lib/value-words.ts";
import { createTimeScale, type TimeScale } from "./time-scale.ts";
import { roomyTicks, timeTickLabel } from "./time-ticks.ts";
import { useWidth } from "./use-width.ts";
import { createValueScale, type ValueScale } from "./value-scale.ts";

const LEFT = 58;
const RIGHT = 14;
const LANE_PX = 22;
const PLOT_PX = 150;
const AXIS_PX = 20;
const TICK_PX = 84;
const MARK_PX = 9;
/** So few values are seen one by one. */
const FEW_POINTS = 60;
/** A firing is seen, however short it was. */
const LEAST_PX = 2;

/**
 * The metric over the span with the firings: each is a mark in the lane above, shaped by whether it is one to be red for,
 * and a band over the metric for as long as it lasted. The table below has the same.
 */
export function BacktestChart({ backtest }: { backtest: Backtest }) {
  const { until_ms, alerts, metric } = backtest;
  const { fromMs, toMs } = pictureSpan(backtest);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [pointedMs, setPointedMs] = useState<number>();
  const right = Math.max(LEFT + 1, width - RIGHT);
  const scale = createTimeScale({ fromMs, toMs, left: LEFT, right });
  const points = metric?.points ?? [];
  const plotPx = points.length === 0 ? 0 : PLOT_PX;
  const base = LANE_PX + plotPx;
  const values =
    points.length === 0
      ? undefined
      : createValueScale({ values: points.map(([, value]) => value), least: 1e-9, top: LANE_PX + 8, bottom: base });
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setPointedMs(x >= LEFT && x <= right ? scale.ms(x) : undefined);
  };
  return (
    <figure className="backtest-chart" ref={box}>
      {metric !== null && (
        <figcaption className="series-axis">
          <p className="axis-title">
            {shownText(metric.title)}
            {metric.unit !== "" && `, ${shownText(metric.unit)}`}
          </p>
          <p className="readout number">{readout({ backtest, atMs: pointedMs, scale })}</p>
        </figcaption>
      )}
      {width > 0 && (
        <svg
          width={width}
          height={base + AXIS_PX}
          role="img"
          aria-label={spoken(backtest)}
          onPointerMove={point}
          onPointerLeave={() => setPointedMs(undefined)}
        >
          {/* As one, so that bands over each other are no darker. */}
          <g className="firings">
            {alerts.map((one) => (
              <Band key={`${one.about} ${one.since_ms}`} firing={one} scale={scale} base={base} untilMs={until_ms} />
            ))}
          </g>
          {values !== undefined && <Metric points={points} scale={scale} values={values} />}
          {values?.ticks.map((tick) => (
            <g key={tick}>
              <path className="axis" d={`M${LEFT - 6} ${values.y(tick)}h4`} />
              <text x={LEFT - 9} y={values.y(tick) + 4} textAnchor="end">
                {formatValue(tick, "number").replace("-", "−")}
              </text>
            </g>
          ))}
          <path className="axis" d={`M${LEFT - 2} ${LANE_PX}V${base}H${right}`} />
          {roomyTicks(scale, TICK_PX).map((ms) => (
            <g key={ms}>
              <path className="axis" d={`M${scale.x(ms)} ${base}v4`} />
              <text x={scale.x(ms)} y={base + 16} textAnchor="middle">
                {timeTickLabel(ms, toMs - fromMs)}
              </text>
            </g>
          ))}
          {alerts.map((one) => (
            <MarkOf key={`${one.about} ${one.since_ms}`} firing={one} x={scale.x(one.since_ms)} />
          ))}
          {pointedMs !== undefined && <path className="pointer" d={`M${scale.x(pointedMs)} 0V${base}`} />}
        </svg>
      )}
      <p className="axis-title places">time (UTC)</p>
    </figure>
  );
}

function Band(props: { firing: Firing; scale: TimeScale; base: number; untilMs: number }) {
  const { firing, scale, base, untilMs } = props;
  const from = Math.max(scale.left, scale.x(firing.since_ms));
  const to = Math.min(scale.right, scale.x(firing.until_ms ?? untilMs));
  return (
    <rect
      className={isLoud(firing.severity) ? "firing loud" : "firing"}
      x={from}
      y={LANE_PX}
      width={Math.max(LEAST_PX, to - from)}
      height={Math.max(0, base - LANE_PX)}
    />
  );
}

/** A diamond where one is red for it, a triangle where not. */
function MarkOf({ firing, x }: { firing: Firing; x: number }) {
  const half = MARK_PX / 2;
  const top = LANE_PX - MARK_PX - 4;
  const loud = isLoud(firing.severity);
  const shape = loud
    ? `M${x} ${top}l${half} ${half}l${-half} ${half}l${-half} ${-half}z`
    : `M${x} ${top + MARK_PX}l${-half} ${-MARK_PX}h${MARK_PX}z`;
  return <path className={loud ? "firing-mark loud" : "firing-mark"} d={shape} />;
}

function Metric(props: { points: readonly (readonly [number, number])[]; scale: TimeScale; values: ValueScale }) {
  const { points, scale, values } = props;
  return (
    <>
      {metricRuns(points).map((run) => {
        const [first] = run;
        if (first === undefined) return null;
        const place = ([ms, value]: readonly [number, number]) =>
          `${scale.x(ms).toFixed(1)} ${values.y(value).toFixed(1)}`;
        const dots = run.length === 1 || points.length <= FEW_POINTS ? run : [];
        return (
          <g key={first[0]}>
            {run.length > 1 && <path className="metric-line" d={`M${run.map(place).join("L")}`} />}
            {dots.map(([ms, value]) => (
              <circle key={ms} className="metric-point" cx={scale.x(ms)} cy={values.y(value)} r="2" />
            ))}
          </g>
        );
      })}
    </>
  );
}

/** The value and what was on at the moment that is pointed at. */
function readout({
  backtest,
  atMs,
  scale,
}: {
  backtest: Backtest;
  atMs: number | undefined;
  scale: TimeScale;
}): string {
  const { metric, alerts, until_ms } = backtest;
  if (atMs === undefined || metric === null) return "";
  const nearest = metric.points.reduce<readonly [number, number] | undefined>(
    (best, one) => (best === undefined || Math.abs(one[0] - atMs) < Math.abs(best[0] - atMs) ? one : best),
    undefined,
  );
  const isNear = nearest !== undefined && Math.abs(scale.x(nearest[0]) - scale.x(atMs)) < 12;
  const value = isNear ? `${formatValue(nearest[1], "number")} ${metric.unit}`.trim() : "no value";
  const on = alerts.filter((one) => one.since_ms <= atMs && atMs <= (one.until_ms ?? until_ms)).length;
  return `${formatUtc(atMs)} · ${value}${on === 0 ? "" : ` · ${formatCount(on, "alert")}`}`;
}

function spoken({ from_ms, until_ms, alerts, metric }: Backtest): string {
  const of = metric === null ? "" : `${metric.title} and `;
  return `${of}${formatCount(alerts.length, "firing")} from ${formatUtc(from_ms)} to ${formatUtc(until_ms)}`;
}
