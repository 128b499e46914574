import type { Chosen, Dashboard, Panel, TimeRange } from "../../../src/panels/panel.ts";
import { VARIABLES } from "../../../src/panels/panel.ts";
import type { SearchRequest, SearchResponse } from "../../../src/search/request.ts";
import { askJson } from "./ask-json.ts";
import type {
  DashboardAnswer,
  DashboardsAnswer,
  FieldsAnswer,
  IndicesAnswer,
  PanelAnswer,
  PanelsAnswer,
  SavedSearch,
  SearchAnswer,
  SearchesAnswer,
  SqlAnswer,
  SqlTablesAnswer,
  StoredPanel,
  ValuesAnswer,
  VariablesAnswer,
} from "./panel-views.ts";

/** What is asked of a panel: the range of time, and what the variables are narrowed to. */
export type PanelQuestion = { time: TimeRange; chosen: Chosen };

/** Dashboards, panels, searches and what they are made of. Rejects as the other API does. */
export type PanelApi = {
  variables(signal: AbortSignal): Promise<VariablesAnswer>;
  dashboards(signal: AbortSignal): Promise<DashboardsAnswer>;
  dashboard(id: string, signal: AbortSignal): Promise<DashboardAnswer>;
  saveDashboard(dashboard: Dashboard, signal: AbortSignal): Promise<unknown>;
  removeDashboard(id: string, signal: AbortSignal): Promise<unknown>;
  panels(signal: AbortSignal): Promise<PanelsAnswer>;
  panel(id: string, signal: AbortSignal): Promise<StoredPanel>;
  savePanel(panel: Panel, signal: AbortSignal): Promise<unknown>;
  removePanel(id: string, signal: AbortSignal): Promise<unknown>;
  /** What a stored panel shows. */
  answer(id: string, question: PanelQuestion, signal: AbortSignal): Promise<PanelAnswer>;
  /** What a panel would show that nobody stored yet. */
  preview(panel: Panel, question: PanelQuestion, signal: AbortSignal): Promise<PanelAnswer>;
  searches(signal: AbortSignal): Promise<SearchesAnswer>;
  savedSearch(id: string, signal: AbortSignal): Promise<SearchAnswer>;
  /** What a saved search finds, in its own range of time or in another one. */
  searchAnswer(id: string, time: TimeRange | undefined, signal: AbortSignal): Promise<PanelAnswer>;
  saveSearch(search: SavedSearch, signal: AbortSignal): Promise<unknown>;
  removeSearch(id: string, signal: AbortSignal): Promise<unknown>;
  search(request: { index: string; body: SearchRequest }, signal: AbortSignal): Promise<SearchResponse>;
  indices(signal: AbortSignal): Promise<IndicesAnswer>;
  fields(index: string, signal: AbortSignal): Promise<FieldsAnswer>;
  values(
    input: { index: string; field: string; prefix: string; limit: number },
    signal: AbortSignal,
  ): Promise<ValuesAnswer>;
  sqlTables(signal: AbortSignal): Promise<SqlTablesAnswer>;
  sql(input: { sql: string; limit: number }, signal: AbortSignal): Promise<SqlAnswer>;
};

export function createPanelApi(base: string): PanelApi {
  const get = <T>(path: string, signal: AbortSignal): Promise<T> => askJson<T>(`${base}${path}`, { signal });
  const post = <T>(path: string, body: unknown, signal: AbortSignal): Promise<T> =>
    askJson<T>(`${base}${path}`, { method: "POST", body, signal });
  const put = (path: string, body: unknown, signal: AbortSignal): Promise<unknown> =>
    askJson(`${base}${path}`, { method: "PUT", body, signal });
  const remove = (path: string, signal: AbortSignal): Promise<unknown> =>
    askJson(`${base}${path}`, { method: "DELETE", signal });
  return {
    variables: (signal) => get("/variables", signal),
    dashboards: (signal) => get("/dashboards", signal),
    dashboard: (id, signal) => get(`/dashboards/${encodeURIComponent(id)}`, signal),
    saveDashboard: (dashboard, signal) => put(`/dashboards/${dashboard.id}`, dashboard, signal),
    removeDashboard: (id, signal) => remove(`/dashboards/${encodeURIComponent(id)}`, signal),
    panels: (signal) => get("/panels", signal),
    panel: (id, signal) => get(`/panels/${encodeURIComponent(id)}`, signal),
    savePanel: (panel, signal) => put(`/panels/${panel.id}`, panel, signal),
    removePanel: (id, signal) => remove(`/panels/${encodeURIComponent(id)}`, signal),
    answer: (id, question, signal) =>
      get(`/panels/${encodeURIComponent(id)}/answer?${questionQuery(question)}`, signal),
    preview: (panel, { time, chosen }, signal) => post("/panels/answer", { panel, time, chosen }, signal),
    searches: (signal) => get("/searches", signal),
    savedSearch: (id, signal) => get(`/searches/${encodeURIComponent(id)}`, signal),
    searchAnswer: (id, time, signal) =>
      get(
        `/searches/${encodeURIComponent(id)}/answer${time === undefined ? "" : `?${new URLSearchParams(time)}`}`,
        signal,
      ),
    saveSearch: (search, signal) => put(`/searches/${search.id}`, search, signal),
    removeSearch: (id, signal) => remove(`/searches/${encodeURIComponent(id)}`, signal),
    search: (request, signal) => post("/search", request, signal),
    indices: (signal) => get("/indices", signal),
    fields: (index, signal) => get(`/fields?${new URLSearchParams({ index })}`, signal),
    values: ({ index, field, prefix, limit }, signal) =>
      get(`/values?${new URLSearchParams({ index, field, prefix, limit: String(limit) })}`, signal),
    sqlTables: (signal) => get("/sql/tables", signal),
    sql: (input, signal) => post("/sql", input, signal),
  };
}

function questionQuery({ time, chosen }: PanelQuestion): URLSearchParams {
  const query = new URLSearchParams({ from: time.from, to: time.to });
  for (const variable of VARIABLES) for (const value of chosen[variable] ?? []) query.append(variable, value);
  return query;
}
