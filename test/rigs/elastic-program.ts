import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeNode } from "./fake-node.ts";
import { type RunningProgram, startProgram } from "./program.ts";

export type ElasticProgram = {
  program: RunningProgram;
  /** Elasticsearch's API, and the port of Lumberjack. */
  elasticUrl: string;
  beatsPort: number;
  /** Kills it with SIGKILL and starts it again on the same data and ports. */
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
};

/**
 * The program as a user starts it with `--elastic --beats`, beside a node that tells nothing but its network.
 * `config` is added to its configuration file. A `directory` with data of before is removed in the end, too.
 */
export async function startElasticProgram(
  options: { genesisTimeS?: number; spec?: Record<string, string>; config?: object; directory?: string } = {},
): Promise<ElasticProgram> {
  const { genesisTimeS = Math.floor(Date.now() / 1000) - 86_400, spec = {}, config = {} } = options;
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "ethmon-elastic-")));
  const node = await startFakeNode({ genesisTimeS, spec });
  const configFile = join(directory, "ethmon.json");
  await writeFile(configFile, JSON.stringify({ clock: { ntp_servers: [] }, ...config }));
  const start = (ports: { elastic: number; beats: number }) => {
    const listening = ["--port", "0", "--elastic", String(ports.elastic), "--beats", String(ports.beats)];
    const watching = ["--config", configFile, "--data", directory, "--node", `a=${node.url}`, "--log-level", "warn"];
    return startProgram(["run", ...watching, ...listening]);
  };
  let program = start({ elastic: 0, beats: 0 });
  await program.url;
  const found = /Elasticsearch's API: (http:\/\/\S+)\s+Beats: \S+:(\d+)/.exec(program.out());
  const [elasticUrl, beatsPort] = [found?.[1] ?? "", Number(found?.[2])];
  const end = async (signal: NodeJS.Signals) => {
    program.process.kill(signal);
    await program.ended;
  };
  return {
    get program() {
      return program;
    },
    elasticUrl,
    beatsPort,
    async killAndRestart() {
      await end("SIGKILL");
      program = start({ elastic: Number(new URL(elasticUrl).port), beats: beatsPort });
      await program.url;
    },
    async close() {
      await end("SIGTERM");
      await node.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
