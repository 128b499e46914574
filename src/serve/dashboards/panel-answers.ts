import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { chainParameters } from "../../panels/chain-parameters.ts";
import { type FilledRequest, fillRequest } from "../../panels/fill-request.ts";
import type { Chosen, Panel, TimeRange } from "../../panels/panel.ts";
import { autoInterval, type ResolvedTime } from "../../panels/round-spans.ts";
import { resolveTimeRange } from "../../panels/time-range.ts";
import type { QueryBody } from "../../search/request.ts";
import type { PanelResult, SavedSearch } from "../dashboards-view.ts";
import type { NetworkView } from "../views.ts";
import type { Explorer } from "./explorer.ts";
import { checkBuckets, checkSpan, type QueryLimits, withinTime } from "./query-limits.ts";

/** Documents of a saved search that are answered. */
const SEARCH_HITS = 100;
const SEARCH_BUCKETS = 60;

/** What panels and saved searches show. */
export type PanelAnswers = {
  ofPanel(asked: { panel: Panel; time: TimeRange; chosen: Chosen; signal: AbortSignal }): Promise<PanelResult>;
  ofSearch(asked: { search: SavedSearch; time: TimeRange; signal: AbortSignal }): Promise<PanelResult>;
};

export function createPanelAnswers(deps: {
  explorer: Pick<Explorer, "search">;
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
    ofSearch: ({ search, time, signal }) =>
      answer({ time, signal, fill: (resolved) => ({ index: search.index, body: searchBody(search, resolved) }) }),
  };
}

function searchBody(search: SavedSearch, time: ResolvedTime): FilledRequest["body"] {
  const range = { gte: time.fromMs, lt: time.toMs, format: "epoch_millis" };
  const conditionOf = ({ field, value }: SavedSearch["filters"][number]): QueryBody =>
    // A phrase is an exact value for keywords, and finds it in a text, too.
    typeof value === "string" ? { match_phrase: { [field]: value } } : { term: { [field]: value } };
  const { query_string: query } = search;
  const [negated, wanted] = [true, false].map((negate) =>
    search.filters.filter((filter) => filter.negate === negate).map(conditionOf),
  );
  const { field, order } = search.sort ?? { field: "@timestamp", order: "desc" };
  return {
    query: {
      bool: {
        filter: [
          { range: { "@timestamp": range } },
          ...(query.trim() === "" ? [] : [{ query_string: { query } }]),
          ...(wanted ?? []),
        ],
        must_not: negated ?? [],
      },
    },
    size: SEARCH_HITS,
    track_total_hits: true,
    sort: [{ [field]: order }],
    aggs: {
      over_time: { date_histogram: { field: "@timestamp", fixed_interval: autoInterval(time, SEARCH_BUCKETS) } },
    },
  };
}
