import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { type FilledRequest, fillRequest } from "../../panels/fill-request.ts";
import type { Chosen, Panel, TimeRange } from "../../panels/panel.ts";
import type { ResolvedTime } from "../../panels/round-spans.ts";
import { searchBody } from "../../panels/saved-search.ts";
import { resolveTimeRange } from "../../panels/time-range.ts";
import type { PanelResult, SavedSearch } from "../dashboards-view.ts";
import type { NetworkView } from "../views.ts";
import { chainParameters } from "./chain-parameters.ts";
import type { Explorer } from "./explorer.ts";
import { checkBuckets, checkSpan, type QueryLimits, withinTime } from "./query-limits.ts";

/** What panels and saved searches show. */
export type PanelAnswers = {
  ofPanel(asked: { panel: Panel; time: TimeRange; chosen: Chosen; signal: AbortSignal }): Promise<PanelResult>;
  ofSearch(asked: { search: SavedSearch; time: TimeRange; signal: AbortSignal }): Promise<PanelResult>;
};

export function createPanelAnswers(deps: {
  explorer: Pick<Explorer, "search" | "timeField">;
  network: () => NetworkView;
  limits: QueryLimits;
  clock: Clock;
}): PanelAnswers {
  const { explorer, network, limits, clock } = deps;

  const answer = async (asked: {
    time: TimeRange;
    fill: (time: ResolvedTime, network: string) => FilledRequest;
    signal: AbortSignal;
  }): Promise<PanelResult> => {
    const startUs = clock.monoUs();
    const view = network();
    const time = resolveTimeRange(asked.time, Math.floor(clock.nowUs() / 1000));
    checkSpan(time, limits);
    const { index, body } = asked.fill(time, view.name);
    const found = await withinTime({ signal: asked.signal, limitMs: limits.queryMs }, (signal) =>
      explorer.search({ index, body: body as JsonObject, ignoreMissing: true, signal }),
    );
    checkBuckets(found["aggregations"], limits);
    return {
      request: { index, body },
      answer: found,
      from_ms: time.fromMs,
      to_ms: time.toMs,
      chain: chainParameters(view, time.toMs),
      network: view.name,
      took_ms: Math.round((clock.monoUs() - startUs) / 1000),
    };
  };

  return {
    // This monitor shows its own network alone, also where a cluster holds several.
    ofPanel: ({ panel, time, chosen, signal }) =>
      answer({ time, signal, fill: (resolved, name) => fillRequest({ panel, time: resolved, chosen, network: name }) }),
    async ofSearch({ search, time, signal }) {
      const timeField = await explorer.timeField(search.index, signal);
      const fill = (resolved: ResolvedTime) => ({
        index: search.index,
        body: searchBody({ search, timeField, time: resolved }),
      });
      return answer({ time, signal, fill });
    },
  };
}
