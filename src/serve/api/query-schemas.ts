import { z } from "zod";
import type {
  FieldsAnswer,
  IndicesAnswer,
  SearchBody,
  SqlAnswer,
  SqlBody,
  SqlTablesAnswer,
  ValuesAnswer,
} from "../dashboards-view.ts";
import { count } from "./record-fields.ts";

export type QueryViews = {
  SearchBody: SearchBody;
  SearchResult: { readonly [part: string]: unknown };
  Fields: FieldsAnswer;
  Values: ValuesAnswer;
  Indices: IndicesAnswer;
  SqlBody: SqlBody;
  SqlResult: SqlAnswer;
  SqlTables: SqlTablesAnswer;
};

/** An index pattern as a search takes it. */
const indexPattern = z.string().min(1).max(4_096);
const MAX_SQL_ROWS = 10_000;

export const querySchemas = {
  SearchBody: z
    .strictObject({
      index: indexPattern.describe("An index pattern, `ethmon-slot-*`."),
      body: z.record(z.string(), z.unknown()).describe("As `_search` takes it; docs/search.md."),
    })
    .describe("A search."),
  SearchResult: z.record(z.string(), z.unknown()).describe("Elasticsearch's answer to a search, as it came."),
  Fields: z
    .strictObject({
      fields: z.array(
        z.strictObject({
          name: z.string(),
          type: z.string().describe("Elasticsearch's; `conflict` where indices differ."),
          searchable: z.boolean(),
          aggregatable: z.boolean(),
        }),
      ),
    })
    .describe("The fields of indices, by name."),
  Values: z
    .strictObject({
      values: z.array(z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]), count })),
    })
    .describe("The most frequent values of a field."),
  Indices: z
    .strictObject({
      indices: z.array(
        z.strictObject({
          name: z.string().describe("A data stream, an index, or a pattern over several."),
          title: z.string(),
          time_field: z.string().nullable(),
          documents: count.describe("Some seconds old."),
        }),
      ),
    })
    .describe("What can be explored."),
  SqlBody: z
    .strictObject({
      sql: z.string().min(1).max(60_000).describe("One SELECT of DuckDB's SQL."),
      limit: z.int().min(1).max(MAX_SQL_ROWS).default(1_000).describe("How many rows to answer at most."),
    })
    .describe("A query in SQL."),
  SqlResult: z
    .strictObject({
      columns: z.array(z.strictObject({ name: z.string(), type: z.string().describe("DuckDB's.") })),
      rows: z
        .array(z.array(z.unknown()))
        .describe("Values in the order of the columns; integers beyond 2^53 as text, moments in ISO 8601."),
      truncated: z.boolean().describe("There are more rows than are answered."),
      took_ms: z.number(),
    })
    .describe("Rows of a query in SQL."),
  SqlTables: z
    .strictObject({
      tables: z.array(
        z.strictObject({
          name: z.string(),
          title: z.string(),
          columns: z.array(
            z.strictObject({
              name: z.string(),
              type: z.string().describe("DuckDB's."),
              field: z.string().nullable().describe("What searches call it."),
            }),
          ),
        }),
      ),
    })
    .describe("The tables that SQL can read."),
};
