import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isoFromUs, parseIsoUs } from "../../search/dates/iso-date.ts";
import { UTC } from "../../search/dates/time-zone.ts";
import type { QueryBody, SearchHit } from "../../search/request.ts";
import type { CopiedDocument, CopiedIndex, SeqRange, Side } from "./side.ts";

/** Which documents of an index are meant. */
export type Bounds = {
  sinceUs?: number | undefined;
  /** Exclusive. */
  untilUs?: number | undefined;
  /** Where they stand; everywhere without it. */
  ranges?: readonly SeqRange[] | undefined;
};

const PAGE_BYTES = 8 * 1024 * 1024;
const FIRST_PAGE = 500;
const MAX_PAGE = 5_000;

/** The query for documents within bounds. */
function boundsQuery({ sinceUs, untilUs, ranges }: Bounds): QueryBody {
  const filter: QueryBody[] = [];
  if (sinceUs !== undefined || untilUs !== undefined) {
    filter.push({
      range: {
        "@timestamp": {
          ...(sinceUs === undefined ? {} : { gte: isoFromUs(BigInt(sinceUs)) }),
          ...(untilUs === undefined ? {} : { lt: isoFromUs(BigInt(untilUs)) }),
        },
      },
    });
  }
  if (ranges !== undefined) {
    const should = ranges.map(([first, last]) => ({ range: { _seq: { gte: first, lte: last } } }));
    filter.push(should.length === 0 ? { match_none: {} } : { bool: { should, minimum_should_match: 1 } });
  }
  return { bool: { filter } };
}

/** The documents of an index in the order of arrival, in pages of a few megabytes. */
export async function* readPages(
  side: Pick<Side, "search">,
  { index, bounds }: { index: Pick<CopiedIndex, "name">; bounds: Bounds },
): AsyncGenerator<readonly SearchHit[]> {
  let size = FIRST_PAGE;
  let after: readonly Json[] | undefined;
  while (true) {
    const { hits } = await side.search(index.name, {
      query: boundsQuery(bounds),
      sort: [{ _seq: "asc" }],
      size,
      track_total_hits: false,
      ...(after === undefined ? {} : { search_after: after }),
    });
    if (hits.hits.length > 0) yield hits.hits;
    after = hits.hits.at(-1)?.sort;
    if (hits.hits.length < size || after === undefined) return;
    const bytes = JSON.stringify(hits.hits[0]).length + JSON.stringify(hits.hits.at(-1)).length;
    size = Math.min(MAX_PAGE, size * 2, Math.max(50, Math.floor((2 * PAGE_BYTES) / bytes)));
  }
}

/** How many documents within bounds there are, and the position of the first and the last of them. */
export async function spanOf(
  side: Pick<Side, "search">,
  { index, bounds }: { index: Pick<CopiedIndex, "name">; bounds: Bounds },
): Promise<{ documents: number; first: number; last: number }> {
  const edge = (order: "asc" | "desc") =>
    side.search(index.name, {
      query: boundsQuery(bounds),
      sort: [{ _seq: order }],
      size: 1,
      track_total_hits: true,
      _source: false,
    });
  const { hits } = await edge("asc");
  const [first] = hits.hits;
  const documents = hits.total?.value ?? 0;
  if (first === undefined || documents === 0) return { documents: 0, first: 0, last: 0 };
  const [last] = (await edge("desc")).hits.hits;
  return { documents, first: seqOf(first), last: seqOf(last ?? first) };
}

export function seqOf(hit: SearchHit): number {
  return Number(hit.sort?.[0] ?? 0);
}

/**
 * What is written to the other side: of documents of others the text as it was sent, where a search does not give it
 * back to the letter, and the version.
 */
export async function copiedDocuments(
  side: Pick<Side, "sent">,
  index: CopiedIndex,
  hits: readonly SearchHit[],
): Promise<CopiedDocument[]> {
  const documents = hits.map((hit) => {
    const source = hit._source as JsonObject;
    return { seq: seqOf(hit), id: hit._id, source, timestampUs: timestampOf(source) };
  });
  if (index.foreign === undefined) {
    return documents.map((document) => ({ ...document, timestampUs: document.timestampUs ?? 0 }));
  }
  const asked = documents.filter(
    ({ source, timestampUs }) =>
      index.kind === "index" || timestampUs === undefined || LONG_DIGITS.test(JSON.stringify(source)),
  );
  const sent = new Map<string, { source: string; version: number; timestampUs: number }>();
  for (let at = 0; at < asked.length; at += LOOKUP_IDS) {
    const part = asked.slice(at, at + LOOKUP_IDS).map(({ id, timestampUs = 0 }) => ({ id, timestampUs }));
    for (const [id, document] of await side.sent(index, part)) sent.set(id, document);
  }
  return documents.map(({ timestampUs, ...document }) => {
    const found = sent.get(document.id);
    return {
      ...document,
      timestampUs: found?.timestampUs ?? timestampUs ?? 0,
      sent: { text: found?.source ?? JSON.stringify(document.source), version: found?.version ?? 1 },
    };
  });
}

const LOOKUP_IDS = 1_000;
/** A search gives integers beyond 2^53 as text. */
const LONG_DIGITS = /"-?\d{16,}"/;

/** Undefined where it cannot be told from the source alone. */
function timestampOf(source: JsonObject): number | undefined {
  const value = source["@timestamp"];
  const us = typeof value === "string" ? parseIsoUs(value, { zone: UTC, roundUp: false }) : undefined;
  return us === undefined ? undefined : Number(us);
}
