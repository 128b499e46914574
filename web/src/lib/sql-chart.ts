import type { PanelView } from "../../../src/panels/panel.ts";
import type { SqlAnswer } from "./panel-views.ts";

export type ChartKind = "line" | "bar" | "point";
export type ChartChoice = { kind: ChartKind; x: string; y: string };

type Spec = Extract<PanelView, { kind: "vega-lite" }>["spec"];

/** More marks than that are no chart that one reads. */
export const MOST_MARKS = 5000;

const NUMBER = /INT|DOUBLE|FLOAT|DECIMAL|REAL|HUGEINT|NUMERIC/i;
const TIME = /TIMESTAMP|DATE/i;

export function isNumberColumn({ type }: SqlAnswer["columns"][number]): boolean {
  return NUMBER.test(type) && !/\[\]$/.test(type);
}

function isTimeColumn({ type }: SqlAnswer["columns"][number]): boolean {
  return TIME.test(type);
}

/** What a chart of the rows begins with: a time or the first column along, the first number up; none without a number. */
export function firstChoice({ columns }: SqlAnswer): ChartChoice | undefined {
  const x = columns.find(isTimeColumn) ?? columns[0];
  const y = columns.find((column) => isNumberColumn(column) && column !== x);
  if (x === undefined || y === undefined) return undefined;
  return { kind: isTimeColumn(x) || isNumberColumn(x) ? "line" : "bar", x: x.name, y: y.name };
}

/** The rows as a chart: places `x` and `y`, by the names of their columns. */
export function chartSpec({ columns }: SqlAnswer, { kind, x, y }: ChartChoice): Spec {
  const column = columns.find(({ name }) => name === x);
  const type =
    column === undefined
      ? "nominal"
      : isTimeColumn(column)
        ? "temporal"
        : isNumberColumn(column)
          ? "quantitative"
          : "nominal";
  const along =
    type === "quantitative"
      ? { axis: { format: "d" }, scale: { zero: false } }
      : type === "nominal"
        ? { sort: null }
        : {};
  return {
    mark: { type: kind, tooltip: true },
    encoding: {
      x: { field: "x", type, ...(type === "temporal" ? {} : { title: x }), ...along },
      y: { field: "y", type: "quantitative", title: y },
    },
  };
}

/** Rows as the specification reads them. */
export function chartRows(answer: SqlAnswer, { x, y }: ChartChoice): { x: unknown; y: unknown }[] {
  const [atX, atY] = [x, y].map((wanted) => answer.columns.findIndex(({ name }) => name === wanted));
  if (atX === undefined || atY === undefined || atX < 0 || atY < 0) return [];
  return answer.rows.slice(0, MOST_MARKS).map((row) => ({ x: row[atX], y: row[atY] }));
}
