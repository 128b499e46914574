import type { SearchRequest, SearchResponse } from "../../../src/search/request.ts";
import type { PanelResult, SavedSearch as StoredSearch } from "../../../src/serve/views.ts";

export type {
  DashboardAnswer,
  DashboardsAnswer,
  FieldsAnswer,
  FieldView,
  IndexLine,
  IndicesAnswer,
  ModeAnswer as ModeView,
  PanelAnswer as StoredPanel,
  PanelsAnswer,
  SavedSearch,
  SearchAnswer,
  SearchesAnswer,
  SqlAnswer,
  SqlTable,
  SqlTablesAnswer,
  ValuesAnswer,
  VariablesAnswer,
} from "../../../src/serve/views.ts";

/** What a panel's request was answered, and the request as it was run. */
export type PanelAnswer = Omit<PanelResult, "request" | "answer"> & {
  request: { index: string; body: SearchRequest };
  answer: SearchResponse;
};

export type SearchFilter = StoredSearch["filters"][number];
