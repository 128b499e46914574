import type { Json } from "../../src/events/document.ts";
import { valueAt } from "../../src/panels/value-at.ts";

type Tree = { [part: string]: Json };
type Clauses = { must: Json[]; filter: Json[]; must_not: Json[] };
type Asked = { index: string; body: Tree };

/** What a dashboard puts into a request: nothing is chosen. */
const NO_FILTERS: Clauses = { must: [], filter: [], must_not: [] };

type Playing = {
  spec: unknown;
  time: { fromMs: number; toMs: number };
  filters?: Clauses;
  /** Kibana writes `fixed_interval` in place of `interval`; OpenSearch Dashboards leaves the old name. */
  keepsInterval?: boolean;
};

/**
 * Plays what Kibana's Vega does with `data.url` before it searches, as its documentation tells: the time range and the
 * dashboard's clauses are put in, and `%…%` is filled. Refuses what Kibana refuses.
 */
export function askedByKibana({ spec, time, filters = NO_FILTERS, keepsInterval = false }: Playing): Asked {
  const { index, body, "%context%": context, "%timefield%": timeField } = urlOf(spec);
  const asked = structuredClone(body) as Tree;
  if (asked["query"] !== undefined && (context !== undefined || timeField !== undefined))
    throw new Error("url.%context% and url.%timefield% must not be used when url.body.query is set");
  const clauses = new Map<Json, Json[]>([
    ["%dashboard_context-must_clause%", filters.must],
    ["%dashboard_context-filter_clause%", filters.filter],
    ["%dashboard_context-must_not_clause%", filters.must_not],
  ]);
  const range = { gte: iso(time.fromMs), lte: iso(time.toMs), format: "strict_date_optional_time" };
  const fill = (node: Json, isQuery: boolean, key?: string): Json => {
    if (Array.isArray(node))
      return node.flatMap((one: Json): Json[] => (isQuery ? clauses.get(one) : undefined) ?? [fill(one, isQuery)]);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(
      Object.entries(node as Tree).flatMap(([name, inner]): [string, Json][] => {
        const interval = (inner as Tree | null)?.["%autointerval%"];
        if (interval !== undefined && name === "interval" && (keepsInterval || key === "date_histogram")) {
          const span = roundSpan((time.toMs - time.fromMs) / (interval === true ? 50 : Number(interval)));
          return [[keepsInterval ? "interval" : "fixed_interval", span]];
        }
        const bound = (inner as Tree | null)?.["%timefilter%"];
        if (bound === true) return [[name, range]];
        if (bound !== undefined) return [[name, bound === "min" ? time.fromMs : time.toMs]];
        return [[name, fill(inner, isQuery, name)]];
      }),
    );
  };
  const own = asked["query"] === undefined ? undefined : fill(asked["query"], true);
  const timed = typeof timeField === "string" ? [{ range: { [timeField]: range } }] : [];
  const query = own ?? (context === true ? { bool: { ...filters, must: [...filters.must, ...timed] } } : timed[0]);
  return {
    index,
    body: {
      ...asked,
      ...(query === undefined ? {} : { query }),
      ...(asked["aggs"] === undefined ? {} : { aggs: fill(asked["aggs"], false) }),
    },
  };
}

/** The specification with the answer in it, as Kibana gives it to Vega: `hits.total` is a number there. */
export function withAnswer(spec: unknown, answer: unknown): Tree {
  const { data, ...rest } = spec as Tree;
  const values = structuredClone(answer) as { hits?: { total?: { value: number } | number } };
  if (typeof values.hits?.total === "object") values.hits.total = values.hits.total.value;
  return { ...rest, data: { ...(data as Tree), values: values as Json } };
}

/** The rows that Vega gets: those of `format.property`, or the answer itself. */
export function rowsForVega(spec: unknown, answer: unknown): readonly unknown[] {
  const property = valueAt(spec, "data.format.property");
  const found = typeof property === "string" ? valueAt(answer, property) : answer;
  return Array.isArray(found) ? found : found === undefined ? [] : [found];
}

function urlOf(spec: unknown) {
  return valueAt(spec, "data.url") as {
    index: string;
    body: Tree;
    "%context%"?: boolean;
    "%timefield%"?: string;
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Kibana's own table of spans; only those of some minutes to days matter to the recordings here. */
function roundSpan(ms: number): string {
  const table: readonly (readonly [number, string])[] = [
    [500, "100ms"],
    [5_000, "1s"],
    [7_500, "5s"],
    [15_000, "10s"],
    [45_000, "30s"],
    [180_000, "1m"],
    [450_000, "5m"],
    [1_200_000, "10m"],
    [2_700_000, "30m"],
    [7_200_000, "1h"],
  ];
  return table.find(([bound]) => ms <= bound)?.[1] ?? "3h";
}
