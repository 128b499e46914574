import type { JsonObject } from "../../../src/events/foreign.ts";
import { exploreQuery } from "./explore-request.ts";
import type { ExploreState } from "./explore-state.ts";

/** How often the rule looks, and how far back: a little further, since what is told is found a moment later. */
const EVERY = "1m";
const LOOKS_BACK = "now-90s";

/** A rule in Watcher's form that acts when the search finds anything in the last minute. */
export function ruleOfSearch(input: { state: ExploreState; index: string; timeField: string | undefined }): JsonObject {
  const { state, index, timeField } = input;
  const filters = [
    exploreQuery(state),
    ...(timeField === undefined ? [] : [{ range: { [timeField]: { gte: LOOKS_BACK, lt: "now" } } }]),
  ];
  return {
    trigger: { schedule: { interval: EVERY } },
    input: {
      search: {
        request: {
          indices: index.split(","),
          body: { size: 1, query: { bool: { filter: filters } }, track_total_hits: true } as never,
        },
      },
    },
    condition: { compare: { "ctx.payload.hits.total": { gt: 0 } } },
    throttle_period: "10m",
    actions: {
      log: { logging: { level: "warn", text: `{{ctx.payload.hits.total}} documents of ${index} fit the search.` } },
    },
  };
}
