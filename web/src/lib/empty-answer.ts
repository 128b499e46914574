import type { Panel } from "../../../src/panels/panel.ts";
import { valueAt } from "../../../src/panels/value-at.ts";
import type { SearchResponse } from "../../../src/search/request.ts";
import { answerRows } from "./answer-rows.ts";
import { metricNumber } from "./metric-value.ts";

/** Whether there is nothing to show: no document matched, or the panel's part of the answer has nothing in it. */
export function isEmptyAnswer(panel: Panel, answer: SearchResponse): boolean {
  const { view } = panel;
  if (view.kind === "metric") {
    const value = valueAt(answer, view.value);
    return value === null || value === undefined || (view.of !== undefined && metricNumber(view, answer) === undefined);
  }
  return answer.hits.total?.value === 0 || answerRows(answer, view.property).length === 0;
}
