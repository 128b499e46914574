import type { JsonObject } from "../../events/foreign.ts";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import { Fault } from "../../lib/fault.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { SearchRequest, SearchResponse } from "../../search/request.ts";
import type { Mapping } from "../../search/target.ts";
import { foreignDocument } from "../embedded/foreign-datasets.ts";
import type { ForeignIndex, ForeignRecord, ForeignStored, ForeignTables } from "../foreign/foreign-tables.ts";
import { storedIndex } from "../foreign/index-document.ts";
import { isQueueFull, journalRecords } from "../foreign/journaled.ts";
import { createKnownIndices } from "../foreign/known-indices.ts";
import type { Journal } from "../journal.ts";
import { asUnavailable } from "./cluster.ts";
import { refused } from "./dialect.ts";
import type { Engine, EngineObject } from "./engine.ts";
import { VERSION_FIELD } from "./operations.ts";
import { SEQ_FIELD } from "./own-template.ts";
import { plain } from "./search.ts";

const NO_COLUMNS: Mapping = new Map();

export type ElasticForeign = ForeignTables & {
  /** As `limit` was told it. */
  keptForMs(index: ForeignIndex): number | undefined;
  /** An index as it was told to the cluster; undefined where it never was. Rejects with `engine_*`. */
  find(name: string, signal: AbortSignal): Promise<ForeignIndex | undefined>;
};

/** Documents of others in a cluster: they go through the journal as with the embedded store. */
export function createElasticForeign(deps: {
  journal: Journal;
  queueLimit: number;
  engine: Engine;
  network: string;
  /** Whether the cluster is so far behind that the journal must not grow. */
  spoolFull(): boolean;
  search(pattern: string, request: SearchRequest, signal?: AbortSignal): Promise<SearchResponse>;
  settled(signal?: AbortSignal): Promise<void>;
}): ElasticForeign {
  const { journal, queueLimit, engine, network, spoolFull, search, settled } = deps;
  const book = indexName(foreignIndexDataset, network);
  let limitOf: (index: ForeignIndex) => number | undefined = () => undefined;

  const known = createKnownIndices({
    async load() {
      await settled();
      const { hits } = await search(book, { size: 10_000, sort: [SEQ_FIELD] });
      return hits.hits.map(({ _id, _source }) => storedIndex(_id, _source));
    },
  });

  return {
    async indices(signal) {
      signal?.throwIfAborted();
      await known.ready();
      return known.all();
    },
    async append(given) {
      await known.ready();
      if (spoolFull()) {
        throw new Fault("store_queue_full", "The journal is full: the cluster is away", { retry: "retryable" });
      }
      // The cluster finds the values by itself.
      const documentOf = (record: ForeignRecord) => foreignDocument({ ...record, values: {} }, NO_COLUMNS);
      return journalRecords({ journal, known, given, documentOf });
    },
    async lookup({ index, ids, signal }) {
      await known.ready();
      if (known.get(index) === undefined || ids.length === 0) return new Map();
      const answer = await engine
        .ask({
          method: "POST",
          path: `/${encodeURIComponent(index)}/_search`,
          query: { ignore_unavailable: true },
          body: {
            size: Math.min(10_000, ids.length),
            query: { ids: { values: ids } },
            docvalue_fields: [SEQ_FIELD, VERSION_FIELD, { field: "@timestamp", format: "epoch_millis" }],
          },
          signal,
        })
        .catch((error: unknown) => {
          throw asUnavailable(error);
        });
      if (answer.status !== 200) throw asUnavailable(refused(`search ${index}`, answer));
      const { hits } = answer.body["hits"] as { hits: readonly EngineObject[] };
      return new Map(hits.map((hit) => [String(hit["_id"]), storedDocument(hit)]));
    },
    async drop(index) {
      await known.ready();
      await settled();
      const kind = known.get(index)?.kind;
      const path = kind === "stream" ? `/_data_stream/${encodeURIComponent(index)}` : `/${encodeURIComponent(index)}`;
      for (const gone of [path, `/${book}/_doc/${encodeURIComponent(index)}`]) {
        const answer = await engine.ask({
          method: "DELETE",
          path: gone,
          query: gone === path ? {} : { refresh: true },
        });
        if (answer.status >= 300 && answer.status !== 404) throw asUnavailable(refused(`delete ${index}`, answer));
      }
      known.forget(index);
    },
    limit(of) {
      limitOf = of;
    },
    keptForMs: (index) => limitOf(index),
    settled,
    async find(name, signal) {
      const told = known.get(name);
      if (told !== undefined) return told;
      // By its id a document is found before any refresh, which would wait for who asks here.
      const path = `/${book}/_doc/${encodeURIComponent(name)}`;
      const answer = await engine.ask({ method: "GET", path, signal });
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw refused(`read ${book}`, answer);
      return storedIndex(name, plain(answer.body["_source"] ?? {}) as JsonObject);
    },
    full: () => spoolFull() || isQueueFull(journal, queueLimit),
  };
}

function storedDocument({ _source, fields }: EngineObject): ForeignStored {
  const value = (name: string) => ((fields ?? {}) as Readonly<Record<string, readonly unknown[]>>)[name]?.[0];
  return {
    seqNo: Number(value(SEQ_FIELD) ?? 0),
    version: Number(value(VERSION_FIELD) ?? 1),
    timestampUs: Number(value("@timestamp") ?? 0) * 1000,
    source: JSON.stringify(plain(_source ?? {})),
  };
}
