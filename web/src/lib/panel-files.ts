import type { Panel } from "../../../src/panels/panel.ts";
import { valueAt } from "../../../src/panels/value-at.ts";
import { answerRows, columnsOf } from "./answer-rows.ts";
import { toCsv } from "./csv.ts";
import { metricNumber } from "./metric-value.ts";
import type { PanelAnswer } from "./panel-views.ts";
import { tableRows } from "./table-rows.ts";

/** The values that a panel shows as CSV: a table by its columns, a chart by what its rows hold. */
export function panelCsv(panel: Panel, { answer }: PanelAnswer): string {
  const { view } = panel;
  if (view.kind === "metric")
    return toCsv([panel.title], [[metricNumber(view, answer) ?? valueAt(answer, view.value) ?? null]]);
  if (view.kind === "table")
    return toCsv(
      view.columns.map(({ title }) => title),
      tableRows(view, answer),
    );
  const rows = answerRows(answer, view.property);
  const columns = columnsOf(rows);
  return toCsv(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  );
}

/** `network-health-slots 2026-11-28T10-00-00Z.csv`, with the moment to which the values go. */
export function fileName(id: string, toMs: number, ending: string): string {
  return `${id} ${new Date(toMs).toISOString().slice(0, 19).replaceAll(":", "-")}Z.${ending}`;
}
