import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogue } from "../../src/events/catalogue.ts";
import type { JsonObject, PipelineBook } from "../../src/events/foreign.ts";
import { createPipelines } from "../../src/ingest/pipelines.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { SearchRequest } from "../../src/search/request.ts";
import { createKeyStore } from "../../src/serve/access/key-store.ts";
import { createElasticFace } from "../../src/serve/elastic/face.ts";
import { elasticFaceSchema } from "../../src/serve/elastic/schema.ts";
import type { SearchBackend, SearchResult } from "../../src/serve/elastic/search-backend.ts";
import { openSettingsBook } from "../../src/serve/elastic/settings-book.ts";
import { createEmbeddedStore, type EmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { createForeignSink } from "../../src/store/foreign/foreign-sink.ts";
import type { CorpusDocument } from "./corpus/corpus.ts";

export const INDEX = "corpus";

/** Either side of the comparison: something that speaks Elasticsearch's API. */
export type Side = { name: string; url: string };

/** Gives the documents to either side, in one shard. */
export async function fill(input: {
  side: Side;
  mapping: JsonObject;
  documents: readonly CorpusDocument[];
}): Promise<void> {
  const { side, mapping, documents } = input;
  await expectOk(
    side,
    "PUT",
    `/${INDEX}`,
    JSON.stringify({ settings: { number_of_shards: 1, number_of_replicas: 0 }, mappings: mapping }),
  );
  const lines = documents.flatMap(({ id, source }) => [JSON.stringify({ index: { _id: id } }), JSON.stringify(source)]);
  const told = await expectOk(side, "POST", `/${INDEX}/_bulk?refresh=true`, `${lines.join("\n")}\n`);
  const { errors, items } = JSON.parse(told) as { errors: boolean; items: { index: { error?: object } }[] };
  if (!errors) return;
  const failed = items.filter(({ index }) => index.error !== undefined).map(({ index }) => JSON.stringify(index));
  throw new Error(`${side.name} does not take documents of the corpus: ${failed.slice(0, 3).join("\n")}`);
}

async function expectOk(side: Side, method: string, path: string, body: string): Promise<string> {
  const headers = { "content-type": path.includes("_bulk") ? "application/x-ndjson" : "application/json" };
  const response = await fetch(`${side.url}${path}`, { method, headers, body });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${side.name} answered ${response.status} to ${method} ${path}: ${text.slice(0, 500)}`);
  return text;
}

/** The embedded store behind its own Elasticsearch face: it is filled as an engine is. */
export async function startEmbedded(): Promise<Side & { stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-embedded-"));
  const [clock, log] = [systemClock(), silentLog];
  const store = await createEmbeddedStore({ directory, network: "engines", datasets: catalogue, clock, log });
  await store.settled();
  const settings = await openSettingsBook(directory, () => "engines");
  const pipelines = createPipelines({ nowUs: clock.nowUs });
  const foreign = createForeignSink({ tables: store.foreign, templates: settings, pipelines, clock, log });
  const face = createElasticFace({
    ports: {
      sink: foreign,
      reader: foreign,
      admin: foreign,
      search: searchBackend(store),
      pipelines: noPipelines,
      settings,
      keys: createKeyStore({ dataDirectory: directory, clock }),
    },
    config: elasticFaceSchema.parse({ port: 0 }),
    clock,
    log,
  });
  const { url } = await face.listen();
  return {
    name: "the embedded store",
    url,
    async stop() {
      await face.close();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function searchBackend(store: EmbeddedStore): SearchBackend {
  return {
    indices: async () =>
      (await store.foreign.indices()).map(({ name }) => ({ name, kind: "index", documents: 0, bytes: 0 })),
    search: async ({ indices, body, typedKeys, maxSeq, signal }) =>
      (await store.search(indices.join(","), body as SearchRequest, {
        params: { typedKeys, ...(maxSeq === undefined ? {} : { maxSeq }) },
        ...(signal === undefined ? {} : { signal }),
      })) as unknown as SearchResult,
    mappings: async () => new Map((await store.foreign.indices()).map(({ name, mapping }) => [name, mapping])),
    newestSeq: async () => Number.MAX_SAFE_INTEGER,
  };
}

const noPipelines: PipelineBook = {
  all: () => new Map(),
  put: async () => undefined,
  delete: async () => undefined,
  simulate: async () => [],
  processors: () => [],
};
