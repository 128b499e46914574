import { Error as ErrorLevel, type Item, type Loader, type LoggerInterface, parse, type Spec, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { OWN_PATH } from "../../../src/panels/own-path.ts";

/** A drawn chart. */
export type DrawnChart = {
  resize(width: number, height: number): void;
  /** The chart as a picture, on the colour of the page. */
  toPng(background: string): Promise<Blob>;
  /** The pixels of a moment on the horizontal axis of time, and the moment at a pixel; undefined where there is none. */
  pixelAt(timeMs: number): number | undefined;
  timeAt(pixel: number): number | undefined;
  close(): void;
};

export type ChartHandlers = {
  /** A mark that leads to a page of ours was clicked. */
  onOpen(path: string): void;
  /** What the pointer is on, as text; undefined when it is on nothing. */
  onTooltip(lines: readonly string[] | undefined, at: { x: number; y: number }): void;
  /** What is wrong with a chart that is drawn for the rest. */
  onProblem(sentence: string): void;
};

const MOST_TOOLTIP_LINES = 14;
const MOST_TOOLTIP_CHARACTERS = 200;

/**
 * Draws a complete Vega-Lite specification on a canvas. Its expressions are interpreted, not compiled, so that the page
 * needs no `unsafe-eval`. Rejects with a sentence of what is wrong with it.
 */
export async function drawChart(input: {
  element: HTMLElement;
  spec: JsonObject;
  width: number;
  height: number;
  handlers: ChartHandlers;
}): Promise<DrawnChart> {
  const { element, spec, width, height, handlers } = input;
  const logger = createLogger((words) => handlers.onProblem(words.map(String).join(" ")));
  const sized = { ...spec, width, height, autosize: { type: "fit", contains: "padding" } };
  const compiled = compile(sized as unknown as TopLevelSpec, { logger }).spec as Spec;
  const fits = JSON.stringify(compiled.autosize ?? "").includes("fit");
  const view = new View(parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter,
    loader: createRefusingLoader(handlers.onProblem),
    logger,
    renderer: "canvas",
    hover: true,
  });
  // Without an event the tooltip is cleared, as when the chart is drawn anew.
  view.tooltip((_, event: MouseEvent | null, __, value) => {
    if (event === null) return handlers.onTooltip(undefined, { x: 0, y: 0 });
    const { left, top } = element.getBoundingClientRect();
    handlers.onTooltip(tooltipLines(value), { x: event.clientX - left, y: event.clientY - top });
  });
  view.addEventListener("click", (_, item) => {
    const href = (item as (Item & { href?: unknown }) | null | undefined)?.href;
    if (typeof href === "string" && OWN_PATH.test(href)) handlers.onOpen(href);
  });
  try {
    await view.initialize(element).runAsync();
  } catch (error) {
    view.finalize();
    throw error;
  }
  const scale = () => {
    try {
      const found = view.scale("x") as { invert?: (pixel: number) => unknown; (value: number): unknown } | undefined;
      return typeof found?.invert === "function" ? found : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    resize(nextWidth, nextHeight) {
      if (!fits) return;
      void view.width(nextWidth).height(nextHeight).runAsync();
    },
    async toPng(background) {
      const before = view.background();
      const canvas = await view.background(background).toCanvas(2);
      view.background(before);
      return new Promise((resolve, reject) => {
        canvas.toBlob((blob) => (blob === null ? reject(new Error("The picture could not be made.")) : resolve(blob)));
      });
    },
    pixelAt(timeMs) {
      const pixel = scale()?.(timeMs);
      return typeof pixel === "number" && Number.isFinite(pixel) ? pixel + view.origin()[0] : undefined;
    },
    timeAt(pixel) {
      const value = scale()?.invert?.(pixel - view.origin()[0]);
      return value instanceof Date ? value.getTime() : undefined;
    },
    close: () => view.finalize(),
  };
}

/** What a mark tells, a line for each value; never as HTML. */
function tooltipLines(value: unknown): string[] | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const lines =
    typeof value === "object" && !Array.isArray(value)
      ? Object.entries(value).map(([name, one]) => `${name}: ${textOf(one)}`)
      : [textOf(value)];
  return lines.slice(0, MOST_TOOLTIP_LINES).map((line) => line.slice(0, MOST_TOOLTIP_CHARACTERS));
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A chart whose data are given needs nothing from anywhere; links of its marks are followed by the page. */
function createRefusingLoader(onRefused: (sentence: string) => void): Loader {
  const refuse = (uri: string) => {
    const sentence = `it may not load '${uri}'.`;
    onRefused(sentence);
    return Promise.reject(new Error(sentence));
  };
  const sanitize = (uri: string, options?: { context?: string }) =>
    options?.context === "href" ? Promise.reject(new Error("The page itself follows links.")) : refuse(uri);
  return { load: refuse, sanitize, http: refuse, file: refuse } as unknown as Loader;
}

/** Errors are told; warnings are for who develops Vega. */
function createLogger(onError: (words: readonly unknown[]) => void): LoggerInterface {
  let level = ErrorLevel;
  const logger = {
    level(next?: number) {
      if (next === undefined) return level;
      level = next;
      return logger;
    },
    error(...words: readonly unknown[]) {
      onError(words);
      return logger;
    },
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  };
  // Its `level` both reads and sets, which two signatures say in Vega's types.
  return logger as unknown as LoggerInterface;
}
