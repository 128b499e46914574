import { type Dataset, keepOf } from "../../events/dataset.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import type { DatasetUse } from "../store.ts";
import { askByNames } from "./by-names.ts";
import type { Engine, EngineObject, EngineRequest } from "./engine.ts";
import { isPattern } from "./index-names.ts";
import { streamOf } from "./search.ts";

/** One index of the cluster, a backing one of a data stream or a plain one. */
export type IndexUse = {
  name: string;
  /** Its data stream, or its own name. */
  of: string;
  documents: number;
  bytes: number;
  oldestMs?: number;
  newestMs?: number;
  /** Starts of the UTC days with documents, Unix ms. */
  days: readonly number[];
};

/**
 * Documents, bytes of all copies, and the span of every index that the names and patterns stand for. Rejects with
 * `engine_*`; an index whose name is there without a pattern is left out where the cluster refuses to tell of it.
 */
export async function readIndices(engine: Engine, names: readonly string[], signal?: AbortSignal): Promise<IndexUse[]> {
  const query = { ignore_unavailable: true, allow_no_indices: true };
  const ask = (what: string, request: (path: string) => EngineRequest) =>
    askByNames({ engine, names, isNeeded: isPattern, request, what });
  await ask("refresh its indices", (path) => ({ method: "POST", path: `${path}/_refresh`, query, signal }));
  const stats = await ask("count its documents", (path) => ({
    method: "GET",
    path: `${path}/_stats/docs,store`,
    query: { ...query, level: "indices" },
    signal,
  }));
  const spans = await ask("read the span of its documents", (path) => ({
    method: "POST",
    path: `${path}/_search`,
    query: { ...query, allow_partial_search_results: false },
    body: {
      size: 0,
      track_total_hits: false,
      aggs: {
        indices: {
          terms: { field: "_index", size: 10_000 },
          aggs: {
            oldest: { min: { field: "@timestamp" } },
            newest: { max: { field: "@timestamp" } },
            days: { date_histogram: { field: "@timestamp", calendar_interval: "day", min_doc_count: 1 } },
          },
        },
      },
    },
    signal,
  }));
  const buckets = spans.flatMap(({ aggregations }) => {
    const { indices } = (aggregations ?? {}) as { indices?: { buckets: readonly Span[] } };
    return indices?.buckets ?? [];
  });
  const byName = new Map(buckets.map((span) => [span.key, span]));
  // A pattern of one request and a name of another one may stand for the same.
  const counted = new Map(
    stats.flatMap(({ indices }) => Object.entries((indices ?? {}) as Readonly<Record<string, Stats>>)),
  );
  return [...counted].map(([name, { total, primaries }]) => {
    const span = byName.get(name);
    const oldestMs = span?.oldest.value;
    const newestMs = span?.newest.value;
    return {
      name,
      of: streamOf(name),
      documents: Number(primaries.docs?.count ?? 0),
      bytes: Number(total.store?.size_in_bytes ?? 0),
      ...(typeof oldestMs === "number" ? { oldestMs } : {}),
      ...(typeof newestMs === "number" ? { newestMs } : {}),
      days: span?.days.buckets.map(({ key }) => Number(key)) ?? [],
    };
  });
}

type Span = {
  key: string;
  oldest: { value: number | null };
  newest: { value: number | null };
  days: { buckets: readonly { key: number }[] };
};
type Stats = Readonly<Record<"total" | "primaries", { docs?: EngineObject; store?: EngineObject }>>;

/** What is stored of each of our datasets, and of what others brought. */
export function datasetUses(input: {
  indices: readonly IndexUse[];
  datasets: readonly Dataset[];
  network: string;
  foreign: readonly ForeignIndex[];
}): DatasetUse[] {
  const { indices, datasets, network, foreign } = input;
  const own = datasets.map((dataset) => ({
    index: indexName(dataset, network),
    dataset: dataset.name,
    keep: keepOf(dataset),
    isStream: dataset.kind === "stream",
  }));
  const others = foreign.map(({ name, kind }) => ({
    index: name,
    dataset: name,
    keep: kind === "stream" ? ("raw" as const) : ("ever" as const),
    isStream: kind === "stream",
  }));
  const byName = Map.groupBy(indices, ({ of }) => of);
  return [...own, ...others].flatMap(({ index, dataset, keep, isStream }) => {
    const members = byName.get(index) ?? [];
    const rows = members.reduce((sum, { documents }) => sum + documents, 0);
    // A search makes the indices of ours that it names, and a stream may be made before its first document.
    if (rows === 0) return [];
    const oldest = members.flatMap(({ oldestMs }) => oldestMs ?? []);
    const newest = members.flatMap(({ newestMs }) => newestMs ?? []);
    return {
      dataset,
      network,
      index,
      keep,
      rows,
      bytes: members.reduce((sum, { bytes }) => sum + bytes, 0),
      ...(isStream ? { days: new Set(members.flatMap(({ days }) => days)).size } : {}),
      ...(oldest.length === 0 ? {} : { oldestUs: Math.min(...oldest) * 1000 }),
      ...(newest.length === 0 ? {} : { newestUs: Math.max(...newest) * 1000 }),
    };
  });
}
