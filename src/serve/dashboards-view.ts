import type { PanelChain } from "../panels/chain-parameters.ts";
import type { Chosen, Dashboard, Panel } from "../panels/panel.ts";
import type { SqlRows, SqlTable } from "../store/store.ts";

/** Whether it comes with the program or was saved. */
export type Origin = "shipped" | "saved";

export type DashboardLine = { id: string; title: string; description: string; origin: Origin; panels: number };
export type DashboardsAnswer = { dashboards: readonly DashboardLine[] };
/** A dashboard with its panels; one that is no more is left out. */
export type DashboardAnswer = { dashboard: Dashboard; panels: readonly Panel[]; origin: Origin };

export type PanelLine = {
  id: string;
  title: string;
  description: string;
  origin: Origin;
  kind: Panel["view"]["kind"];
  index: string;
};
export type PanelsAnswer = { panels: readonly PanelLine[] };
export type PanelAnswer = { panel: Panel; origin: Origin };

/** A search of the page Explore, to come back to. */
export type SavedSearch = {
  id: string;
  title: string;
  description: string;
  index: string;
  query_string: string;
  filters: readonly { field: string; value: string | number | boolean; negate: boolean }[];
  columns: readonly string[];
  sort: { field: string; order: "asc" | "desc" } | null;
  time: { from: string; to: string };
};
export type SearchLine = Pick<SavedSearch, "id" | "title" | "description" | "index">;
export type SearchesAnswer = { searches: readonly SearchLine[] };
export type SearchAnswer = { search: SavedSearch };

export type DeletedAnswer = { id: string };

type JsonObject = { readonly [part: string]: unknown };

/** The request that was made, and Elasticsearch's answer to it as it came. */
export type PanelResult = {
  request: { index: string; body: JsonObject };
  answer: JsonObject;
  from_ms: number;
  to_ms: number;
  /** Deadlines are those of the fork at the end of the range. */
  chain: PanelChain;
  network: string;
  took_ms: number;
};

export type FieldView = { name: string; type: string; searchable: boolean; aggregatable: boolean };
export type FieldsAnswer = { fields: readonly FieldView[] };
export type ValuesAnswer = { values: readonly { value: string | number | boolean; count: number }[] };
/** What can be explored: a data stream, an index, or a pattern over several. */
export type IndexLine = { name: string; title: string; time_field: string | null; documents: number };
export type IndicesAnswer = { indices: readonly IndexLine[] };

export type VariablesAnswer = {
  network: readonly string[];
  node: readonly { name: string; client: string | null }[];
  client: readonly string[];
  group: readonly string[];
};

/** Of `POST /sql`. */
export type SqlAnswer = SqlRows;
export type { SqlTable };
export type SqlTablesAnswer = { tables: readonly SqlTable[] };

/** What this monitor lets do: a page shows nothing else. */
export type ModeAnswer = { public: boolean; sql: boolean; writes: boolean };

/** What `POST /panels/answer` takes: a panel that need not be saved, and what it is shown for. */
export type PreviewBody = {
  panel: Panel;
  time: { from: string; to: string };
  chosen: Chosen;
};
/** What `POST /search` takes. */
export type SearchBody = { index: string; body: JsonObject };
/** What `POST /sql` takes. */
export type SqlBody = { sql: string; limit: number };
