import { type Chosen, type TimeRange, VARIABLES, type Variable } from "../../../src/panels/panel.ts";

/** What of a dashboard stands in its address: what is not there is as the dashboard says. */
export type ViewState = {
  time: TimeRange | undefined;
  chosen: Chosen;
  /** Seconds between two refreshes; 0 is none. */
  refreshS: number | undefined;
  /** The panel that fills the screen. */
  full: string | undefined;
};

const MOMENT = /^(now([-+]\d+[smhdwMy])*(\/[smhdwMy])?|\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/;

/** Whether a text is a moment as panels and dashboards have it: `now-24h`, `2026-11-28T10:00:00Z`. */
export function isMoment(text: string): boolean {
  return MOMENT.test(text) && (text.startsWith("now") || !Number.isNaN(Date.parse(text)));
}

export function readTime(query: URLSearchParams): TimeRange | undefined {
  const [from, to] = [query.get("from"), query.get("to")];
  return from !== null && to !== null && isMoment(from) && isMoment(to) ? { from, to } : undefined;
}

export function readViewState(query: URLSearchParams): ViewState {
  const refresh = query.get("refresh");
  const chosen: Partial<Record<Variable, readonly string[]>> = {};
  for (const variable of VARIABLES) {
    const values = [...new Set(query.getAll(variable))].filter((value) => value !== "");
    if (values.length > 0) chosen[variable] = values;
  }
  return {
    time: readTime(query),
    chosen,
    refreshS: refresh !== null && /^\d{1,5}$/.test(refresh) ? Number(refresh) : undefined,
    full: query.get("full") ?? undefined,
  };
}

export function writeViewState(state: ViewState): URLSearchParams {
  const query = new URLSearchParams();
  if (state.time !== undefined) {
    query.set("from", state.time.from);
    query.set("to", state.time.to);
  }
  for (const variable of VARIABLES) for (const value of state.chosen[variable] ?? []) query.append(variable, value);
  if (state.refreshS !== undefined) query.set("refresh", String(state.refreshS));
  if (state.full !== undefined) query.set("full", state.full);
  return query;
}

/** A path with its query, where there is one. */
export function pathWith(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}
