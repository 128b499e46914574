import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlertDesk } from "../../src/alert/desk.ts";
import { catalogue } from "../../src/events/catalogue.ts";
import type { Document } from "../../src/events/document.ts";
import { type Broadcaster, createBroadcaster } from "../../src/lib/broadcast.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import { Fault } from "../../src/lib/fault.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { Shipped } from "../../src/panels/shipped.ts";
import type { Access } from "../../src/serve/access/access.ts";
import type { AlertLinks } from "../../src/serve/alert-links/link-port.ts";
import type { ServedStore } from "../../src/serve/api/handlers.ts";
import type { Tallies } from "../../src/serve/metric-definitions.ts";
import { createMetrics } from "../../src/serve/metrics.ts";
import { createServer, type ServerConfig } from "../../src/serve/server.ts";
import type { LiveItem, Source } from "../../src/serve/source.ts";
import { createEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import type { Store } from "../../src/store/store.ts";
import { type ForeignDocuments, storeForeign } from "./foreign-documents.ts";
import { chainAxis, checked, health, network, nodeView, slotStartMs } from "./serve-fixtures.ts";

export type ServeRig = {
  url: string;
  live: Broadcaster<LiveItem>;
  /** GETs a path; the body is parsed when it is JSON. */
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; headers: Headers; body: unknown }>;
  /** Sends a body as JSON, or nothing, as a page of ours does. */
  send(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  close(): Promise<void>;
};

export type ServeRigOptions = {
  /** With these a real store is started that holds them; without, the store is one that cannot answer. */
  documents?: readonly Document[];
  /** What Beats and others sent; the name of a host, less what follows a dot, is that of its node. */
  foreign?: readonly ForeignDocuments[];
  source?: Partial<Source>;
  tallies?: Tallies;
  /** Instead of a real one, for what a real one does only when it is ill. */
  store?: Pick<Store, "search" | "state"> & Partial<ServedStore>;
  shipped?: Shipped;
  /** Rules that run; without it none do yet. */
  desk?: AlertDesk;
  links?: AlertLinks;
  nowMs?: number;
  access?: Access;
  config?: Partial<ServerConfig>;
};

/** The server on a free port, over a real store that holds `documents`. */
export async function startServeRig(options: ServeRigOptions = {}): Promise<ServeRig> {
  const {
    documents,
    tallies = { topics: [], gaps: [], votes: undefined, queues: [] },
    nowMs = slotStartMs(100),
  } = options;
  const clock: Clock = { nowUs: () => nowMs * 1000, monoUs: () => nowMs * 1000 };
  const real = documents === undefined ? undefined : await openStore(documents, options.foreign);
  const store = { ...unavailableStore, ...(options.store ?? real?.store) };
  const source: Source = {
    network: () => network,
    nodes: () => [nodeView("n1"), nodeView("n2", { state: "down", reason: "connection refused", head: null })],
    health: () => health,
    labels: () => undefined,
    check: () => checked,
    beginCheck: () => ({ ...checked, running_since_ms: nowMs }),
    ...options.source,
  };
  const live = createBroadcaster<LiveItem>();
  const server = createServer({
    store,
    source,
    live,
    log: silentLog,
    clock,
    config: { host: "127.0.0.1", port: 0, ...options.config },
    metrics: createMetrics({ source, store, tallies: () => tallies }),
    shipped: options.shipped ?? { panels: new Map(), dashboards: new Map() },
    desk: () => options.desk,
    links: () => options.links,
    ...(options.access === undefined ? {} : { access: options.access }),
  });
  const { url } = await server.listen();
  return {
    url,
    live,
    async get(path, headers = {}) {
      const response = await fetch(`${url}${path}`, { headers });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    async send(method, path, body) {
      const json =
        body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const response = await fetch(`${url}${path}`, { method, ...json });
      return { status: response.status, body: await response.json() };
    },
    async close() {
      await server.close();
      await real?.close();
    },
  };
}

/** A store as it is while its database is locked, say. */
const refuse = () => Promise.reject(new Fault("store_unavailable", "The database is locked.", { retry: "retryable" }));
const unavailableStore: ServedStore = {
  search: refuse,
  use: refuse,
  append: refuse,
  settled: refuse,
  foreign: { indices: refuse },
  state: () => ({ state: "unavailable", journaled: 0, loaded: 0, queued: 0, dropped: 0, rows: 0 }),
};

async function openStore(
  documents: readonly Document[],
  foreign: readonly ForeignDocuments[] = [],
): Promise<{ store: Store; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-serve-"));
  const store = await createEmbeddedStore({
    directory,
    network: network.name,
    datasets: catalogue,
    clock: systemClock(),
    log: silentLog,
  });
  if (documents.length > 0) await store.append(documents);
  await storeForeign(store.foreign, {
    foreign,
    axis: chainAxis,
    nodeOf: (name) => /^(n\d+)(\.|$)/.exec(name)?.[1],
  });
  await store.settled();
  return {
    store,
    async close() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}
