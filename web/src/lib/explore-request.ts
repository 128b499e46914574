import type { Json } from "../../../src/events/document.ts";
import { autoInterval, type ResolvedTime } from "../../../src/panels/round-spans.ts";
import type { QueryBody, SearchRequest } from "../../../src/search/request.ts";
import type { ExploreState } from "./explore-state.ts";
import type { SearchFilter } from "./panel-views.ts";

/** Documents that one answer brings. */
export const PAGE_SIZE = 100;
/** Bars of the histogram, about. */
const BARS = 60;
/** Of all hits so many are counted. */
const MOST_COUNTED = 1_000_000;

/** The query of a search: its words and its filters, without the range of time. */
export function exploreQuery({ queryString, filters }: Pick<ExploreState, "queryString" | "filters">): QueryBody {
  const said = queryString.trim();
  return {
    bool: {
      filter: [
        ...(said === "" ? [] : [{ query_string: { query: said, default_operator: "AND" } }]),
        ...filters.filter(({ negate }) => !negate).map(termOf),
      ],
      must_not: filters.filter(({ negate }) => negate).map(termOf),
    },
  };
}

/** A text field holds words: what was said is found as a phrase, as in Kibana, which for other fields is the value. */
function termOf({ field, value }: SearchFilter): QueryBody {
  return typeof value === "string" && value !== ""
    ? { match_phrase: { [field]: value } }
    : { term: { [field]: value } };
}

/** What a search asks for: a page of documents, and with the first one the histogram over time. */
export function exploreRequest(input: {
  state: ExploreState;
  timeField: string | undefined;
  time: ResolvedTime;
  after?: readonly Json[];
}): SearchRequest {
  const { state, timeField, time, after } = input;
  const within: QueryBody[] =
    timeField === undefined
      ? []
      : [{ range: { [timeField]: { gte: time.fromMs, lt: time.toMs, format: "epoch_millis" } } }];
  const sort = state.sort ?? (timeField === undefined ? undefined : ({ field: timeField, order: "desc" } as const));
  return {
    size: PAGE_SIZE,
    query: { bool: { filter: [exploreQuery(state), ...within] } },
    sort: [
      ...(sort === undefined ? [] : [{ [sort.field]: { order: sort.order, unmapped_type: "keyword" } }]),
      ...(timeField === undefined || sort?.field === timeField ? [] : [{ [timeField]: { order: "desc" as const } }]),
      { _doc: "asc" as const },
    ],
    ...(after === undefined
      ? {
          track_total_hits: MOST_COUNTED,
          ...(timeField === undefined ? {} : { aggs: { over_time: histogram(timeField, time) } }),
        }
      : { track_total_hits: false, search_after: after }),
  };
}

function histogram(field: string, { fromMs, toMs }: ResolvedTime) {
  return {
    date_histogram: {
      field,
      fixed_interval: autoInterval({ fromMs, toMs }, BARS),
      min_doc_count: 0,
      extended_bounds: { min: fromMs, max: toMs - 1 },
      format: "epoch_millis",
    },
  };
}
