import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlertDesk } from "../../src/alert/desk.ts";
import type { DocumentReader, ForeignSink, IndexAdmin, JsonObject, PipelineBook } from "../../src/events/foreign.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { TlsTexts } from "../../src/lib/tls-files.ts";
import { createKeyStore, type KeyStore } from "../../src/serve/access/key-store.ts";
import { createElasticFace } from "../../src/serve/elastic/face.ts";
import { type ElasticFaceConfig, elasticFaceSchema } from "../../src/serve/elastic/schema.ts";
import type { SearchBackend } from "../../src/serve/elastic/search-backend.ts";
import { openSettingsBook, type SettingsBook } from "../../src/serve/elastic/settings-book.ts";
import { createMemorySearch, type MemorySearch } from "./memory-search.ts";
import { createMemorySink, type MemorySink } from "./memory-sink.ts";

// biome-ignore lint/suspicious/noExplicitAny: what tests read of an answer is what they expect there
type Body = any;
export type Answer = { status: number; headers: Headers; text: string; body: Body };

export type ElasticRig = {
  url: string;
  directory: string;
  sink: MemorySink;
  search: MemorySearch;
  keys: KeyStore;
  /** What was logged as an error. */
  failures: object[];
  ask(method: string, path: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** Documents lines as a `_bulk` body. */
  bulk(
    lines: readonly unknown[] | string | Uint8Array,
    path?: string,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  close(): Promise<void>;
};

/** The Elasticsearch face on a free port, over a sink and a search in memory. */
export async function startElasticRig(
  options: {
    config?: Partial<ElasticFaceConfig>;
    clock?: Clock;
    tls?: TlsTexts;
    keepItems?: boolean;
    pipelines?: PipelineBook;
    directory?: string;
    /** In place of those in memory. */
    store?: (settings: SettingsBook) => ForeignSink & DocumentReader & IndexAdmin;
    searchBackend?: SearchBackend;
    desk?: AlertDesk;
  } = {},
): Promise<ElasticRig> {
  const { clock = systemClock(), keepItems = true } = options;
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "ethmon-elastic-")));
  const sink = createMemorySink({ keepItems });
  const search = createMemorySearch();
  const keys = createKeyStore({ dataDirectory: directory, clock });
  const settings = await openSettingsBook(directory, () => "test-cluster");
  const failures: object[] = [];
  const store = options.store?.(settings);
  const face = createElasticFace({
    ports: {
      sink: store ?? sink,
      reader: store ?? sink,
      admin: store ?? createMemoryAdmin(search),
      search: options.searchBackend ?? search,
      pipelines: options.pipelines ?? createMemoryPipelines(),
      settings,
      keys,
      desk: options.desk,
    },
    config: elasticFaceSchema.parse({ port: 0, ...options.config }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    clock,
    log: { ...silentLog, error: (fields) => void failures.push(fields) },
  });
  const { url } = await face.listen();
  const ask: ElasticRig["ask"] = async (method, path, { body, headers = {} } = {}) => {
    const isRaw = typeof body === "string" || body instanceof Uint8Array;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? JSON.parse(text) : text,
    };
  };
  return {
    url,
    directory,
    sink,
    search,
    keys,
    failures,
    ask,
    bulk(lines, path = "/_bulk", headers = {}) {
      const body =
        typeof lines === "string" || lines instanceof Uint8Array
          ? lines
          : (lines as readonly unknown[]).map((line) => `${JSON.stringify(line)}\n`).join("");
      return ask("POST", path, { body, headers: { "content-type": "application/x-ndjson", ...headers } });
    },
    async close() {
      await face.close();
      if (options.directory === undefined) await rm(directory, { recursive: true });
    },
  };
}

/** Pipelines that are kept, and run by adding what they are named for. */
function createMemoryPipelines(): PipelineBook {
  const kept = new Map<string, JsonObject>();
  return {
    all: () => kept,
    put: async (name, pipeline) => void kept.set(name, pipeline),
    delete: async (name) => void kept.delete(name),
    simulate: async ({ documents, pipeline }) =>
      documents.map(({ _source }) => ({ doc: { _source: { ..._source, ran: pipeline["description"] ?? "" } } })),
    processors: () => ["set", "grok"],
  };
}

/** Indices that are told by the search, without documents. */
function createMemoryAdmin(search: MemorySearch): IndexAdmin {
  const make = (name: string, kind: "index" | "data_stream") => {
    search.views = [...search.views, { name, kind, documents: 0, bytes: 0 }];
  };
  return {
    createIndex: async ({ name }) => make(name, "index"),
    createStream: async (name) => make(name, "data_stream"),
    remove: async (name) => {
      search.views = search.views.filter((view) => view.name !== name);
    },
    putMapping: async ({ name, mapping }) => void search.mapping.set(name, mapping),
    settings: async () => undefined,
  };
}
