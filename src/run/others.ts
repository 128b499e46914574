import { randomBytes } from "node:crypto";
import type { AlertDesk } from "../alert/desk.ts";
import type { Chain } from "../chain/chain.ts";
import { createLumberjack } from "../collect/lumberjack/server.ts";
import type { Config } from "../config/schema.ts";
import { catalogue } from "../events/catalogue.ts";
import type { Quarantine } from "../events/foreign.ts";
import { quarantined } from "../events/quarantine.ts";
import { entryPipelineOf } from "../ingest/client-logs/entry-pipeline.ts";
import { readShippedPipelines } from "../ingest/client-logs/shipped-pipelines.ts";
import type { JsonObject as IngestedObject } from "../ingest/document/json.ts";
import { openPipelineBook } from "../ingest/pipeline-book.ts";
import { placeOnChain } from "../ingest/place-on-chain.ts";
import type { Clock } from "../lib/clock.ts";
import { isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { readTlsFiles } from "../lib/tls-files.ts";
import { createKeyStore } from "../serve/access/key-store.ts";
import { createDocumentReader } from "../serve/elastic/document-reader.ts";
import { createElasticFace } from "../serve/elastic/face.ts";
import { openSettingsBook, type SettingsBook } from "../serve/elastic/settings-book.ts";
import { createStoreSearch } from "../serve/elastic/store-search.ts";
import { createForeignSink, type ForeignStore } from "../store/foreign/foreign-sink.ts";
import { keptForMs } from "../store/foreign/kept-for.ts";
import type { Store } from "../store/store.ts";

/** The ports for what others bring, and where they are open. */
export type Others = {
  /** A line each for the terminal: where a port is open, or why it is not. */
  lines: readonly string[];
  /** Takes no more; what was read is stored. */
  close(): Promise<void>;
};

/** Where documents of others go: one for all who bring some, since each index has one writer. */
export type ForeignRoom = {
  sink: ForeignStore;
  settings: SettingsBook;
  pipelineBook: Awaited<ReturnType<typeof openPipelineBook>>;
};

/** Throws `elastic_settings_unreadable`, `pipelines_unreadable`. */
export async function openForeignRoom(deps: {
  config: Pick<Config, "nodes">;
  /** Names of the nodes as they stand in documents, in the order of the configuration's. */
  names: readonly string[];
  directory: string;
  store: Store;
  chain: Chain;
  clock: Clock;
  log: Log;
}): Promise<ForeignRoom> {
  const { config, names, directory, store, chain, clock, log } = deps;
  const settings = await openSettingsBook(directory, () => randomBytes(16).toString("base64url"));
  const shipped = readShippedPipelines();
  const pipelineBook = await openPipelineBook({ dataDirectory: directory, shipped, nowUs: clock.nowUs });
  const nodeOf = nodeFinder(config.nodes, names);
  const sink = createForeignSink({
    tables: store.foreign,
    templates: settings,
    pipelines: pipelineBook.pipelines,
    // What comes out of the pipelines is ours to add to.
    place: (source) => placeOnChain({ source: source as IngestedObject, chain, nodeOf }),
    entryPipeline: entryPipelineOf,
    clock,
    log,
  });
  store.foreign.limit((index) => keptForMs(index, settings));
  return { sink, settings, pipelineBook };
}

/**
 * Opens Elasticsearch's API and Lumberjack where the configuration asks for them. A port that cannot be opened is one
 * sentence, and the rest runs. Throws `elastic_settings_unreadable`, `pipelines_unreadable`, `tls_unreadable`.
 */
export async function openOthers(deps: {
  config: Pick<Config, "elastic" | "beats">;
  /** Opened with the first who brings something. */
  room(): Promise<ForeignRoom>;
  directory: string;
  store: Store;
  chain: Chain;
  desk?: AlertDesk | undefined;
  clock: Clock;
  log: Log;
}): Promise<Others> {
  const { config, room, directory, store, chain, desk, clock, log } = deps;
  if (config.elastic === undefined && config.beats === undefined) return { lines: [], close: async () => undefined };
  const { sink, settings, pipelineBook } = await room();
  const lines: string[] = [];
  const closers: (() => Promise<void>)[] = [];

  /** Tells where a port is open; a fault of opening it is told instead. */
  const open = async (what: string, listen: () => Promise<string>, close: () => Promise<void>): Promise<void> => {
    try {
      lines.push(`${what}: ${await listen()}`);
      closers.push(close);
    } catch (error) {
      if (!isFault(error)) throw error;
      log.error({ code: error.code }, error.message);
      lines.push(`${what}: not open. ${error.message}`);
    }
  };

  if (config.elastic !== undefined) {
    const { tls } = config.elastic;
    const face = createElasticFace({
      ports: {
        sink,
        reader: createDocumentReader({
          search: (index, body, signal) => store.search(index, body, { signal }),
          datasets: catalogue,
          network: chain.network,
          aliases: () => settings.all("alias"),
          others: sink,
        }),
        admin: sink,
        search: createStoreSearch({ store, datasets: catalogue, network: chain.network, clock }),
        pipelines: pipelineBook,
        settings,
        keys: createKeyStore({ dataDirectory: directory, clock }),
        desk,
      },
      config: config.elastic,
      ...(tls === undefined ? {} : { tls: await readTlsFiles(tls) }),
      clock,
      log,
    });
    await open("Elasticsearch's API", async () => (await face.listen()).url, face.close);
  }
  if (config.beats !== undefined) {
    const { host, port, limits, tls } = config.beats;
    const lumberjack = createLumberjack({
      sink,
      quarantine: quarantineIn(store),
      limits,
      ...(tls === undefined ? {} : { tls: await readTlsFiles(tls) }),
      clock,
      log,
    });
    const listen = async () => `${host}:${(await lumberjack.listen({ host, port })).port}`;
    await open("Beats", listen, lumberjack.close);
  }
  return {
    lines,
    async close() {
      for (const close of closers) await close();
    },
  };
}

/** The node that a host's or a container's name belongs to: its own name, or one that the configuration tells of it. */
function nodeFinder(nodes: Config["nodes"], names: readonly string[]): (name: string) => string | undefined {
  const byHost = new Map<string, string>();
  for (const [i, name] of names.entries()) {
    for (const host of nodes[i]?.hosts ?? []) byHost.set(host.toLowerCase(), name);
  }
  for (const name of names) byHost.set(name.toLowerCase(), name);
  return (host) => byHost.get(host.toLowerCase());
}

function quarantineIn(store: Store): Quarantine {
  return (rejects) =>
    store.append(
      rejects.map(({ sender, receivedAtUs, index, reason, original }) =>
        quarantined({ node: sender, receivedAtUs, dataset: index ?? "", reason, original }),
      ),
    );
}
