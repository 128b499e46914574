import { expect, test } from "vitest";
import { askedByKibana } from "../../../test/rigs/kibana-vega.ts";
import { fillRequest } from "../../panels/fill-request.ts";
import { type Panel, panelSchema } from "../../panels/panel.ts";
import { unfilledPlaceholder, vegaRequest } from "./vega-request.ts";

const AUTO = { date_histogram: { field: "@timestamp", fixed_interval: { "%autointerval%": true } } };
const QUERY = { term: { "ethereum.late": true } };

const panelOf = (body: object, more: Partial<Panel> = {}): Panel =>
  panelSchema.parse({
    id: "one",
    title: "One",
    description: "One.",
    time_field: "@timestamp",
    request: { index: "ethmon-slot-{network}", body },
    view: { kind: "metric", value: "hits.total.value", format: "integer" },
    ...more,
  });
const requestOf = (panel: Panel, follows = true) => vegaRequest({ panel, network: "testnet", follows });

test("a panel without a query has context and time field beside its body", () => {
  expect(requestOf(panelOf({ size: 0, aggs: { time: AUTO } }))).toEqual({
    index: "ethmon-slot-testnet",
    body: {
      size: 0,
      aggs: { time: { date_histogram: { field: "@timestamp", interval: { "%autointerval%": true } } } },
    },
    "%context%": true,
    "%timefield%": "@timestamp",
  });
});

test("one that does not follow its dashboard has the time field alone, and without one neither", () => {
  expect(requestOf(panelOf({ size: 0 }), false)).toEqual({
    index: "ethmon-slot-testnet",
    body: { size: 0 },
    "%timefield%": "@timestamp",
  });
  const timeless = panelSchema.parse({ ...panelOf({}), time_field: undefined });
  expect(requestOf(timeless, false)).toEqual({ index: "ethmon-slot-testnet", body: {} });
});

test("a panel with a query has the dashboard's clauses and the time range within it", () => {
  const range = { range: { "@timestamp": { "%timefilter%": true } } };
  expect(requestOf(panelOf({ query: QUERY })).body["query"]).toEqual({
    bool: {
      must: ["%dashboard_context-must_clause%"],
      filter: [QUERY, range, "%dashboard_context-filter_clause%"],
      must_not: ["%dashboard_context-must_not_clause%"],
    },
  });
  expect(requestOf(panelOf({ query: QUERY }), false).body["query"]).toEqual({ bool: { filter: [QUERY, range] } });
});

test("where the network is a field, it is asked for", () => {
  const panel = panelOf({}, { variables: { network: "ethereum.network" } });
  expect(requestOf(panel, false).body["query"]).toMatchObject({
    bool: { filter: [{ term: { "ethereum.network": "testnet" } }, {}] },
  });
});

test("what Kibana asks is what is asked here, but for the bound that it includes", () => {
  const time = { fromMs: 1_700_000_000_000, toMs: 1_700_003_000_000 };
  for (const panel of [panelOf({ aggs: { time: AUTO } }), panelOf({ query: QUERY, aggs: { time: AUTO } })]) {
    const own = fillRequest({ panel, time, network: "testnet" });
    const theirs = askedByKibana({ spec: { data: { url: requestOf(panel) } }, time });
    expect(theirs.index).toBe(own.index);
    expect(theirs.body["aggs"]).toMatchObject({ time: { date_histogram: { fixed_interval: "1m" } } });
    expect(JSON.stringify(theirs.body)).not.toContain("%");
    expect(JSON.stringify(theirs.body["query"])).toContain(new Date(time.toMs).toISOString());
  }
});

test("a dashboard's filters reach a panel that follows, and no other", () => {
  const filters = { must: [], filter: [{ match_phrase: { "observer.name": "n1" } }], must_not: [] };
  const time = { fromMs: 0, toMs: 1 };
  const asked = (panel: Panel, follows: boolean) =>
    JSON.stringify(askedByKibana({ spec: { data: { url: requestOf(panel, follows) } }, time, filters }).body);
  for (const panel of [panelOf({}), panelOf({ query: QUERY })]) {
    expect(asked(panel, true)).toContain("observer.name");
    expect(asked(panel, false)).not.toContain("observer.name");
  }
});

test.each([
  [{ aggs: { a: { histogram: { field: "x", interval: { "%autointerval%": 9 } } } } }, "date_histogram"],
  [{ aggs: { a: { date_histogram: { field: "x", calendar_interval: { "%autointerval%": 9 } } } } }, "date_histogram"],
  [{ post_filter: { range: { x: { "%timefilter%": true } } } }, "post_filter"],
])("a placeholder that Kibana leaves as it is is told: %j", (body, words) => {
  expect(unfilledPlaceholder(panelOf(body))).toContain(words);
});
