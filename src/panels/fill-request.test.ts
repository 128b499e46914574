import { describe, expect, test } from "vitest";
import { fillRequest } from "./fill-request.ts";
import { type Panel, panelSchema } from "./panel.ts";

const TIME = { fromMs: 1_795_800_000_000, toMs: 1_795_886_400_000 };
const RANGE = { range: { "event.start": { gte: TIME.fromMs, lt: TIME.toMs, format: "epoch_millis" } } };

function panelOf(parts: Partial<Omit<Panel, "request">> & { index?: string; body?: Panel["request"]["body"] }): Panel {
  const { index = "ethmon-slot-{network}", body = { size: 0 }, ...rest } = parts;
  return panelSchema.parse({
    id: "slots",
    title: "Slots",
    description: "Slots.",
    request: { index, body },
    view: { kind: "metric", value: "hits.total.value", format: "integer" },
    ...rest,
  });
}

describe("a panel's request", () => {
  test("is filtered by the time range and keeps its own query", () => {
    const query = { term: { "ethereum.status": "missed" } };
    const panel = panelOf({ time_field: "event.start", body: { size: 3, query } });
    expect(fillRequest({ panel, time: TIME })).toEqual({
      index: "ethmon-slot-*",
      body: { size: 3, query: { bool: { filter: [query, RANGE] } } },
    });
  });

  test("without a time field and variables is left as it is", () => {
    expect(fillRequest({ panel: panelOf({}), time: TIME }).body).toEqual({ size: 0 });
  });

  test("is narrowed by the variables that it maps and by no other", () => {
    const panel = panelOf({ variables: { node: "observer.name", network: "labels.network" } });
    const chosen = { node: ["n1", "n2"], client: ["lighthouse"], group: [] };
    expect(fillRequest({ panel, time: TIME, chosen, network: "mainnet" })).toEqual({
      index: "ethmon-slot-mainnet",
      body: {
        size: 0,
        query: {
          bool: {
            filter: [{ terms: { "labels.network": ["mainnet"] } }, { terms: { "observer.name": ["n1", "n2"] } }],
          },
        },
      },
    });
  });

  test("has Kibana's placeholders filled wherever they stand", () => {
    const panel = panelOf({
      body: {
        query: { bool: { should: [{ range: { "@timestamp": { "%timefilter%": true } } }] } },
        aggs: {
          by_time: {
            date_histogram: {
              field: "@timestamp",
              fixed_interval: { "%autointerval%": true },
              extended_bounds: { min: { "%timefilter%": "min" }, max: { "%timefilter%": "max" } },
            },
          },
          coarse: { date_histogram: { field: "@timestamp", fixed_interval: { "%autointerval%": 8 } } },
        },
      },
    });
    expect(fillRequest({ panel, time: TIME }).body).toEqual({
      query: {
        bool: {
          filter: [
            {
              bool: {
                should: [{ range: { "@timestamp": { gte: TIME.fromMs, lt: TIME.toMs, format: "epoch_millis" } } }],
              },
            },
          ],
        },
      },
      aggs: {
        by_time: {
          date_histogram: {
            field: "@timestamp",
            fixed_interval: "30m",
            extended_bounds: { min: TIME.fromMs, max: TIME.toMs },
          },
        },
        coarse: { date_histogram: { field: "@timestamp", fixed_interval: "3h" } },
      },
    });
  });

  test("with a placeholder that means nothing is refused by the panel's name", () => {
    for (const range of [{ "%timefilter%": "middle" }, { "%timefilter%": "min", shift: 3 }, { "%autointerval%": "x" }])
      expect(() => fillRequest({ panel: panelOf({ body: { query: { range } } }), time: TIME })).toThrow(/'slots'/);
  });

  test("asks for whole milliseconds, which a cluster takes alone", () => {
    const panel = panelOf({ time_field: "event.start" });
    const filled = fillRequest({ panel, time: { fromMs: TIME.fromMs + 0.25, toMs: TIME.toMs - 0.25 } });
    expect(filled.body.query).toEqual({ bool: { filter: [RANGE] } });
  });

  test("does not change the panel", () => {
    const panel = panelOf({ time_field: "event.start", body: { aggs: { a: { max: { field: "x" } } } } });
    const before = structuredClone(panel);
    fillRequest({ panel, time: TIME, chosen: { node: ["n1"] }, network: "mainnet" });
    expect(panel).toEqual(before);
  });
});
