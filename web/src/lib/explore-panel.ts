import type { Panel } from "../../../src/panels/panel.ts";
import { exploreQuery } from "./explore-request.ts";
import type { ExploreState } from "./explore-state.ts";

export type PanelKind = "histogram" | "table";

const TABLE_SIZE = 100;

/** A panel that shows what a search finds: its documents over time, or the newest of them as a table. */
export function panelOfSearch(input: {
  state: ExploreState;
  index: string;
  timeField: string | undefined;
  kind: PanelKind;
}): Panel {
  const { state, index, timeField, kind } = input;
  const said = state.queryString.trim();
  const what = said === "" ? index : said;
  const shared = {
    id: "",
    ...(timeField === undefined ? {} : { time_field: timeField }),
    variables: {},
    links: [],
  };
  if (kind === "histogram" && timeField !== undefined) {
    return {
      ...shared,
      title: `Documents of ${what}`.slice(0, 120),
      description: "Each bar is the number of documents found in its span of time.",
      request: {
        index,
        body: {
          size: 0,
          query: exploreQuery(state) as never,
          aggs: { over_time: { date_histogram: { field: timeField, fixed_interval: { "%autointerval%": true } } } },
        },
      },
      view: {
        kind: "vega-lite",
        property: "aggregations.over_time.buckets",
        spec: {
          mark: { type: "bar", tooltip: true },
          encoding: {
            x: { field: "key", type: "temporal" },
            y: { field: "doc_count", type: "quantitative", title: "documents" },
          },
        },
      },
    };
  }
  const columns = state.columns.length > 0 ? state.columns : timeField === undefined ? ["_id"] : [timeField, "message"];
  const sort = state.sort ?? (timeField === undefined ? undefined : { field: timeField, order: "desc" as const });
  return {
    ...shared,
    title: `Newest of ${what}`.slice(0, 120),
    description: "The documents that the search finds, the first of them on top.",
    request: {
      index,
      body: {
        size: TABLE_SIZE,
        query: exploreQuery(state) as never,
        ...(sort === undefined ? {} : { sort: [{ [sort.field]: sort.order }] }),
      },
    },
    view: {
      kind: "table",
      property: "hits.hits",
      columns: columns.map((column) => ({
        title: column,
        path: column === "_id" ? column : `_source.${column}`,
        format: column === timeField ? "time" : "text",
      })),
    },
  };
}
