import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { navigate } from "../lib/router.ts";
import type { Crosshair } from "./crosshair.ts";
import { pageFrames } from "./frame-loop.ts";
import type { DrawnChart } from "./vega-runtime.ts";

/** What can be done with a chart from outside of it. */
export type ChartHandle = { toPng(background: string): Promise<Blob> };

const LEAST_PX = { width: 120, height: 60 };

/**
 * A complete Vega-Lite specification as a chart that fills its box. The same values stand in a table, to which `label`
 * leads; what is wrong with the specification is told by `onProblem`.
 */
export function VegaChart(props: {
  spec: JsonObject;
  label: string;
  crosshair?: Crosshair;
  handle?: RefObject<ChartHandle | null>;
  onProblem(sentence: string | undefined): void;
}) {
  const { spec, label, crosshair, handle, onProblem } = props;
  const box = useRef<HTMLDivElement>(null);
  const face = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLSpanElement>(null);
  const chart = useRef<DrawnChart>(undefined);
  const problem = useRef(onProblem);
  const [tooltip, setTooltip] = useState<{ lines: readonly string[]; x: number; y: number }>();
  useEffect(() => {
    problem.current = onProblem;
  });

  useEffect(() => {
    const [place, target] = [box.current, face.current];
    if (place === null || target === null) return;
    let left = false;
    let found: string | undefined;
    const element = document.createElement("div");
    const size = () => ({
      width: Math.max(LEAST_PX.width, place.clientWidth),
      height: Math.max(LEAST_PX.height, place.clientHeight),
    });
    const draw = async () => {
      const { drawChart } = await import("./vega-runtime.ts");
      if (left) return;
      const drawn = await drawChart({
        element,
        spec,
        ...size(),
        handlers: {
          onOpen: navigate,
          onTooltip: (lines, at) => setTooltip(lines === undefined ? undefined : { lines, ...at }),
          onProblem: (sentence) => {
            found = sentence;
            if (!left) problem.current(sentence);
          },
        },
      });
      if (left) return drawn.close();
      chart.current?.close();
      chart.current = drawn;
      // The chart before stays until the new one is drawn.
      target.replaceChildren(element);
      problem.current(found);
    };
    draw().catch((error: unknown) => {
      if (!left) problem.current(error instanceof Error ? error.message : String(error));
    });
    const resized = () => pageFrames.request(resize);
    const resize = () => chart.current?.resize(size().width, size().height);
    const observer = new ResizeObserver(resized);
    observer.observe(place);
    return () => {
      left = true;
      observer.disconnect();
      pageFrames.cancel(resize);
    };
  }, [spec]);

  useEffect(
    () => () => {
      chart.current?.close();
      chart.current = undefined;
    },
    [],
  );

  useEffect(() => {
    return crosshair?.subscribe((timeMs) => {
      const pixel = timeMs === undefined ? undefined : chart.current?.pixelAt(timeMs);
      if (line.current === null) return;
      line.current.hidden = pixel === undefined || pixel < 0;
      line.current.style.transform = `translateX(${pixel ?? 0}px)`;
    });
  }, [crosshair]);

  useImperativeHandle(handle, () => ({
    toPng: (background) => chart.current?.toPng(background) ?? Promise.reject(new Error("The chart is not drawn yet.")),
  }));

  return (
    <div className="vega-chart" ref={box}>
      <div
        className="vega-face"
        ref={face}
        role="img"
        aria-label={label}
        onPointerMove={(event) => {
          const { left } = event.currentTarget.getBoundingClientRect();
          crosshair?.point(chart.current?.timeAt(event.clientX - left));
        }}
        onPointerLeave={() => {
          crosshair?.point(undefined);
          setTooltip(undefined);
        }}
      />
      <span className="crosshair" ref={line} hidden />
      {tooltip !== undefined && <Tooltip {...tooltip} width={box.current?.clientWidth ?? 0} />}
    </div>
  );
}

function Tooltip({ lines, x, y, width }: { lines: readonly string[]; x: number; y: number; width: number }) {
  const side = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 };
  return (
    <div className="chart-tooltip number" style={{ ...side, top: y + 12 }}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines may be equal, and none has a state
        <p key={index}>{line}</p>
      ))}
    </div>
  );
}
