import type { Json } from "../../events/document.ts";
import type { PanelView, ValueFormat } from "../../panels/panel.ts";
import { formatExpression, quoted, valueExpression } from "./value-expression.ts";

type Table = Extract<PanelView, { kind: "table" }>;

const LINE = 18;
/** How wide a column is beside others. */
const WEIGHTS: Readonly<Record<ValueFormat, number>> = {
  number: 2,
  integer: 2,
  identifier: 2.5,
  percent: 2,
  ms: 2.5,
  seconds: 2,
  bytes: 2,
  per_second: 2,
  time: 5,
  root: 3,
  text: 4,
};

/** Rows of texts below their titles; what does not fit in the height is not drawn, and a long text is cut. */
export function tableSpec({ columns }: Table): { [part: string]: Json } {
  const weights = columns.map(({ title, format }, at) => {
    // The last text is often the longest: a message.
    const stretch = format === "text" && at === columns.length - 1 ? 2.5 : 1;
    return Math.max(WEIGHTS[format] * stretch, title.length / 5);
  });
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const starts = weights.map((_, at) => weights.slice(0, at).reduce((sum, weight) => sum + weight, 0) / all);
  const cell = (at: number) => ({
    type: "text",
    align: "left",
    baseline: "middle",
    x: { expr: `width * ${(starts[at] ?? 0).toFixed(4)}` },
    limit: { expr: `max(20, width * ${((weights[at] ?? 0) / all).toFixed(4)} - 8)` },
  });
  return {
    transform: [
      ...columns.map(({ path, format }, at) => ({
        calculate: formatExpression(valueExpression(path), format),
        as: `c${at}`,
      })),
      { window: [{ op: "row_number", as: "row" }] },
      { filter: `(datum.row + 1) * ${LINE} <= height` },
    ],
    layer: [
      ...columns.map((_, at) => ({
        mark: { ...cell(at), y: { expr: `datum.row * ${LINE} + ${LINE / 2}` } },
        encoding: {
          text: { field: `c${at}`, type: "nominal" },
          tooltip: columns.map(({ title }, of) => ({ field: `c${of}`, type: "nominal", title })),
        },
      })),
      ...columns.map(({ title }, at) => ({
        data: { values: [{}] },
        mark: {
          ...cell(at),
          y: LINE / 2,
          fontWeight: "bold",
          color: { expr: "colour_muted" },
          text: { expr: quoted(title) },
        },
      })),
    ],
  };
}
