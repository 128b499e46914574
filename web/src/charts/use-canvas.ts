import { type RefObject, useEffect, useRef } from "react";
import { onThemeChange } from "../lib/theme.ts";
import { type Colours, colours, monoFamily } from "./colours.ts";
import { pageFrames } from "./frame-loop.ts";

/** What a painter works on: CSS pixels, already cleared and scaled to the device. */
export type Surface = {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  colours: Colours;
  /** The font family of figures. */
  mono: string;
};

/** Paints the whole canvas; answers whether something still moves, so that the next frame is painted too. */
export type Paint = (surface: Surface) => boolean;

/** A canvas that is painted after each render, resize and change of theme, at most once a frame. */
export function useCanvas(paint: Paint): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(paint);
  const repaint = useRef<() => void>(() => undefined);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const run = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = window.devicePixelRatio;
      const [pixelsWide, pixelsHigh] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (element.width !== pixelsWide || element.height !== pixelsHigh) {
        element.width = pixelsWide;
        element.height = pixelsHigh;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      if (latest.current({ context, width, height, colours: colours(), mono: monoFamily() })) pageFrames.request(run);
    };
    repaint.current = () => pageFrames.request(run);
    const observer = new ResizeObserver(repaint.current);
    observer.observe(element);
    const forgetTheme = onThemeChange(repaint.current);
    return () => {
      observer.disconnect();
      forgetTheme();
      pageFrames.cancel(run);
    };
  }, []);

  useEffect(() => {
    latest.current = paint;
    repaint.current();
  });
  return canvas;
}
