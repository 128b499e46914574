import type { JsonObject } from "./documents/day.ts";

export type Search = {
  name: string;
  index: string;
  /** `untilMs` is the end of what is looked at: a panel asks at another moment each time. */
  body(untilMs: number): JsonObject;
  /** Counts, without hits and aggregations. */
  countsAlone?: true;
  /** So many pages of the aggregation `pages` are read, each behind the one before. */
  pages?: number;
};

export const METRICS = "metricbeat-*";
export const LINES = "filebeat-*";
export const FLOWS = "packetbeat-*";
const HOUR_MS = 3_600_000;
export const NEWEST_FIRST = [{ "@timestamp": "desc" }];

export const between = (untilMs: number, hours: number): JsonObject => ({
  range: { "@timestamp": { gte: untilMs - hours * HOUR_MS, lt: untilMs, format: "epoch_millis" } },
});
export const where = (...filter: readonly JsonObject[]): JsonObject => ({ bool: { filter } });
export const term = (field: string, value: unknown): JsonObject => ({ term: { [field]: value } });
export const buckets = (query: JsonObject, aggs: JsonObject): JsonObject => ({
  size: 0,
  track_total_hits: true,
  query,
  aggs,
});
export const terms = (field: string, size: number, aggs?: JsonObject): JsonObject => ({
  terms: { field, size },
  ...(aggs === undefined ? {} : { aggs }),
});
export const perTime = (interval: string, aggs?: JsonObject): JsonObject => ({
  date_histogram: { field: "@timestamp", fixed_interval: interval },
  ...(aggs === undefined ? {} : { aggs }),
});
export const hits = (query: JsonObject, size: number): JsonObject => ({ query, size, sort: NEWEST_FIRST });
export const inMessage = (kind: "match" | "match_phrase", text: string): JsonObject => ({ [kind]: { message: text } });
