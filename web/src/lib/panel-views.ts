import type { Dashboard, Panel, TimeRange, Variable } from "../../../src/panels/panel.ts";
import type { SearchRequest, SearchResponse } from "../../../src/search/request.ts";

/** Whether it came with the monitor, and cannot be changed, or was saved by a user. */
export type Origin = "shipped" | "saved";

export type DashboardsAnswer = {
  dashboards: readonly { id: string; title: string; description: string; origin: Origin; panels: number }[];
};

export type DashboardAnswer = { dashboard: Dashboard; panels: readonly Panel[]; origin: Origin };

export type PanelsAnswer = {
  panels: readonly {
    id: string;
    title: string;
    description: string;
    origin: Origin;
    kind: Panel["view"]["kind"];
    index: string;
  }[];
};

export type PanelAnswerOf = { panel: Panel; origin: Origin };

/** What the charts have to know of the chain: its clock and the deadlines of the fork. */
export type Chain = {
  slot_ms: number;
  genesis_ms: number;
  slots_per_epoch: number;
  attestation_due_ms: number;
  aggregate_due_ms: number;
};

/** What a panel's request was answered, and the request as it was run. */
export type PanelAnswer = {
  request: { index: string; body: SearchRequest };
  answer: SearchResponse;
  from_ms: number;
  to_ms: number;
  chain: Chain;
  network: string;
  took_ms: number;
};

export type SearchFilter = { field: string; value: string | number | boolean; negate: boolean };

export type SavedSearch = {
  id: string;
  title: string;
  description: string;
  index: string;
  query_string: string;
  filters: readonly SearchFilter[];
  columns: readonly string[];
  sort: { field: string; order: "asc" | "desc" };
  time: TimeRange;
};

export type SearchesAnswer = { searches: readonly SavedSearch[] };

export type FieldView = { name: string; type: string; searchable: boolean; aggregatable: boolean };
export type FieldsAnswer = { fields: readonly FieldView[] };
export type ValuesAnswer = { values: readonly { value: string | number | boolean; count: number }[] };

/** An index or a pattern over several, as Explore offers them. */
export type IndexView = { pattern: string; title: string; time_field: string | null; documents: number };
export type IndicesAnswer = { indices: readonly IndexView[] };

export type VariablesAnswer = {
  network: readonly string[];
  node: readonly { name: string; client: string | null }[];
  client: readonly string[];
  group: readonly string[];
};

export type SqlValue = string | number | boolean | null;
export type SqlAnswer = {
  columns: readonly { name: string; type: string }[];
  rows: readonly (readonly SqlValue[])[];
  truncated: boolean;
  took_ms: number;
};

/** What this monitor lets its visitors do. */
export type ModeView = { public: boolean; sql: boolean; writes: boolean };

export type VariableChoice = Partial<Record<Variable, readonly string[]>>;
