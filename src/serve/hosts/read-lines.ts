import type { QueryBody, SearchHit } from "../../search/request.ts";
import type { LinesView, LogLine } from "../hosts-view.ts";
import { clientLines } from "./client-lines.ts";
import { hitsOf, momentOf, numberOf, textOf, topHits } from "./hit-fields.ts";
import { type Bucket, bucketsOf, type HostAsk, inner, searchByNode, within } from "./host-search.ts";
import type { HostSpan } from "./span.ts";

const MOST_LINES = 50;
const MOST_CLIENTS = 16;
const MOST_CLASSES = 16;
/** Stands for a line without the field: no client or class has such a name. */
const NONE = "-";

const levelIs = (levels: readonly string[]): QueryBody => ({
  bool: {
    should: levels.map((level) => ({ term: { [clientLines.level]: { value: level, case_insensitive: true } } })),
    minimum_should_match: 1,
  },
});

const isError: QueryBody = {
  bool: {
    should: [
      levelIs(clientLines.errors),
      // Some clients print no level, and tell errors all the same.
      {
        bool: {
          filter: [{ exists: { field: clientLines.errorType } }],
          must_not: [{ exists: { field: clientLines.level } }],
        },
      },
    ],
    minimum_should_match: 1,
  },
};
const isWarning = levelIs(clientLines.warnings);

/** The lines of each node's clients from `warn` on; nodes without a line of any level are left out. */
export async function readLines(ask: HostAsk, span: HostSpan): Promise<Map<string, LinesView>> {
  const fields = [
    "@timestamp",
    clientLines.client,
    clientLines.level,
    clientLines.errorType,
    clientLines.slot,
    clientLines.message,
  ];
  const byNode = await searchByNode(ask, {
    indices: clientLines.indices,
    filter: [
      within(span),
      {
        bool: {
          should: [clientLines.level, clientLines.client].map((field) => ({ exists: { field } })),
          minimum_should_match: 1,
        },
      },
    ],
    aggs: (keyword) => ({
      errors: { filter: isError },
      warnings: { filter: isWarning },
      told: {
        filter: { bool: { should: [isError, isWarning], minimum_should_match: 1 } },
        aggs: {
          clients: {
            terms: { field: keyword(clientLines.client), size: MOST_CLIENTS, missing: NONE },
            aggs: { classes: { terms: { field: keyword(clientLines.errorType), size: MOST_CLASSES, missing: NONE } } },
          },
          newest: topHits({ size: MOST_LINES, fields }),
        },
      },
    }),
  });
  return new Map([...byNode].map(([node, bucket]) => [node, linesView(bucket)]));
}

function linesView(bucket: Bucket): LinesView {
  const told = inner(bucket, "told");
  const named = (key: Bucket["key"]) => (key === NONE || key === undefined ? null : String(key));
  return {
    seen: bucket.doc_count,
    errors: inner(bucket, "errors")?.doc_count ?? 0,
    warnings: inner(bucket, "warnings")?.doc_count ?? 0,
    by_class: bucketsOf(told, "clients")
      .flatMap((client) =>
        bucketsOf(client, "classes").map((of) => ({
          client: named(client.key),
          error_type: named(of.key),
          count: of.doc_count,
        })),
      )
      .toSorted((a, b) => b.count - a.count),
    newest: hitsOf(told, "newest").map(lineOf),
  };
}

function lineOf(hit: SearchHit): LogLine {
  return {
    at_ms: momentOf(hit),
    client: textOf(hit, clientLines.client),
    level: textOf(hit, clientLines.level),
    error_type: textOf(hit, clientLines.errorType),
    slot: numberOf(hit, clientLines.slot),
    message: textOf(hit, clientLines.message) ?? "",
  };
}
