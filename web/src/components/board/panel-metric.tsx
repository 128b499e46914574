import type { PanelView } from "../../../../src/panels/panel.ts";
import type { SearchResponse } from "../../../../src/search/request.ts";
import { metricOf } from "../../lib/metric-value.ts";

/** One number, what it is compared with, and, by words and colour, whether it is a warning or a problem. */
export function PanelMetric({ view, answer }: { view: PanelView & { kind: "metric" }; answer: SearchResponse }) {
  const { text, level } = metricOf(view, answer);
  return (
    <div className={`panel-metric ${level}`}>
      <p className="metric-value number">
        {text}
        {view.unit !== undefined && <span className="metric-unit"> {view.unit}</span>}
      </p>
      {level !== "plain" && <p className="metric-level">{level === "problem" ? "✕ problem" : "▲ warning"}</p>}
      {view.baseline !== undefined && <p className="hint">{view.baseline}</p>}
    </div>
  );
}
