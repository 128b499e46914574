import type { Json } from "../../events/document.ts";
import type { Panel } from "../../panels/panel.ts";
import type { SavedSearch } from "../../panels/saved-search.ts";
import type { Reference, SavedObject } from "./saved-objects.ts";
import { factsOf, type Target } from "./target.ts";
import { ownClauses } from "./vega-request.ts";

type Place = { target: Target; id: string; dataViewId: string };

/**
 * A search of the page Explore as one of Discover. Its query string is a filter: in the bar of Discover words side by
 * side are alternatives, and here all of them are wanted.
 */
export function searchObject({ search, ...place }: Place & { search: SavedSearch }): SavedObject {
  const said = search.query_string.trim();
  const words =
    said === ""
      ? []
      : [customFilter({ alias: said, clause: { query_string: { query: said, default_operator: "AND" } }, at: 0 })];
  const fields = search.filters.map(({ field, value, negate }, at) => ({
    meta: {
      alias: null,
      disabled: false,
      negate,
      type: "phrase",
      key: field,
      params: { query: value },
      indexRefName: filterReference(words.length + at),
    },
    query: { match_phrase: { [field]: value } },
    $state: { store: "appState" },
  }));
  return discovered({
    ...place,
    title: search.title,
    description: search.description,
    columns: search.columns,
    sort: search.sort === null ? [] : [[search.sort.field, search.sort.order]],
    filters: [...words, ...fields],
    time: search.time,
  });
}

/** The documents behind a table, whose cells are cut there, as a search of Discover. */
export function documentsObject(input: Place & { panel: Panel; network: string }): SavedObject | undefined {
  const { panel, network, ...place } = input;
  const { view, request } = panel;
  if (view.kind !== "table" || view.property !== "hits.hits") return undefined;
  const { query, sort } = request.body as { query?: Json; sort?: Json };
  const filters = ownClauses({ panel, network, query }).map((clause, at) =>
    customFilter({ alias: at === 0 && query !== undefined ? panel.title : network, clause, at }),
  );
  const columns = view.columns.flatMap(({ path }) => (path.startsWith("_source.") ? [path.slice(8)] : []));
  return discovered({
    ...place,
    title: `${panel.title}: documents`,
    description: panel.description,
    columns: columns.filter((column) => column !== panel.time_field),
    sort: sortOf(sort),
    filters,
    time: undefined,
  });
}

type Discovered = Place & {
  title: string;
  description: string;
  columns: readonly string[];
  sort: readonly (readonly [string, "asc" | "desc"])[];
  filters: readonly Json[];
  time: { from: string; to: string } | undefined;
};

function discovered(input: Discovered): SavedObject {
  const { target, id, dataViewId, title, description, columns, sort, filters, time } = input;
  const index: Reference = {
    id: dataViewId,
    name: "kibanaSavedObjectMeta.searchSourceJSON.index",
    type: "index-pattern",
  };
  const source = {
    query: { query: "", language: "lucene" },
    filter: filters,
    highlightAll: true,
    version: true,
    indexRefName: index.name,
  };
  const own =
    factsOf(target).family === "kibana"
      ? {
          grid: {},
          hideChart: false,
          isTextBasedQuery: false,
          ...(time === undefined ? {} : { timeRestore: true, timeRange: { from: time.from, to: time.to } }),
        }
      : { hits: 0, version: 1 };
  return {
    type: "search",
    id,
    attributes: {
      title,
      description,
      columns: [...columns],
      sort: sort.map(([field, order]) => [field, order]),
      ...own,
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(source) },
    },
    references: [index, ...filters.map((_, at) => ({ ...index, name: filterReference(at) }))],
  };
}

/** Query DSL as a filter by a name. */
function customFilter({ alias, clause, at }: { alias: string; clause: Json; at: number }): Json {
  return {
    meta: {
      alias,
      disabled: false,
      negate: false,
      type: "custom",
      key: "query",
      value: JSON.stringify(clause),
      indexRefName: filterReference(at),
    },
    query: clause,
    $state: { store: "appState" },
  };
}

function filterReference(at: number): string {
  return `kibanaSavedObjectMeta.searchSourceJSON.filter[${at}].meta.index`;
}

/** Query DSL's forms of a sort by fields; what is none, a script or `_score`, has no column there. */
function sortOf(sort: Json | undefined): [string, "asc" | "desc"][] {
  const list = sort === undefined ? [] : Array.isArray(sort) ? sort : [sort];
  return list.flatMap((one: Json): [string, "asc" | "desc"][] => {
    if (typeof one === "string") return [[one, "asc"]];
    if (typeof one !== "object" || one === null) return [];
    return Object.entries(one).flatMap(([field, how]): [string, "asc" | "desc"][] => {
      const order = typeof how === "string" ? how : (how as { order?: unknown } | null)?.order;
      return field.startsWith("_") ? [] : [[field, order === "desc" ? "desc" : "asc"]];
    });
  });
}
