import type { Operation } from "./operation.ts";
import { answerQuery, noParams, noQuery, objectPath, searchAnswerQuery } from "./parameters.ts";

/** A panel may hold a whole Vega-Lite specification. */
const OBJECT_BYTES = 262_144;

const stored = {
  network_unknown: "No node has told its network yet.",
  store_unavailable: "The store cannot answer now.",
} as const;

const saved_unreadable = "Another version saved it in a form that this one does not read." as const;
const dashboardUnknown = { dashboard_unknown: "No dashboard has this id.", saved_unreadable } as const;
const panelUnknown = {
  panel_unknown: "No panel has this id, or a dashboard names one that there is not.",
  saved_unreadable,
} as const;
const searchUnknown = { saved_search_unknown: "No saved search has this id.", saved_unreadable } as const;

const written = {
  body_invalid: "The body is not what the route takes; the message names the part.",
  body_too_large: "The body is larger than the route takes.",
  object_shipped: "It comes with the program: save it under another id.",
  saved_full: "As many are saved as can be.",
  store_queue_full: "The store takes nothing more at the moment.",
} as const;

/** What a search can meet. */
export const searched = {
  search_invalid: "The request is not one that Elasticsearch would take.",
  search_unsupported: "The embedded store lacks a part of the request; docs/search.md.",
  search_timeout: "The search took too long and was stopped.",
  search_too_large: "The search needs more memory than the store may use.",
  search_rejected: "Too many searches wait already.",
  answer_too_large: "The answer has more bytes, or buckets, than are sent.",
  time_range_invalid: "`from` or `to` is no moment, or the range ends before it begins.",
} as const;

const answerWords =
  "The panel's request with the time range and what is chosen as filters, and Elasticsearch's answer to it. Equal " +
  "requests of the same moment share one answer, which may be some seconds old.";

const replaced = "A saved one of this id is replaced. Answered when it is durable.";

export const dashboardOperations = {
  getMode: {
    path: "/api/v1/mode",
    summary: "What this monitor lets do",
    words: "Whether it is public, and what can be done beside looking.",
    params: noParams,
    query: noQuery,
    answer: "Mode",
    open: true,
    cached: true,
    failures: {},
  },
  getVariables: {
    path: "/api/v1/variables",
    summary: "What dashboards can be narrowed to",
    words:
      "The network, the nodes with their clients, and the groups of labelled validators; a public monitor tells groups only where a dashboard that it shows is narrowed by them.",
    params: noParams,
    query: noQuery,
    answer: "Variables",
    open: true,
    cached: true,
    failures: stored,
  },
  listDashboards: {
    path: "/api/v1/dashboards",
    summary: "Dashboards",
    words: "Those that come with the program in the order of their ids, then those that were saved.",
    params: noParams,
    query: noQuery,
    answer: "Dashboards",
    open: true,
    cached: true,
    failures: stored,
  },
  getDashboard: {
    path: "/api/v1/dashboards/{id}",
    summary: "One dashboard",
    words: "The dashboard and the panels of its grid.",
    params: objectPath,
    query: noQuery,
    answer: "DashboardDetail",
    open: true,
    cached: true,
    failures: { ...dashboardUnknown, ...stored },
  },
  putDashboard: {
    path: "/api/v1/dashboards/{id}",
    method: "PUT",
    summary: "Save a dashboard",
    words: `Its panels must be there. ${replaced}`,
    params: objectPath,
    query: noQuery,
    body: { name: "Dashboard", limitBytes: OBJECT_BYTES },
    answer: "DashboardDetail",
    failures: { ...panelUnknown, ...written, ...stored },
  },
  deleteDashboard: {
    path: "/api/v1/dashboards/{id}",
    method: "DELETE",
    summary: "Delete a saved dashboard",
    words: "Its panels stay.",
    params: objectPath,
    query: noQuery,
    answer: "Deleted",
    failures: { ...dashboardUnknown, object_shipped: "It comes with the program, and stays.", ...stored },
  },
  listPanels: {
    path: "/api/v1/panels",
    summary: "Panels",
    words: "Those that come with the program in the order of their ids, then those that were saved.",
    params: noParams,
    query: noQuery,
    answer: "Panels",
    open: true,
    cached: true,
    failures: stored,
  },
  getPanel: {
    path: "/api/v1/panels/{id}",
    summary: "One panel",
    words: "The panel as it is written: its request has neither time range nor choice.",
    params: objectPath,
    query: noQuery,
    answer: "PanelDetail",
    open: true,
    cached: true,
    failures: { ...panelUnknown, ...stored },
  },
  putPanel: {
    path: "/api/v1/panels/{id}",
    method: "PUT",
    summary: "Save a panel",
    words: replaced,
    params: objectPath,
    query: noQuery,
    body: { name: "Panel", limitBytes: OBJECT_BYTES },
    answer: "PanelDetail",
    failures: { ...written, ...stored },
  },
  deletePanel: {
    path: "/api/v1/panels/{id}",
    method: "DELETE",
    summary: "Delete a saved panel",
    words: "No dashboard may have it.",
    params: objectPath,
    query: noQuery,
    answer: "Deleted",
    failures: {
      ...panelUnknown,
      object_shipped: "It comes with the program, and stays.",
      object_in_use: "Saved dashboards have it; the message names them.",
      ...stored,
    },
  },
  getPanelAnswer: {
    path: "/api/v1/panels/{id}/answer",
    summary: "What a panel shows",
    words: answerWords,
    params: objectPath,
    query: answerQuery,
    answer: "PanelResult",
    open: true,
    shared: true,
    failures: { ...panelUnknown, ...searched, ...stored },
  },
  previewPanel: {
    path: "/api/v1/panels/answer",
    method: "POST",
    summary: "What a panel would show",
    words: "The same for a panel that is brought along and need not be saved.",
    params: noParams,
    query: noQuery,
    body: { name: "PreviewBody", limitBytes: OBJECT_BYTES },
    answer: "PanelResult",
    reads: true,
    failures: { body_invalid: written.body_invalid, body_too_large: written.body_too_large, ...searched, ...stored },
  },
  listSearches: {
    path: "/api/v1/searches",
    summary: "Saved searches",
    words: "By their ids.",
    params: noParams,
    query: noQuery,
    answer: "Searches",
    open: true,
    cached: true,
    failures: stored,
  },
  getSearch: {
    path: "/api/v1/searches/{id}",
    summary: "One saved search",
    words: "The search as it was saved.",
    params: objectPath,
    query: noQuery,
    answer: "SearchDetail",
    open: true,
    cached: true,
    failures: { ...searchUnknown, ...stored },
  },
  putSearch: {
    path: "/api/v1/searches/{id}",
    method: "PUT",
    summary: "Save a search",
    words: replaced,
    params: objectPath,
    query: noQuery,
    body: { name: "SavedSearch", limitBytes: OBJECT_BYTES },
    answer: "SearchDetail",
    failures: {
      body_invalid: written.body_invalid,
      body_too_large: written.body_too_large,
      saved_full: written.saved_full,
      store_queue_full: written.store_queue_full,
      ...stored,
    },
  },
  deleteSearch: {
    path: "/api/v1/searches/{id}",
    method: "DELETE",
    summary: "Delete a saved search",
    words: "It is gone from the list.",
    params: objectPath,
    query: noQuery,
    answer: "Deleted",
    failures: { ...searchUnknown, ...stored },
  },
  getSearchAnswer: {
    path: "/api/v1/searches/{id}/answer",
    summary: "What a saved search finds",
    words:
      "The newest hundred documents of the saved search, or the first ones by its order, and their counts over time in " +
      "the aggregation `over_time`. Without `from` and `to` over its own range.",
    params: objectPath,
    query: searchAnswerQuery,
    answer: "PanelResult",
    open: true,
    shared: true,
    failures: { ...searchUnknown, ...searched, ...stored },
  },
} as const satisfies Record<string, Operation>;
