import type { PanelView } from "../../../src/panels/panel.ts";
import { valueAt } from "../../../src/panels/value-at.ts";
import { formatValue } from "./value-words.ts";

export type MetricLevel = "plain" | "warning" | "problem";

/** The number of a metric panel; undefined where the answer has none. */
export function metricNumber(view: PanelView & { kind: "metric" }, answer: unknown): number | undefined {
  const value = valueAt(answer, view.value);
  if (typeof value !== "number") return undefined;
  if (view.of === undefined) return value;
  const whole = valueAt(answer, view.of);
  return typeof whole === "number" && whole !== 0 ? value / whole : undefined;
}

/** The number of a metric panel as it is read, and whether it is beyond a threshold. */
export function metricOf(view: PanelView & { kind: "metric" }, answer: unknown): { text: string; level: MetricLevel } {
  const value = metricNumber(view, answer) ?? valueAt(answer, view.value);
  const shown = view.of !== undefined && metricNumber(view, answer) === undefined ? undefined : value;
  return { text: formatValue(shown, view.format), level: levelOf(view, shown) };
}

function levelOf({ thresholds }: PanelView & { kind: "metric" }, value: unknown): MetricLevel {
  if (thresholds === undefined || typeof value !== "number") return "plain";
  const beyond = (bound: number) => (thresholds.below === true ? value <= bound : value >= bound);
  if (beyond(thresholds.problem)) return "problem";
  return beyond(thresholds.warning) ? "warning" : "plain";
}
