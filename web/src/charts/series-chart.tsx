import { memo, useEffect, useId, useRef } from "react";
import uPlot from "uplot";
import { onThemeChange } from "../lib/theme.ts";
import { pageFrames } from "./frame-loop.ts";
import type { ChartSpec, Line, Mark } from "./series.ts";
import { isDense, seriesOptions } from "./series-options.ts";
import { silencesOf } from "./series-silence.ts";
import { useWidth } from "./use-width.ts";
import type { Scale } from "./value-range.ts";

export type SeriesChartProps = {
  title: string;
  /** How to read it. */
  hint: string;
  /** What the values are of and their unit: the title of the axis. */
  unit: string;
  xs: readonly number[];
  /** What a place on the axis is: `slot` or `epoch`. */
  place: string;
  lines: readonly Line[];
  scale: Scale;
  marks?: readonly Mark[];
  tick(value: number): string;
  /** How a value is told beside the crosshair. */
  tell(value: number): string;
  /** Charts of one key share their crosshair. */
  syncKey: string;
  /** Why there may be no values at all. */
  because: string;
  /** Where a click on a place leads. */
  onOpen?: (place: number) => void;
};

const PLOT_PX = 112;
const AXIS_PX = 26;
const NO_MARKS: readonly Mark[] = [];

/**
 * Series over slots or epochs. New values are painted at most once a frame. The same values stand in a table on the
 * page; for readers the canvas is an image with its newest values as its name.
 */
export const SeriesChart = memo(function SeriesChart(props: SeriesChartProps) {
  const { title, hint, unit, xs, place, lines, scale, marks = NO_MARKS, tick, because, syncKey } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLParagraphElement>(null);
  const chart = useRef<uPlot>(undefined);
  const width = useWidth(box);
  const hasValues = lines.some(({ values }) => values.some((value) => value !== null));
  const silences = hasValues ? silencesOf(xs, lines) : [];
  const spec: ChartSpec = { xs, lines, scale, marks, tick };
  const latest = useRef({ spec, props });
  useEffect(() => {
    latest.current = { spec, props };
  });
  const kinds = [isDense(xs.length), ...lines.map(({ label, look, colour }) => `${label} ${look} ${colour}`)].join("|");
  const measured = width > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart is made anew only for other kinds of lines
  useEffect(() => {
    const element = box.current;
    if (!element || !measured || !hasValues) return;
    const made = new uPlot(
      seriesOptions({
        width: element.clientWidth,
        height: PLOT_PX + AXIS_PX,
        spec: () => latest.current.spec,
        syncKey,
        onCursor: (index) => {
          if (readout.current !== null) readout.current.textContent = readoutOf(latest.current.props, index);
        },
      }),
      dataOf(latest.current.spec),
      element,
    );
    chart.current = made;
    const repaint = () => made.redraw();
    const forgetTheme = onThemeChange(() => pageFrames.request(repaint));
    return () => {
      forgetTheme();
      pageFrames.cancel(repaint);
      made.destroy();
      chart.current = undefined;
    };
  }, [kinds, measured, hasValues, syncKey]);

  useEffect(() => {
    if (width > 0) chart.current?.setSize({ width, height: PLOT_PX + AXIS_PX });
  }, [width]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the marks are drawn with the values
  useEffect(() => {
    const update = () => {
      chart.current?.setData(dataOf({ xs, lines }));
      if (readout.current !== null) {
        readout.current.textContent = readoutOf(latest.current.props, chart.current?.cursor.idx ?? undefined);
      }
    };
    pageFrames.request(update);
    return () => pageFrames.cancel(update);
  }, [xs, lines, marks]);

  const open = () => {
    const index = chart.current?.cursor.idx;
    const at = index === null || index === undefined ? undefined : xs[index];
    if (at !== undefined) props.onOpen?.(at);
  };
  return (
    <figure className="series-chart" aria-labelledby={id}>
      <figcaption className="series-head">
        <h3 id={id}>{title}</h3>
        <p className="hint">{hint}</p>
      </figcaption>
      {hasValues ? (
        <>
          <div className="series-axis">
            <p className="axis-title">{unit}</p>
            <p className="readout number" ref={readout} />
          </div>
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the table below the charts leads to the same places by keyboard */}
          <div
            className={props.onOpen === undefined ? "series-face" : "series-face opens"}
            ref={box}
            role="img"
            aria-label={spoken(props)}
            onClick={open}
          />
          <p className="axis-title places">{place}</p>
          {silences.map(({ label, since, because: why }) => (
            <p className="silence" key={label}>
              No data of <b>{label}</b> {since === undefined ? "in this range" : `since ${place} ${since}`}: {why}
            </p>
          ))}
        </>
      ) : (
        <div className="series-face" ref={box}>
          <p className="empty">No data in this range: {because}</p>
        </div>
      )}
    </figure>
  );
});

function dataOf({ xs, lines }: Pick<ChartSpec, "xs" | "lines">): uPlot.AlignedData {
  return [[...xs], ...lines.map(({ values }) => [...values])];
}

/** The values at a place, or the newest ones. */
function readoutOf({ xs, lines, place, tell }: SeriesChartProps, index: number | undefined): string {
  const at =
    index ?? xs.findLastIndex((_, position) => lines.some(({ values }) => (values[position] ?? null) !== null));
  const values = lines.flatMap(({ label, values }) => {
    const value = values[at] ?? null;
    return value === null ? [] : [`${label} ${tell(value)}`];
  });
  return `${place} ${xs[at] ?? ""} · ${values.length === 0 ? "no data" : values.join(" · ")}`;
}

function spoken(props: SeriesChartProps): string {
  const { title, unit, xs, place } = props;
  return `${title}, ${unit}, ${place} ${xs[0]} to ${xs.at(-1)}; newest: ${readoutOf(props, undefined)}`;
}
