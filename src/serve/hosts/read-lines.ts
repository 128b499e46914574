import type { AggregationsBody, QueryBody, SearchHit } from "../../search/request.ts";
import type { LinesView, LogLine } from "../hosts-view.ts";
import { clientLines } from "./client-lines.ts";
import { hitsOf, momentOf, numberOf, textOf, topHits } from "./hit-fields.ts";
import {
  anyOf,
  anythingCame,
  type Bucket,
  bucketsOf,
  type HostAsk,
  inner,
  type KeywordField,
  searchByNode,
  within,
} from "./host-search.ts";
import type { HostSpan } from "./span.ts";

const MOST_LINES = 50;
const MOST_CLIENTS = 16;
const MOST_CLASSES = 16;
/** Stands for a line without the field: no client or class has such a name. */
const NONE = "-";

/** Levels in the usual spellings: our pipelines have them in small letters. */
const levelIs = (levels: readonly string[]): QueryBody => ({
  terms: { [clientLines.level]: levels.flatMap((level) => [level, level.toUpperCase()]) },
});

const there = (field: string): QueryBody => ({ exists: { field } });

const isError = anyOf([
  levelIs(clientLines.errors),
  // Some clients print no level, and tell errors all the same.
  { bool: { filter: [there(clientLines.errorType)], must_not: [there(clientLines.level)] } },
]);
const isWarning = levelIs(clientLines.warnings);
const isLine = anyOf([there(clientLines.level), there(clientLines.client)]);

/** The lines of each node's clients from `warn` on; nodes without a line of any level are left out. */
export async function readLines(ask: HostAsk, span: HostSpan): Promise<Map<string, LinesView>> {
  const { indices } = clientLines;
  if (!(await anythingCame(ask, indices, span))) return new Map();
  const seen = await searchByNode(ask, { indices, filter: [within(span), isLine], aggs: () => ({}) });
  const bad = anyOf([isError, isWarning]);
  const told = await searchByNode(ask, { indices, filter: [within(span), bad], aggs: toldAggregations });
  return new Map([...seen].map(([node, { doc_count }]) => [node, linesView(doc_count, told.get(node))]));
}

function toldAggregations(keyword: KeywordField): AggregationsBody {
  const { client, level, errorType, slot, message } = clientLines;
  return {
    errors: { filter: isError },
    warnings: { filter: isWarning },
    clients: {
      terms: { field: keyword(client), size: MOST_CLIENTS, missing: NONE },
      aggs: { classes: { terms: { field: keyword(errorType), size: MOST_CLASSES, missing: NONE } } },
    },
    newest: topHits({ size: MOST_LINES, fields: ["@timestamp", client, level, errorType, slot, message] }),
  };
}

function linesView(seen: number, told: Bucket | undefined): LinesView {
  const named = (key: Bucket["key"]) => (key === NONE || key === undefined ? null : String(key));
  return {
    seen,
    errors: inner(told, "errors")?.doc_count ?? 0,
    warnings: inner(told, "warnings")?.doc_count ?? 0,
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
