import type { TimeRange } from "../../../src/panels/panel.ts";
import type { SavedSearch, SearchFilter } from "./panel-views.ts";
import { readTime } from "./view-state.ts";

/** All that a search is: it stands whole in the address. */
export type ExploreState = {
  /** Without one: the first that is offered. */
  index: string | undefined;
  queryString: string;
  filters: readonly SearchFilter[];
  /** Without columns each document stands as one line. */
  columns: readonly string[];
  /** Without one: the newest first. */
  sort: { field: string; order: "asc" | "desc" } | undefined;
  time: TimeRange;
};

const USUAL_TIME: TimeRange = { from: "now-1h", to: "now" };

export function readExplore(query: URLSearchParams): ExploreState {
  const sort = query.get("sort");
  return {
    index: query.get("index") ?? undefined,
    queryString: query.get("q") ?? "",
    filters: [
      ...query.getAll("is").flatMap((text) => readFilter(text, false)),
      ...query.getAll("not").flatMap((text) => readFilter(text, true)),
    ],
    columns: [...new Set(query.getAll("column"))].filter((column) => column !== ""),
    sort:
      sort === null || sort.length < 2
        ? undefined
        : { field: sort.slice(1), order: sort.startsWith("-") ? "desc" : "asc" },
    time: readTime(query) ?? USUAL_TIME,
  };
}

export function writeExplore(state: ExploreState): URLSearchParams {
  const query = new URLSearchParams();
  if (state.index !== undefined) query.set("index", state.index);
  if (state.queryString !== "") query.set("q", state.queryString);
  for (const filter of state.filters) query.append(filter.negate ? "not" : "is", writeFilter(filter));
  for (const column of state.columns) query.append("column", column);
  if (state.sort !== undefined) query.set("sort", `${state.sort.order === "desc" ? "-" : "+"}${state.sort.field}`);
  query.set("from", state.time.from);
  query.set("to", state.time.to);
  return query;
}

/** A filter is a pair as JSON: fields and values may hold anything. */
function writeFilter({ field, value }: SearchFilter): string {
  return JSON.stringify([field, value]);
}

function readFilter(text: string, negate: boolean): SearchFilter[] {
  try {
    const pair: unknown = JSON.parse(text);
    if (!Array.isArray(pair) || pair.length !== 2) return [];
    const [field, value]: unknown[] = pair;
    if (typeof field !== "string" || field === "") return [];
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [{ field, value, negate }]
      : [];
  } catch {
    return [];
  }
}

/** With a filter more; one that says the opposite goes, the same one is not set twice. */
export function withFilter(filters: readonly SearchFilter[], filter: SearchFilter): SearchFilter[] {
  return [...filters.filter(({ field, value }) => field !== filter.field || value !== filter.value), filter];
}

export function exploreOf(search: SavedSearch): ExploreState {
  return {
    index: search.index,
    queryString: search.query_string,
    filters: search.filters,
    columns: search.columns,
    sort: search.sort ?? undefined,
    time: search.time,
  };
}
