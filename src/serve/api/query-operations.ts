import { searched } from "./dashboard-operations.ts";
import type { Operation } from "./operation.ts";
import { fieldsQuery, noParams, noQuery, valuesQuery } from "./parameters.ts";

const SEARCH_BYTES = 262_144;
const SQL_BYTES = 65_536;

const stored = {
  network_unknown: "No node has told its network yet.",
  store_unavailable: "The store cannot answer now.",
} as const;

const bodied = {
  body_invalid: "The body is not what the route takes; the message names the part.",
  body_too_large: "The body is larger than the route takes.",
} as const;

const { time_range_invalid: _, ...searchFailures } = searched;

const sqlUnavailable = {
  sql_unavailable: "The documents are in a cluster, which is asked by searches alone.",
} as const;

export const queryOperations = {
  search: {
    path: "/api/v1/search",
    method: "POST",
    summary: "Search",
    words: "A search over our own datasets and what others brought, as Elasticsearch's `_search` takes and answers it.",
    params: noParams,
    query: noQuery,
    body: { name: "SearchBody", limitBytes: SEARCH_BYTES },
    answer: "SearchResult",
    reads: true,
    failures: { ...bodied, ...searchFailures, ...stored },
  },
  listIndices: {
    path: "/api/v1/indices",
    summary: "What can be searched",
    words: "Our own datasets and what others brought, patterns over several of them first.",
    params: noParams,
    query: noQuery,
    answer: "Indices",
    failures: stored,
  },
  listFields: {
    path: "/api/v1/fields",
    summary: "Fields of indices",
    words: "The fields of all indices that the pattern stands for, by name.",
    params: noParams,
    query: fieldsQuery,
    answer: "Fields",
    failures: { search_invalid: searched.search_invalid, ...stored },
  },
  listValues: {
    path: "/api/v1/values",
    summary: "Values of a field",
    words: "The most frequent values of a field over all indices that the pattern stands for, the most frequent first.",
    params: noParams,
    query: valuesQuery,
    answer: "Values",
    failures: { field_unknown: "There is no such field to count values of.", ...searched, ...stored },
  },
  listSqlTables: {
    path: "/api/v1/sql/tables",
    summary: "Tables of SQL",
    words:
      "The tables that `POST /api/v1/sql` can read, each over all its days, and their columns: a field's name without " +
      "`ethereum.`, its dots as `_`.",
    params: noParams,
    query: noQuery,
    answer: "SqlTables",
    failures: { ...sqlUnavailable, ...stored },
  },
  querySql: {
    path: "/api/v1/sql",
    method: "POST",
    summary: "Read by SQL",
    words:
      "One SELECT of DuckDB's SQL over the tables of `GET /api/v1/sql/tables`, in a transaction that cannot write, with a " +
      "time limit. Files, settings and the catalogue are out of its reach.",
    params: noParams,
    query: noQuery,
    body: { name: "SqlBody", limitBytes: SQL_BYTES },
    answer: "SqlResult",
    reads: true,
    failures: {
      ...bodied,
      sql_refused: "It is not one SELECT over the tables there are; the message says why.",
      sql_failed: "The database cannot carry it out; the message is its own.",
      search_timeout: "The query took too long and was stopped.",
      search_too_large: "The query needs more memory than the store may use.",
      search_rejected: "Too many queries wait already.",
      answer_too_large: "A single row has more bytes than are sent.",
      ...sqlUnavailable,
      ...stored,
    },
  },
} as const satisfies Record<string, Operation>;
