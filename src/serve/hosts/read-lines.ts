import type { QueryBody, SearchHit } from "../../search/request.ts";
import type { LinesView, LogLine } from "../hosts-view.ts";
import { clientLines } from "./client-lines.ts";
import { hitsOf, momentOf, numberOf, textOf, topHits } from "./hit-fields.ts";
import {
  anyOf,
  anythingCame,
  type Combination,
  combinationsByNode,
  type HostAsk,
  searchByNode,
  within,
} from "./host-search.ts";
import type { HostSpan } from "./span.ts";

const MOST_LINES = 50;
const MOST_CLASSES = 64;
/** How far back the newest lines are looked for, and further where they are too few. */
const LOOKED_BACK_MS = [300_000, 3_600_000, Number.POSITIVE_INFINITY];

/** Levels in the usual spellings: our pipelines have them in small letters. */
const spellings = (levels: readonly string[]) => levels.flatMap((level) => [level, level.toUpperCase()]);
const ERRORS = spellings(clientLines.errors);
const WARNINGS = spellings(clientLines.warnings);

const there = (field: string): QueryBody => ({ exists: { field } });

const { client, level, errorType, slot, message } = clientLines;
const isLine = anyOf([there(level), there(client), there(errorType)]);
const isBad = anyOf([
  { terms: { [level]: [...ERRORS, ...WARNINGS] } },
  // Some clients print no level, and tell errors all the same.
  { bool: { filter: [there(errorType)], must_not: [there(level)] } },
]);

/** The lines of each node's clients from `warn` on; nodes without a line of any level are left out. */
export async function readLines(ask: HostAsk, span: HostSpan): Promise<Map<string, LinesView>> {
  const { indices } = clientLines;
  if (!(await anythingCame(ask, indices, span))) return new Map();
  const kinds = await combinationsByNode(ask, {
    indices,
    filter: [within(span), isLine],
    sources: (keyword) =>
      Object.entries({ client, level, errorType }).map(([name, field]) => ({
        [name]: { terms: { field: keyword(field), missing_bucket: true } },
      })),
  });
  const told = [...kinds].map(([node, found]) => [node, countsOf(found)] as const);
  const wanted = new Map(told.map(([node, { errors, warnings }]) => [node, Math.min(MOST_LINES, errors + warnings)]));
  const newest = await newestLines(ask, { wanted, span });
  const views = told.map(([node, counts]): [string, LinesView] => [
    node,
    { ...counts, newest: newest.get(node) ?? [] },
  ]);
  return new Map(views.filter(([, { seen, by_class }]) => seen > 0 || by_class.length > 0));
}

function countsOf(found: readonly Combination[]): Omit<LinesView, "newest"> {
  const counts = { seen: 0, errors: 0, warnings: 0 };
  const byClass: LinesView["by_class"][number][] = [];
  const classes = new Map<string, (typeof byClass)[number]>();
  for (const { key, doc_count: count } of found) {
    const [of, as, type] = [textKey(key["client"]), textKey(key["level"]), textKey(key["errorType"])];
    if (of !== null || as !== null) counts.seen += count;
    const isError = as === null ? type !== null : ERRORS.includes(as);
    const isWarning = as !== null && WARNINGS.includes(as);
    if (isError) counts.errors += count;
    if (isWarning) counts.warnings += count;
    if (!isError && !isWarning) continue;
    const name = JSON.stringify([of, type]);
    const known = classes.get(name) ?? { client: of, error_type: type, count: 0 };
    known.count += count;
    if (!classes.has(name)) byClass.push(known);
    classes.set(name, known);
  }
  return { ...counts, by_class: byClass.toSorted((a, b) => b.count - a.count).slice(0, MOST_CLASSES) };
}

function textKey(key: string | number | null | undefined): string | null {
  return key === null || key === undefined ? null : String(key);
}

/**
 * The newest lines of each node, as many as are wanted. They are looked for in the last minutes first: when everything
 * fails at once, the lines of a day are too many to be put in order.
 */
async function newestLines(
  ask: HostAsk,
  { wanted, span }: { wanted: ReadonlyMap<string, number>; span: HostSpan },
): Promise<Map<string, LogLine[]>> {
  const found = new Map<string, LogLine[]>();
  const fields = ["@timestamp", client, level, errorType, slot, message];
  for (const spanMs of LOOKED_BACK_MS) {
    const nodes = [...wanted].flatMap(([node, count]) => ((found.get(node) ?? []).length < count ? [node] : []));
    const fromMs = Math.max(span.fromMs, span.toMs - spanMs);
    const byNode = await searchByNode(
      { ...ask, nodes },
      {
        indices: clientLines.indices,
        filter: [within({ fromMs, toMs: span.toMs }), isBad],
        aggs: () => ({ newest: topHits({ size: MOST_LINES, fields }) }),
      },
    );
    for (const [node, bucket] of byNode) found.set(node, hitsOf(bucket, "newest").map(lineOf));
    if (fromMs === span.fromMs) break;
  }
  return found;
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
