import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogue } from "../../../src/events/catalogue.ts";
import type { Document } from "../../../src/events/document.ts";
import { silentLog } from "../../../src/lib/log.ts";
import { type OpenedStore, openStore } from "../../../src/run/open-store.ts";
import { networkView } from "../../../src/run/views.ts";
import { type ElasticStoreSettings, elasticStoreSchema } from "../../../src/store/elastic/settings.ts";
import { type ForeignDocuments, storeForeign } from "../../rigs/foreign-documents.ts";
import { nodeView } from "../../rigs/serve-fixtures.ts";
import { type ServeRig, type ServeRigOptions, startServeRig } from "../../rigs/serve-rig.ts";
import type { Engine, EngineName } from "../engine.ts";
import { hostDocuments } from "./host-documents.ts";
import { createSetClock, playInto, type Recording, type SetClock } from "./recordings.ts";

export type StoreName = "embedded" | EngineName;

/** One of the stores that hold the same recording. */
export type Filled = {
  name: StoreName;
  directory: string;
  cluster: ElasticStoreSettings | undefined;
  store: OpenedStore;
};

export type FilledStores = {
  recording: Recording;
  /** Stands at the recording's end. */
  clock: SetClock;
  /** Those that any node told of. */
  slots: readonly number[];
  stores: readonly Filled[];
  of(name: StoreName): Filled;
  /** The server over a store, at the recording's end. */
  serve(filled: Filled, config?: ServeRigOptions["config"]): Promise<ServeRig>;
  close(): Promise<void>;
};

/** What comes on top of a recording and of what the servers usually send. */
export type MoreDocuments = {
  own(slots: readonly number[]): readonly Document[];
  foreign(slots: readonly number[]): readonly ForeignDocuments[];
};

/** Plays a recording into an embedded store and into one in each engine, and has the nodes' servers send, too. */
export async function fillStores(
  recording: Recording,
  engines: readonly Engine[],
  more?: MoreDocuments,
): Promise<FilledStores> {
  const { chain, labels, nodes } = recording;
  const clock = createSetClock(chain.genesisTimeS * 1_000_000);
  const stores: Filled[] = [];
  const open = async (name: StoreName, url?: string): Promise<void> => {
    const cluster = url === undefined ? undefined : elasticStoreSchema.parse({ urls: [url], votes: true });
    const directory = await mkdtemp(join(tmpdir(), `ethmon-${name}-`));
    const { network } = chain;
    const store = await openStore(cluster, { directory, network, datasets: catalogue, clock, log: silentLog });
    stores.push({ name, directory, cluster, store });
  };
  const close = async (): Promise<void> => {
    for (const { store, directory } of stores) {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    }
  };
  try {
    await open("embedded");
    for (const { name, url } of engines) await open(name, url);
    const taking = stores.map(({ store }) => store);
    await playInto(taking, { recording, clock });
    const slots = await slotsIn(stores[0] as Filled, chain.network);
    const foreign = [...hostDocuments(recording, slots), ...(more?.foreign(slots) ?? [])];
    const own = more?.own(slots) ?? [];
    const nodeOf = (name: string) => nodes.find((node) => name === `${node}.example`);
    for (const store of taking) {
      if (own.length > 0) await store.append(own);
      await storeForeign(store.foreign, { foreign, axis: chain, nodeOf });
      await store.settled();
    }
    return {
      recording,
      clock,
      slots,
      stores,
      of(name) {
        const found = stores.find((one) => one.name === name);
        if (found === undefined) throw new Error(`There is no store ${name}.`);
        return found;
      },
      serve: ({ store }, config = {}) =>
        startServeRig({
          store,
          source: {
            network: () => networkView({ chain, demo: false, nowUs: clock.nowUs() }),
            nodes: () => nodes.map((name) => nodeView(name)),
            labels: () => labels?.groups,
          },
          nowMs: clock.nowUs() / 1000,
          config,
        }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function slotsIn({ store }: Filled, network: string): Promise<number[]> {
  await store.settled();
  const { hits } = await store.search(`ethmon-slot-${network}`, { size: 10_000, sort: [{ "ethereum.slot": "asc" }] });
  return hits.hits.map(({ _source }) => (_source["ethereum"] as { slot: number }).slot);
}
