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
  /** A cluster may hold what the servers of other networks sent, too. */
  network: string;
  signal: AbortSignal;
};

/** The field that is counted by, or sorted into buckets by, of a name. */
export type KeywordField = (name: string) => string;

/** A bucket of an answer; aggregations of its own stand beside its key. */
export type Bucket = { readonly key?: string | number; readonly doc_count: number; readonly [name: string]: unknown };

/** Where the way in puts the node that a document belongs to, and its network. */
const NODE_FIELD = "observer.name";
const NETWORK_FIELD = "ethereum.network";

/**
 * The documents that the way in has given to a node. A phrase is an exact value for keywords, and finds it in a text
 * too, as some senders' own templates make all texts; longer names that hold this one are then other nodes.
 */
function ofNode({ node, allNodes }: { node: string; allNodes: readonly string[] }): QueryBody {
  const words = wordsOf(node);
  const longer = allNodes.filter((other) => other !== node && ` ${wordsOf(other)} `.includes(` ${words} `));
  return {
    bool: {
      filter: [{ match_phrase: { [NODE_FIELD]: node } }],
      must_not: longer.map((other) => ({ match_phrase: { [NODE_FIELD]: other } })),
    },
  };
}

/** Counts documents of the network that hold all conditions; no hit is read. */
function count(
  { store, network, signal }: HostAsk,
  search: { indices: string; filter: readonly QueryBody[]; total?: number | false; aggs?: AggregationsBody },
): Promise<SearchResponse> {
  const { indices, filter, total = false, aggs } = search;
  const ofNetwork: QueryBody = { match_phrase: { [NETWORK_FIELD]: network } };
  const query: QueryBody = { bool: { filter: [...filter, ofNetwork] } };
  const request = { size: 0, track_total_hits: total, query, ...(aggs === undefined ? {} : { aggs }) };
  return store.search(indices, request, { signal });
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
  const { hits } = await count(ask, { indices, filter: [within(span)], total: 1 });
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
  const { nodes, allNodes } = ask;
  const run = (byNode: AggregationsBody[string], keyword: KeywordField): Promise<SearchResponse> =>
    count(ask, { ...search, aggs: { nodes: { ...byNode, aggs: search.aggs(keyword) } } });
  if (nodes.length === 0) return new Map();
  // Of keywords each document is looked at once, and not once for each node.
  const byName = { terms: { field: NODE_FIELD, include: nodes, size: nodes.length } };
  const { aggregations } = await run(byName, (name) => name).catch((error: unknown) => {
    if (!isFault(error, "search_invalid")) throw error;
    const filters = Object.fromEntries(nodes.map((node) => [node, ofNode({ node, allNodes })]));
    return run({ filters: { filters } }, (name) => `${name}.keyword`);
  });
  const buckets = (aggregations?.["nodes"] as { buckets?: Readonly<Record<string, Bucket>> } | undefined)?.buckets;
  // Those of `terms` are a list that tells their names, those of `filters` stand under them.
  const named = Object.entries(buckets ?? {}).map(([name, bucket]): [string, Bucket] => [
    String(bucket.key ?? name),
    bucket,
  ]);
  return new Map(named.filter(([, bucket]) => bucket.doc_count > 0));
}

/** Documents that share the values of some fields, which stand in `key` by the names they were asked for by. */
export type Combination = { readonly [name: string]: unknown } & {
  readonly key: Readonly<Record<string, string | number | null>>;
  readonly doc_count: number;
};

const PAGE = 10_000;
/** What is more than this is not looked at. */
const MOST_PAGES = 20;

/**
 * All combinations of fields within each node, in the order of their values, each with its aggregations. They take one
 * pass over the documents, where buckets within buckets take one for each level.
 */
export async function combinationsByNode(
  ask: HostAsk,
  search: {
    indices: string;
    filter: readonly QueryBody[];
    sources: (keyword: KeywordField) => readonly Readonly<Record<string, object>>[];
    aggs?: AggregationsBody;
  },
): Promise<Map<string, Combination[]>> {
  const { nodes, allNodes } = ask;
  const { sources } = search;
  if (nodes.length === 0) return new Map();
  try {
    const byName = { node: { terms: { field: NODE_FIELD } } };
    const found = await everyCombination(ask, { ...search, sources: [byName, ...sources((name) => name)] });
    const byNode = Map.groupBy(found, ({ key }) => String(key["node"]));
    return new Map([...byNode].filter(([node]) => nodes.includes(node)));
  } catch (error) {
    if (!isFault(error, "search_invalid")) throw error;
  }
  const byNode = new Map<string, Combination[]>();
  for (const node of nodes) {
    const filter = [...search.filter, ofNode({ node, allNodes })];
    const found = await everyCombination(ask, { ...search, filter, sources: sources((name) => `${name}.keyword`) });
    if (found.length > 0) byNode.set(node, found);
  }
  return byNode;
}

async function everyCombination(
  ask: HostAsk,
  search: { indices: string; filter: readonly QueryBody[]; sources: readonly object[]; aggs?: AggregationsBody },
): Promise<Combination[]> {
  const { indices, filter, sources, aggs = {} } = search;
  const all: Combination[] = [];
  let after: unknown;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const composite = { size: PAGE, sources, ...(after === undefined ? {} : { after }) };
    const { aggregations } = await count(ask, { indices, filter, aggs: { found: { composite, aggs } } });
    const found = aggregations?.["found"] as { buckets?: readonly Combination[]; after_key?: unknown } | undefined;
    const buckets = found?.buckets ?? [];
    all.push(...buckets);
    if (buckets.length < PAGE) break;
    after = found?.after_key;
  }
  return all;
}

/** The buckets of an inner aggregation, and none where it is not there. */
export function bucketsOf(bucket: Bucket | undefined, name: string): readonly Bucket[] {
  return (bucket?.[name] as { buckets?: readonly Bucket[] } | undefined)?.buckets ?? [];
}

/** The number of an inner `avg`, `max` or the like; null where no document had the field. */
export function metricOf(bucket: Bucket | Combination | undefined, name: string): number | null {
  const value = (bucket?.[name] as { value?: number | null } | undefined)?.value;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function inner(bucket: Bucket | undefined, name: string): Bucket | undefined {
  return bucket?.[name] as Bucket | undefined;
}
