import { type RefObject, useMemo, useState } from "react";
import type { JsonObject } from "../../../../src/events/foreign.ts";
import { completeSpec } from "../../../../src/panels/complete-spec.ts";
import type { Panel } from "../../../../src/panels/panel.ts";
import type { Crosshair } from "../../charts/crosshair.ts";
import { type ChartHandle, VegaChart } from "../../charts/vega-chart.tsx";
import { isEmptyAnswer } from "../../lib/empty-answer.ts";
import type { PanelAnswer } from "../../lib/panel-views.ts";
import { useTheme } from "../../lib/theme.ts";
import { useNodeColours } from "../../lib/use-node-colours.ts";
import { EmptyPanel } from "./empty-panel.tsx";
import { PanelMetric } from "./panel-metric.tsx";
import { AnswerTable, PanelTable } from "./panel-table.tsx";
import { PanelTrouble } from "./panel-trouble.tsx";

/** What a panel shows of its answer: the chart, the figure or the table, or why there is none. */
export function PanelFace(props: {
  panel: Panel;
  answer: PanelAnswer;
  asTable: boolean;
  crosshair?: Crosshair;
  handle?: RefObject<ChartHandle | null>;
}) {
  const { panel, answer, asTable, crosshair, handle } = props;
  const { view } = panel;
  if (answer.answer.timed_out) {
    return (
      <PanelTrouble title="The query took too long">
        The store stopped it and gave a part of the answer, which is not shown. A shorter time range, or fewer buckets
        in the query, answer sooner.
      </PanelTrouble>
    );
  }
  if (isEmptyAnswer(panel, answer.answer)) return <EmptyPanel panel={panel} answer={answer} />;
  if (view.kind === "metric") return <PanelMetric view={view} answer={answer.answer} />;
  if (view.kind === "table") return <PanelTable title={panel.title} view={view} answer={answer.answer} />;
  if (asTable) return <AnswerTable panel={panel} property={view.property} answer={answer.answer} />;
  return (
    <PanelChart
      panel={panel}
      answer={answer}
      {...(crosshair === undefined ? {} : { crosshair })}
      {...(handle === undefined ? {} : { handle })}
    />
  );
}

type Completed = { spec: JsonObject } | { problem: string };

function PanelChart(props: {
  panel: Panel;
  answer: PanelAnswer;
  crosshair?: Crosshair;
  handle?: RefObject<ChartHandle | null>;
}) {
  const { panel, answer, crosshair, handle } = props;
  const theme = useTheme();
  const colours = useNodeColours(theme);
  const [problem, setProblem] = useState<string>();
  const completed = useMemo((): Completed => {
    try {
      const { chain, from_ms: fromMs, to_ms: toMs } = answer;
      const time = { fromMs, toMs };
      return { spec: completeSpec({ panel, answer: answer.answer, chain, theme, time, colours }) as JsonObject };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }, [panel, answer, theme, colours]);
  const told = "problem" in completed ? completed.problem : problem;
  return (
    <>
      {told !== undefined && (
        <PanelTrouble title="The chart's specification cannot be drawn">
          Vega says: {told} The data are there: show them as a table, or edit the panel.
        </PanelTrouble>
      )}
      {"spec" in completed && (
        <div className="chart-box" hidden={told !== undefined}>
          <VegaChart
            spec={completed.spec}
            label={`${panel.title}. ${panel.description} The same values are shown by "As a table".`}
            onProblem={setProblem}
            {...(crosshair === undefined ? {} : { crosshair })}
            {...(handle === undefined ? {} : { handle })}
          />
        </div>
      )}
    </>
  );
}
