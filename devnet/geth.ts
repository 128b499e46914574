import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../src/lib/fault.ts";
import { sleep } from "../src/lib/sleep.ts";
import type { NodeStart } from "./node-kind.ts";
import { startProcess } from "./node-process.ts";
import { freePorts } from "./ports.ts";

/** A geth that knows Osaka, the execution side of Fulu. */
export type Geth = { command: string; version: string };

type Genesis = { config: Record<string, unknown>; alloc: Record<string, unknown> } & Record<string, unknown>;

/** The first release with Osaka. */
const LEAST = [1, 16] as const;
/** Of the minimal preset. */
const SLOTS_PER_EPOCH = 8;
const GAS_LIMIT = "0x2255100";
const UP_WITHIN_MS = 30_000;
/** What geth writes of a genesis block and takes for no part of a genesis file. */
const NOT_READ = ["number", "gasUsed", "parentHash"];

/** The geth of GETH or, without it, of PATH; undefined when there is none. Throws `geth_unfit` when GETH's is not. */
export function findGeth(env: Readonly<Record<string, string | undefined>>): Geth | undefined {
  const named = env["GETH"] || undefined;
  const command = named ?? "geth";
  const { stdout } = spawnSync(command, ["version"], { encoding: "utf8" });
  const version = /^Version: (\d+)\.(\d+)\.(\d+)/m.exec(stdout ?? "");
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  const isFit = major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
  if (version !== null && isFit) return { command, version: version.slice(1).join(".") };
  if (named === undefined) return undefined;
  const found = version === null ? "no geth" : `geth ${version.slice(1).join(".")}`;
  throw new Fault("geth_unfit", `GETH names ${named}, which is ${found}; it must be ${LEAST.join(".")} or later.`);
}

/** Starts a geth for one node, without peers, on the genesis that all of them make alike. Throws `devnet_node_failed`. */
export async function startGeth(input: {
  geth: Geth;
  node: NodeStart;
  fuluEpoch: number;
}): Promise<{ url: string; close(): Promise<void> }> {
  const { geth, node, fuluEpoch } = input;
  const directory = join(node.directory, "geth");
  await mkdir(directory, { recursive: true });
  const genesisFile = join(directory, "genesis.json");
  const osakaTimeS = fuluEpoch === 0 ? 0 : node.genesisTimeS + fuluEpoch * SLOTS_PER_EPOCH * node.slotSeconds;
  await writeFile(genesisFile, JSON.stringify(genesisOf(geth, node.genesisTimeS, osakaTimeS)));
  const dataDirectory = join(directory, "data");
  run(geth, ["init", "--datadir", dataDirectory, genesisFile]);
  const [authPort = 0] = await freePorts(1);
  const configFile = join(directory, "geth.toml");
  await writeFile(configFile, configOf({ dataDirectory, authPort, jwtFile: node.jwtFile }));
  const process = await startProcess({
    directory,
    command: geth.command,
    args: ["--config", configFile, "--nat", "none"],
  });
  const url = `http://127.0.0.1:${authPort}`;
  const inTime = AbortSignal.timeout(UP_WITHIN_MS);
  while (!(await answers(url))) {
    if (inTime.aborted) {
      await process.kill();
      throw new Fault("devnet_node_failed", `The geth of ${node.name} did not come up; ${process.logFile} says why.`);
    }
    await sleep(200);
  }
  return { url, close: process.kill };
}

/** By a file, since no flag keeps the peers' port off other interfaces. */
function configOf(input: { dataDirectory: string; authPort: number; jwtFile: string }): string {
  const { dataDirectory, authPort, jwtFile } = input;
  return `[Node]
DataDir = ${JSON.stringify(dataDirectory)}
IPCPath = ""
AuthAddr = "127.0.0.1"
AuthPort = ${authPort}
JWTSecret = ${JSON.stringify(jwtFile)}
[Node.P2P]
ListenAddr = "127.0.0.1:0"
NoDiscovery = true
MaxPeers = 0
[Eth]
NetworkId = 1337
SyncMode = "full"
`;
}

/** geth's own development genesis has the system contracts and all forks. */
function genesisOf(geth: Geth, genesisTimeS: number, osakaTimeS: number): Genesis {
  const genesis = JSON.parse(run(geth, ["--dev", "dumpgenesis"])) as Genesis;
  const kept = Object.entries(genesis).filter(([key, value]) => value !== null && !NOT_READ.includes(key));
  return {
    ...Object.fromEntries(kept),
    alloc: genesis.alloc,
    config: { ...genesis.config, osakaTime: osakaTimeS },
    timestamp: `0x${genesisTimeS.toString(16)}`,
    gasLimit: GAS_LIMIT,
  };
}

function run(geth: Geth, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(geth.command, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status === 0) return stdout;
  throw new Fault("devnet_node_failed", `geth ${args.join(" ")} failed: ${stderr.trim().split("\n").at(-1)}`);
}

/** Without a token it refuses, but it is there. */
async function answers(url: string): Promise<boolean> {
  return fetch(url, { method: "POST" }).then(
    () => true,
    () => false,
  );
}
