import { isFault } from "../../lib/fault.ts";
import type { AggregationsBody, QueryBody, SearchResponse } from "../../search/request.ts";
import type { Store } from "../../store/store.ts";
import { isoOfMs } from "../api/iso-time.ts";

/** What a search over documents of others is asked with. */
export type HostAsk = {
  store: Pick<Store, "search">;
  /** The nodes to answer for, and all there are. */
  nodes: readonly string[];
  allNodes: readonly string[];
  signal: AbortSignal;
};

/** The field that is counted by, or sorted into buckets by, of a name. */
export type KeywordField = (name: string) => string;

/** A bucket of an answer; aggregations of its own stand beside its key. */
export type Bucket = { readonly key?: string | number; readonly doc_count: number; readonly [name: string]: unknown };

/**
 * The documents that the way in has given to a node. A phrase is an exact value for keywords, and finds it in a text
 * too, as some senders' own templates make all texts; longer names that hold this one are then other nodes.
 */
function ofNode({ node, allNodes }: { node: string; allNodes: readonly string[] }): QueryBody {
  const words = wordsOf(node);
  const longer = allNodes.filter((other) => other !== node && ` ${wordsOf(other)} `.includes(` ${words} `));
  return {
    bool: {
      filter: [{ match_phrase: { "observer.name": node } }],
      must_not: longer.map((other) => ({ match_phrase: { "observer.name": other } })),
    },
  };
}

function wordsOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ");
}

export function within({ fromMs, toMs }: { fromMs: number; toMs: number }): QueryBody {
  return { range: { "@timestamp": { gte: isoOfMs(Math.max(0, fromMs)), lt: isoOfMs(Math.max(0, toMs)) } } };
}

/** One of these holds. */
export function anyOf(should: readonly QueryBody[]): QueryBody {
  return { bool: { should, minimum_should_match: 1 } };
}

/** Whether anything came at all: few send all there is, and this costs little. */
export async function anythingCame(
  ask: HostAsk,
  indices: string,
  span: { fromMs: number; toMs: number },
): Promise<boolean> {
  const { hits } = await ask.store.search(
    indices,
    { size: 0, track_total_hits: 1, query: within(span) },
    { signal: ask.signal },
  );
  return (hits.total?.value ?? 0) > 0;
}

/**
 * Aggregations for each node, by its name; a node without a document has none. Where an index was made without a
 * template its texts are counted by their `.keyword`, as Elasticsearch's own rules have it.
 */
export async function searchByNode(
  ask: HostAsk,
  search: { indices: string; filter: readonly QueryBody[]; aggs: (keyword: KeywordField) => AggregationsBody },
): Promise<Map<string, Bucket>> {
  const { store, nodes, allNodes, signal } = ask;
  const run = (keyword: KeywordField): Promise<SearchResponse> =>
    store.search(
      search.indices,
      {
        size: 0,
        track_total_hits: false,
        query: { bool: { filter: search.filter } },
        aggs: {
          nodes: {
            filters: { filters: Object.fromEntries(nodes.map((node) => [node, ofNode({ node, allNodes })])) },
            aggs: search.aggs(keyword),
          },
        },
      },
      { signal },
    );
  if (nodes.length === 0) return new Map();
  const { aggregations } = await run((name) => name).catch((error: unknown) => {
    if (isFault(error, "search_invalid")) return run((name) => `${name}.keyword`);
    throw error;
  });
  const buckets = (aggregations?.["nodes"] as { buckets?: Readonly<Record<string, Bucket>> } | undefined)?.buckets;
  return new Map(Object.entries(buckets ?? {}).filter(([, bucket]) => bucket.doc_count > 0));
}

/** The buckets of an inner aggregation, and none where it is not there. */
export function bucketsOf(bucket: Bucket | undefined, name: string): readonly Bucket[] {
  return (bucket?.[name] as { buckets?: readonly Bucket[] } | undefined)?.buckets ?? [];
}

/** The number of an inner `avg`, `max` or the like; null where no document had the field. */
export function metricOf(bucket: Bucket | undefined, name: string): number | null {
  const value = (bucket?.[name] as { value?: number | null } | undefined)?.value;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function inner(bucket: Bucket | undefined, name: string): Bucket | undefined {
  return bucket?.[name] as Bucket | undefined;
}
