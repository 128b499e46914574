import type { Json } from "../../events/document.ts";
import type { PanelView } from "../../panels/panel.ts";
import { formatExpression, quoted, valueExpression } from "./value-expression.ts";

type Metric = Extract<PanelView, { kind: "metric" }>;

const LARGE = 30;
const SMALL = 12;

/** One number in the middle, its unit and what to compare it with below, in the colour that its threshold has. */
export function metricSpec(view: Metric): { [part: string]: Json } {
  const { value, of, format, unit, baseline } = view;
  const number = valueExpression(value);
  const shown =
    of === undefined
      ? number
      : `(isValid(${number}) && ${valueExpression(of)} > 0 ? ${number} / ${valueExpression(of)} : null)`;
  const below = [unit, baseline].filter((part) => part !== undefined).join(" · ");
  return {
    transform: [
      { calculate: shown, as: "number" },
      { calculate: formatExpression("datum.number", format), as: "text" },
      { calculate: quoted(below), as: "below" },
      { calculate: colourExpression(view), as: "colour" },
    ],
    layer: [
      {
        mark: { type: "text", fontSize: LARGE, fontWeight: "bold", baseline: "middle", dy: below === "" ? 0 : -8 },
        encoding: {
          text: { field: "text", type: "nominal" },
          color: { field: "colour", type: "nominal", scale: null },
        },
      },
      ...(below === ""
        ? []
        : [
            {
              mark: {
                type: "text",
                fontSize: SMALL,
                baseline: "middle",
                dy: LARGE / 2 + 6,
                color: { expr: "colour_muted" },
              },
              encoding: { text: { field: "below", type: "nominal" } },
            },
          ]),
    ],
  };
}

function colourExpression({ thresholds }: Metric): string {
  if (thresholds === undefined) return "colour_text";
  const { warning, problem, below = false } = thresholds;
  const reached = (bound: number) => `datum.number ${below ? "<=" : ">="} ${bound}`;
  const judged = `${reached(problem)} ? colour_missed : ${reached(warning)} ? colour_late : colour_text`;
  return `isNumber(datum.number) ? (${judged}) : colour_muted`;
}
