import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { chainParameters } from "../../panels/chain-parameters.ts";
import { type FilledRequest, fillRequest } from "../../panels/fill-request.ts";
import { type Chosen, type Panel, type TimeRange, VARIABLES } from "../../panels/panel.ts";
import type { ResolvedTime } from "../../panels/round-spans.ts";
import { searchBody } from "../../panels/saved-search.ts";
import { resolveTimeRange } from "../../panels/time-range.ts";
import type { PanelResult, SavedSearch } from "../dashboards-view.ts";
import type { Shareable } from "../shared-answers.ts";
import type { NetworkView } from "../views.ts";
import type { Explorer } from "./explorer.ts";
import { checkBuckets, checkSpan, type QueryLimits, withinTime } from "./query-limits.ts";

/** What panels and saved searches show. */
export type PanelAnswers = {
  ofPanel(asked: { panel: Panel; time: TimeRange; chosen: Chosen }): Shareable<PanelResult>;
  ofSearch(asked: { search: SavedSearch; time: TimeRange; signal: AbortSignal }): Promise<Shareable<PanelResult>>;
};

export function createPanelAnswers(deps: {
  explorer: Pick<Explorer, "search" | "timeField">;
  network: () => NetworkView;
  limits: QueryLimits;
  /** Times are rounded down to this, so that what is asked in the same while is equal; 0 leaves them as they are. */
  roundMs: number;
  clock: Clock;
}): PanelAnswers {
  const { explorer, network, limits, roundMs, clock } = deps;

  const prepare = (asked: {
    /** What is looked at, and the words it was asked with. */
    what: readonly string[];
    words: unknown;
    time: TimeRange;
    fill: (time: ResolvedTime, network: string) => FilledRequest;
  }): Shareable<PanelResult> => {
    const view = network();
    const wanted = resolveTimeRange(asked.time, Math.floor(clock.nowUs() / 1000));
    checkSpan(wanted, limits);
    const time = rounded(wanted, roundMs);
    const { index, body } = asked.fill(time, view.name);
    return {
      // Unrounded, the same words a moment later are another request, and may still have the same answer.
      key: JSON.stringify([...asked.what, roundMs === 0 ? asked.words : { index, body }]),
      async make(signal) {
        const startUs = clock.monoUs();
        const found = await withinTime({ signal, limitMs: limits.queryMs }, (within) =>
          explorer.search({ index, body: body as JsonObject, ignoreMissing: true, signal: within }),
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
      },
    };
  };

  return {
    ofPanel({ panel, time, chosen: asked }) {
      const chosen = mapped(panel, asked);
      return prepare({
        what: ["panel", panel.id],
        words: { time, chosen },
        time,
        // This monitor shows its own network alone, also where a cluster holds several.
        fill: (resolved, name) => fillRequest({ panel, time: resolved, chosen, network: name }),
      });
    },
    async ofSearch({ search, time, signal }) {
      const timeField = await explorer.timeField(search.index, signal);
      const fill = (resolved: ResolvedTime) => ({
        index: search.index,
        body: searchBody({ search, timeField, time: resolved }),
      });
      return prepare({ what: ["search", search.id], words: time, time, fill });
    },
  };
}

/** What is chosen of the variables that a panel maps, each value once and in one order: the others do not touch it. */
function mapped({ variables }: Panel, chosen: Chosen): Chosen {
  return Object.fromEntries(
    VARIABLES.flatMap((name) => {
      const values = chosen[name];
      return variables[name] === undefined || values === undefined ? [] : [[name, [...new Set(values)].sort()]];
    }),
  );
}

/** A range that would be empty keeps one step. */
function rounded({ fromMs, toMs }: ResolvedTime, stepMs: number): ResolvedTime {
  if (stepMs === 0) return { fromMs, toMs };
  const down = (ms: number) => Math.floor(ms / stepMs) * stepMs;
  return { fromMs: down(fromMs), toMs: Math.max(down(toMs), down(fromMs) + stepMs) };
}
