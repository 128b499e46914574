import { expect, test } from "vitest";
import { panelOfSearch } from "./explore-panel.ts";
import { exploreRequest } from "./explore-request.ts";
import { ruleOfPanel, ruleOfSearch } from "./explore-rule.ts";
import type { ExploreState } from "./explore-state.ts";
import { checkPanel } from "./panel-check.ts";

const state: ExploreState = {
  index: "logs-*",
  queryString: ' level:"error" ',
  filters: [
    { field: "host.name", value: 'n"1', negate: false },
    { field: "log.level", value: "info", negate: true },
  ],
  columns: ["host.name", "message"],
  sort: undefined,
  time: { from: "now-1h", to: "now" },
};
const time = { fromMs: 1_700_000_000_000, toMs: 1_700_003_600_000 };

test("the first page brings the histogram and the count, the next ones only documents", () => {
  const first = exploreRequest({ state, timeField: "@timestamp", time });
  expect(first.query).toEqual({
    bool: {
      filter: [
        {
          bool: {
            filter: [
              { query_string: { query: 'level:"error"', default_operator: "AND" } },
              { match_phrase: { "host.name": 'n"1' } },
            ],
            must_not: [{ match_phrase: { "log.level": "info" } }],
          },
        },
        { range: { "@timestamp": { gte: time.fromMs, lt: time.toMs, format: "epoch_millis" } } },
      ],
    },
  });
  expect(first.aggs).toHaveProperty("over_time.date_histogram.fixed_interval", "1m");
  const next = exploreRequest({ state, timeField: "@timestamp", time, after: [1, 2] });
  expect(next.search_after).toEqual([1, 2]);
  expect(next.aggs).toBeUndefined();
});

test("a search becomes a panel that the schema takes, of either kind", () => {
  for (const kind of ["histogram", "table"] as const) {
    const panel = panelOfSearch({ state, index: "logs-*", timeField: "@timestamp", kind });
    expect(checkPanel({ ...panel, id: "a" }).problems).toBeUndefined();
  }
  const timeless = panelOfSearch({ state, index: "logs-*", timeField: undefined, kind: "histogram" });
  expect(timeless.view.kind).toBe("table");
});

test("a search becomes a rule that looks for the same over the last minute", () => {
  const rule = ruleOfSearch({ state, index: "a-*,b-*", timeField: "@timestamp" });
  expect(rule).toHaveProperty("input.search.request.indices", ["a-*", "b-*"]);
  expect(JSON.stringify(rule)).toContain("now-90s");
});

test("a panel becomes a rule over the same search, without what stands for a range of time", () => {
  const { panel } = {
    panel: panelOfSearch({ state, index: "ethmon-slot-{network}", timeField: "@timestamp", kind: "histogram" }),
  };
  const rule = ruleOfPanel({ panel, network: "mainnet" });
  expect(rule).toHaveProperty("input.search.request.indices", ["ethmon-slot-mainnet"]);
  expect(rule).toHaveProperty("input.search.request.body.aggs.over_time.date_histogram.fixed_interval", "1m");
  const metric = {
    ...panel,
    view: { kind: "metric" as const, value: "aggregations.a.value", format: "number" as const },
  };
  expect(ruleOfPanel({ panel: metric, network: "mainnet" })).toHaveProperty(
    ["condition", "compare", "ctx.payload.aggregations.a.value"],
    { gt: 0 },
  );
});
