import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep } from "../../src/lib/sleep.ts";
import { startOpenSearch } from "../../test/engines/opensearch.ts";
import { addressOf, linesOf, startEthmon } from "../processes.ts";
import { type Client, createClient } from "../search/client.ts";
import { OPENSEARCH_JVM } from "../search/contestants.ts";
import { type Usage, usageOfTree } from "../usage.ts";
import { type Gate, openGate } from "./gate.ts";

/** Simulated mainnet nodes, the program that watches them, and the real OpenSearch in which it stores. */
export type Rig = {
  gate: Gate;
  /** Past the gate. */
  client: Client;
  /** Elasticsearch's API of the program, for documents of others. */
  elasticUrl: string;
  health(): Promise<StoreHealth>;
  usage(): { monitor: Usage; engine: Usage };
  /** Settles three slots after a head of the nodes was found in the cluster. */
  warm(): Promise<void>;
  /** The nodes end; the program goes on. */
  stopNodes(): Promise<void>;
  close(): Promise<void>;
};

const HEADS = "/logs-ethereum.head-*/_count";
const ASK_EVERY_MS = 200;
/** Three slots: a young virtual machine is slow, and the program reads much at its start. */
const WARM_MS = 36_000;

export type StoreHealth = { journaled: number; loaded: number; queued: number; dropped: number };

export async function startRig(options: { nodes: number; votes: boolean; signal: AbortSignal }): Promise<Rig> {
  const { nodes, votes, signal } = options;
  const directory = await mkdtemp(join(tmpdir(), "ethmon-bench-cluster-"));
  const engine = await startOpenSearch(signal, OPENSEARCH_JVM);
  const gate = await openGate(engine.url);
  const client = createClient(engine.url);
  const config = join(directory, "ethmon.json");
  const store = { elasticsearch: { urls: [gate.url], votes } };
  await writeFile(config, JSON.stringify({ clock: { ntp_servers: [] }, store }));
  const simulation = startEthmon(["simulate", "--mainnet", "--nodes", String(nodes)]);
  const addresses = await linesOf(simulation, nodes);
  const monitor = startEthmon([
    ...["run", "--port", "0", "--elastic", "0", "--data", directory, "--config", config, "--log-level", "warn"],
    ...addresses.flatMap((address) => ["--node", address]),
  ]);
  const url = await addressOf(monitor);
  let isSimulating = true;
  const stopNodes = async () => {
    if (isSimulating) await simulation.stop();
    isSimulating = false;
  };
  return {
    gate,
    client,
    elasticUrl: await elasticAddress(monitor.out),
    health: async () => ((await (await fetch(`${url}/api/v1/health`)).json()) as { store: StoreHealth }).store,
    usage: () => ({ monitor: usageOfTree(monitor.pid), engine: usageOfTree(engine.pid) }),
    async warm() {
      for (let heads = 0; heads === 0; ) {
        signal.throwIfAborted();
        await sleep(ASK_EVERY_MS, signal);
        const { count } = await client.json("GET", HEADS).catch(() => ({ count: 0 }));
        heads = Number(count);
      }
      await sleep(WARM_MS, signal);
    },
    stopNodes,
    async close() {
      await stopNodes();
      await monitor.stop();
      client.close();
      await gate.close();
      await engine.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function elasticAddress(out: () => string): Promise<string> {
  for (;;) {
    const found = /Elasticsearch's API: (http:\/\/\S+)/.exec(out())?.[1];
    if (found !== undefined) return found;
    await sleep(20);
  }
}
