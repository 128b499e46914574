import type { Dataset } from "../../events/dataset.ts";
import type { Document, Json } from "../../events/document.ts";
import { usOfIso, valueAt } from "../../events/record.ts";
import { isoFromUs } from "../../search/dates/iso-date.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { QueryBody, SearchHit, SearchRequest } from "../../search/request.ts";
import type { Store } from "../../store/store.ts";

export type Past = {
  store: Pick<Store, "search">;
  network: string;
  signal: AbortSignal;
};

const PAGE = 2_000;

/** Stored documents of a dataset by their time, those of one moment by arrival: from `fromMs` until before `untilMs`. */
export async function* documentsBetween(
  past: Past,
  asked: {
    dataset: Dataset;
    fromMs: number;
    untilMs: number;
    filter?: readonly QueryBody[];
    /** Fields that are enough; all without it. */
    fields?: readonly string[];
  },
): AsyncGenerator<readonly Document[]> {
  const { store, network, signal } = past;
  const { dataset, fromMs, untilMs, filter = [], fields } = asked;
  let fromUs = Math.round(fromMs * 1000);
  let after: readonly Json[] | undefined;
  while (true) {
    const request: SearchRequest = {
      query: {
        bool: {
          filter: [{ range: { "@timestamp": { gte: isoFromUs(BigInt(fromUs)), lt: isoOfMs(untilMs) } } }, ...filter],
        },
      },
      sort: [{ "@timestamp": "asc" }, { _seq: "asc" }],
      size: PAGE,
      track_total_hits: false,
      ...(fields === undefined ? {} : { _source: ["@timestamp", ...fields] }),
      ...(after === undefined ? {} : { search_after: after }),
    };
    const { hits } = await store.search(indexName(dataset, network), request, {
      signal,
      params: { ignoreMissing: true },
    });
    const documents = hits.hits.map((hit) => documentOfHit(dataset, hit));
    yield documents;
    // What lies behind is not even looked at again.
    fromUs = documents.at(-1)?.timestampUs ?? fromUs;
    after = hits.hits.at(-1)?.sort;
    if (hits.hits.length < PAGE || after === undefined) return;
  }
}

/** The newest documents from before a moment, oldest first. */
export async function documentsBefore(
  { store, network, signal }: Past,
  { dataset, beforeMs, count }: { dataset: Dataset; beforeMs: number; count: number },
): Promise<Document[]> {
  const { hits } = await store.search(
    indexName(dataset, network),
    {
      query: { range: { "@timestamp": { lt: isoOfMs(beforeMs) } } },
      sort: [{ "@timestamp": "desc" }, { _seq: "desc" }],
      size: count,
      track_total_hits: false,
    },
    { signal, params: { ignoreMissing: true } },
  );
  return hits.hits.map((hit) => documentOfHit(dataset, hit)).reverse();
}

/** The time of the oldest document that is stored, Unix milliseconds; undefined where there is none. */
export async function oldestMs({ store, network, signal }: Past, dataset: Dataset): Promise<number | undefined> {
  const { hits } = await store.search(
    indexName(dataset, network),
    { sort: [{ "@timestamp": "asc" }], size: 1, track_total_hits: false, _source: ["@timestamp"] },
    { signal, params: { ignoreMissing: true } },
  );
  const [first] = hits.hits;
  return first === undefined ? undefined : usOfIso(String(first._source["@timestamp"])) / 1000;
}

/** A stored document as the pipeline gave it. */
function documentOfHit(dataset: Dataset, { _id, _source }: SearchHit): Document {
  const fields: Record<string, Json> = {};
  for (const { name, type } of dataset.columns) {
    const value = valueAt(_source, name);
    if (value === undefined || value === null) continue;
    fields[name] = type === "date" && typeof value === "string" ? usOfIso(value) : value;
  }
  return {
    dataset: dataset.name,
    timestampUs: usOfIso(String(_source["@timestamp"])),
    fields,
    ...(dataset.kind === "index" ? { id: _id } : {}),
  };
}

export function isoOfMs(ms: number): string {
  return isoFromUs(BigInt(Math.round(ms * 1000)));
}
