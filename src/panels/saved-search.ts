import { z } from "zod";
import type { Json } from "../events/document.ts";
import type { QueryBody, SearchRequest } from "../search/request.ts";
import { dashboardSchema } from "./panel.ts";
import { autoInterval, type ResolvedTime } from "./round-spans.ts";

const MAX_FILTERS = 50;
const MAX_COLUMNS = 100;
const fieldName = z.string().min(1).max(512);
const moment = dashboardSchema.shape.time.unwrap().shape.from;

/** A search of the page Explore, as it is saved. */
export const savedSearchSchema = z.strictObject({
  id: dashboardSchema.shape.id,
  title: z.string().min(1).max(120),
  description: z.string().max(600).default(""),
  index: z.string().min(1).max(1_000).describe("An index pattern."),
  query_string: z.string().max(10_000).default("").describe("In Lucene's syntax; all documents when it is empty."),
  filters: z
    .array(
      z.strictObject({
        field: fieldName,
        value: z.union([z.string().max(8_000), z.number(), z.boolean()]),
        negate: z.boolean().default(false).describe("Documents without the value are meant."),
      }),
    )
    .max(MAX_FILTERS)
    .default([]),
  columns: z.array(fieldName).max(MAX_COLUMNS).default([]).describe("Fields that are shown, in their order."),
  sort: z
    .strictObject({ field: fieldName, order: z.enum(["asc", "desc"]) })
    .nullable()
    .default(null),
  time: z.strictObject({ from: moment, to: moment }).default({ from: "now-1h", to: "now" }),
});

export type SavedSearch = z.output<typeof savedSearchSchema>;

/** What of a search says which documents it finds, and in which order. */
export type SearchWords = {
  query_string: string;
  filters: readonly SavedSearch["filters"][number][];
  sort: SavedSearch["sort"];
};

/** Documents that one answer brings. */
export const PAGE_SIZE = 100;
/** Bars of the histogram, about. */
const BARS = 60;
/** Of all hits so many are counted. */
const MOST_COUNTED = 1_000_000;

/** The query of a search: its words and its filters, without the range of time. */
export function searchQuery({ query_string, filters }: Omit<SearchWords, "sort">): QueryBody {
  const said = query_string.trim();
  return {
    bool: {
      filter: [
        ...(said === "" ? [] : [{ query_string: { query: said, default_operator: "AND" } }]),
        ...filters.filter(({ negate }) => !negate).map(conditionOf),
      ],
      must_not: filters.filter(({ negate }) => negate).map(conditionOf),
    },
  };
}

/** A text field holds words: what was said is found as a phrase, as in Kibana, which for other fields is the value. */
function conditionOf({ field, value }: SavedSearch["filters"][number]): QueryBody {
  return typeof value === "string" && value !== ""
    ? { match_phrase: { [field]: value } }
    : { term: { [field]: value } };
}

/**
 * What a search asks for, by the page and by the server: a page of documents, and with the first one their number and
 * the histogram over time. An index without a `timeField` has neither range nor histogram.
 */
export function searchBody(asked: {
  search: SearchWords;
  timeField: string | undefined;
  time: ResolvedTime;
  /** The sort values of the last document that was found. */
  after?: readonly Json[] | undefined;
}): SearchRequest {
  const { search, timeField, time, after } = asked;
  const within: QueryBody[] =
    timeField === undefined
      ? []
      : [{ range: { [timeField]: { gte: time.fromMs, lt: time.toMs, format: "epoch_millis" } } }];
  const sort = search.sort ?? (timeField === undefined ? undefined : ({ field: timeField, order: "desc" } as const));
  return {
    size: PAGE_SIZE,
    query: { bool: { filter: [searchQuery(search), ...within] } },
    sort: [
      // Of several indices some may lack the field, which is no error.
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
