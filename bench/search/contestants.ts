import { sleep } from "../../src/lib/sleep.ts";
import { startOpenSearch } from "../../test/engines/opensearch.ts";
import { startElasticProgram } from "../../test/rigs/elastic-program.ts";
import { type Usage, usageOfTree } from "../usage.ts";
import { type Client, createClient } from "./client.ts";

export type Disk = {
  /** Of the documents, and of what makes them searchable. */
  storeBytes: number;
  /** Of what makes a document durable before it is searchable; it goes by itself. */
  journalBytes: number;
};

/** A store under way that speaks Elasticsearch's API. */
export type Contestant = {
  name: "embedded" | "opensearch";
  /** Of Elasticsearch's API. */
  url: string;
  client: Client;
  /** Makes all that was acknowledged searchable, where that does not come by itself at once. */
  refresh(): Promise<void>;
  /** Brings what was loaded into the form that searches read for long. */
  tidy(): Promise<void>;
  disk(): Promise<Disk>;
  usage(): Usage;
  stop(): Promise<void>;
};

/** A heap as its makers advise for a machine of this size, the collector and the vectors of its own `jvm.options`. */
export const OPENSEARCH_JVM = ["-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "--add-modules=jdk.incubator.vector"];

/** The program as a user starts it with `--elastic`, with the limits that it comes with. */
export async function startEmbedded(options: Parameters<typeof startElasticProgram>[0] = {}): Promise<Contestant> {
  const rig = await startElasticProgram(options);
  const pid = rig.program.process.pid ?? 0;
  const api = await rig.program.url;
  const client = createClient(rig.elasticUrl);
  return {
    name: "embedded",
    url: rig.elasticUrl,
    client,
    refresh: async () => undefined,
    /**
     * Its housekeeping of each minute puts what has come to rest into the tables, and documents of a kind side by side: until
     * two runs found nothing to do.
     */
    async tidy() {
      const limitMs = performance.now() + TIDY_LIMIT_MS;
      let last = await storeBytesOf(api);
      let changedMs = performance.now();
      while (performance.now() < Math.min(limitMs, changedMs + RESTING_MS)) {
        await sleep(1_000);
        const now = await storeBytesOf(api);
        if (Math.abs(now - last) < RESTING_SHARE * last) continue;
        last = now;
        changedMs = performance.now();
      }
    },
    async disk() {
      const { journal_bytes: journalBytes = 0 } = await diskOf(api);
      return { storeBytes: await storeBytesOf(api), journalBytes };
    },
    usage: () => usageOfTree(pid),
    async stop() {
      client.close();
      await rig.close();
    },
  };
}

const TIDY_LIMIT_MS = 1_200_000;
/** Housekeeping runs each minute, and writes anew what rested for one. */
const RESTING_MS = 150_000;
/** What the monitor writes by itself meanwhile is less. */
const RESTING_SHARE = 0.005;

async function storeBytesOf(api: string): Promise<number> {
  const { database_bytes: database = 0, free_bytes: free = 0, wal_bytes: wal = 0 } = await diskOf(api);
  return database - free + wal;
}

async function diskOf(api: string): Promise<Record<string, number>> {
  const response = await fetch(`${api}/api/v1/store`);
  return ((await response.json()) as { disk: Record<string, number> }).disk;
}

export async function startReference(signal: AbortSignal): Promise<Contestant> {
  const engine = await startOpenSearch(signal, OPENSEARCH_JVM);
  const client = createClient(engine.url);
  return {
    name: "opensearch",
    url: engine.url,
    client,
    refresh: async () => void (await client.ask("POST", "/_refresh")),
    async tidy() {
      await client.ask("POST", "/_forcemerge?max_num_segments=1");
      await client.ask("POST", "/_flush?force=true&wait_if_ongoing=true");
      await client.ask("POST", "/_refresh");
    },
    async disk() {
      const { _all } = (await client.json("GET", "/_stats/store,translog")) as {
        _all: { primaries: { store: { size_in_bytes: number }; translog: { size_in_bytes: number } } };
      };
      const { store, translog } = _all.primaries;
      return { storeBytes: store.size_in_bytes, journalBytes: translog.size_in_bytes };
    },
    usage: () => usageOfTree(engine.pid),
    async stop() {
      client.close();
      await engine.stop();
    },
  };
}
