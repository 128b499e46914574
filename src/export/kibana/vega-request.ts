import type { Json } from "../../events/document.ts";
import { NETWORK_PLACEHOLDER, type Panel } from "../../panels/panel.ts";

/** `data.url` of a Vega specification, as Kibana and its fork take it. */
export type VegaRequest = {
  index: string;
  body: { readonly [part: string]: Json };
  "%context%"?: true;
  "%timefield%"?: string;
};

type Asking = {
  panel: Pick<Panel, "request" | "time_field" | "variables">;
  network: string;
  /** Whether the dashboard's filters and query are put in. */
  follows: boolean;
};

/**
 * A panel's request in Kibana's form. Without a query of its own `%context%` and `%timefield%` are put beside it; a
 * query and these refuse each other, so that a bool query then holds the places for the dashboard's clauses.
 */
export function vegaRequest({ panel, network, follows }: Asking): VegaRequest {
  const index = indexOf(panel, network);
  const { query, aggregations, ...rest } = panel.request.body as { [part: string]: Json };
  const body = withIntervals(aggregations === undefined ? rest : { ...rest, aggs: aggregations });
  const own = ownClauses({ panel, network, query });
  const { time_field: timeField } = panel;
  if (own.length === 0) {
    return {
      index,
      body,
      ...(follows ? { "%context%": true } : {}),
      ...(timeField === undefined ? {} : { "%timefield%": timeField }),
    };
  }
  const range: Json[] = timeField === undefined ? [] : [{ range: { [timeField]: { "%timefilter%": true } } }];
  const bool = follows
    ? {
        must: ["%dashboard_context-must_clause%"],
        filter: [...own, ...range, "%dashboard_context-filter_clause%"],
        must_not: ["%dashboard_context-must_not_clause%"],
      }
    : { filter: [...own, ...range] };
  return { index, body: { query: { bool }, ...body } };
}

/** The index pattern of a panel in one network. */
export function indexOf({ request }: Pick<Panel, "request">, network: string): string {
  return request.index.replaceAll(NETWORK_PLACEHOLDER, network);
}

/** The panel's own query, and its network where that is a field. */
export function ownClauses(asked: { panel: Pick<Panel, "variables">; network: string; query: Json | undefined }) {
  const { panel, network, query } = asked;
  const field = panel.variables.network;
  return [
    ...(query === undefined ? [] : [query]),
    ...(field === undefined ? [] : [{ term: { [field]: network } }]),
  ] as Json[];
}

/** Why Kibana would leave a placeholder of the request as it is; undefined where it fills all of them. */
export function unfilledPlaceholder(panel: Pick<Panel, "request">): string | undefined {
  for (const [part, value] of Object.entries(panel.request.body)) {
    const isFilled = part === "query" || part === "aggs" || part === "aggregations";
    for (const { name, parents } of placeholdersIn(value as Json)) {
      if (!isFilled) return `${name} in ${part} is filled in query and aggs alone`;
      if (name !== "%autointerval%") continue;
      const [histogram, key] = parents.slice(-2);
      if (histogram !== "date_histogram" || (key !== "fixed_interval" && key !== "interval"))
        return `${name} is filled as the interval of a date_histogram alone`;
    }
  }
  return undefined;
}

function placeholdersIn(node: Json, parents: readonly string[] = []): { name: string; parents: readonly string[] }[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]) =>
    key === "%autointerval%" || key === "%timefilter%"
      ? [{ name: key, parents }]
      : placeholdersIn(inner as Json, [...parents, key]),
  );
}

/** Kibana looks for `interval`, and puts `fixed_interval` or `calendar_interval` in its place. */
function withIntervals(node: { readonly [part: string]: Json }): { [part: string]: Json } {
  return renamed(node) as { [part: string]: Json };
}

function renamed(node: Json): Json {
  if (Array.isArray(node)) return node.map((inner) => renamed(inner as Json));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, inner]) =>
      key === "fixed_interval" && typeof inner === "object" && inner !== null && "%autointerval%" in inner
        ? ["interval", inner as Json]
        : [key, renamed(inner as Json)],
    ),
  );
}
