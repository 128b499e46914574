import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The range of interop validators that a node holds, both ends included. */
export type ValidatorRange = { first: number; last: number };

export type LodestarOptions = {
  directory: string;
  genesisTimeS: number;
  slotSeconds: number;
  validatorCount: number;
  validators: ValidatorRange;
  restPort: number;
  p2pPort: number;
  engineUrl: string;
  jwtFile: string;
};

export type NodeProcess = {
  pid: number;
  logFile: string;
  /** Stops the node together with its validators, as it stands. */
  freeze(): void;
  thaw(): void;
  /** Settles when the process has ended, whoever ended it. */
  ended: Promise<void>;
  kill(): Promise<void>;
};

const MODULES = fileURLToPath(new URL("node_modules/", import.meta.url));
const NODE = join(MODULES, "node", "bin", "node");
const LODESTAR = join(MODULES, "@chainsafe", "lodestar", "lib", "index.js");
const FEE_RECIPIENT = `0x${"11".repeat(20)}`;
const FORKS_AT_GENESIS = ["ALTAIR", "BELLATRIX", "CAPELLA"];

/** Starts a real Lodestar 1.5.1 with its validators: minimal preset, Capella from genesis, loopback only. */
export async function startLodestar(options: LodestarOptions): Promise<NodeProcess> {
  const { directory } = options;
  await mkdir(directory, { recursive: true });
  const logFile = join(directory, "log.txt");
  const log = await open(logFile, "w");
  const child = spawn(NODE, ["--max-old-space-size=1536", LODESTAR, "dev", ...argumentsOf(options)], {
    // Ctrl-C is for the one who started the nodes: it ends them in order.
    detached: true,
    cwd: directory,
    env: { ...process.env, LODESTAR_PRESET: "minimal", NODE_BACKEND: "js" },
    stdio: ["ignore", log.fd, log.fd],
  });
  await log.close();
  return nodeProcess({ child, logFile, dataDirectory: join(directory, "data") });
}

function nodeProcess(input: { child: ChildProcess; logFile: string; dataDirectory: string }): NodeProcess {
  const { child, logFile, dataDirectory } = input;
  // Lodestar 1.5.1 never ends after SIGTERM. A stopped process is ended by SIGKILL as well.
  const killNow = () => child.kill("SIGKILL");
  process.once("exit", killNow);
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  return {
    pid: child.pid ?? -1,
    logFile,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    ended,
    async kill() {
      killNow();
      await ended;
      process.off("exit", killNow);
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

function argumentsOf(options: LodestarOptions): string[] {
  const { validators, restPort, p2pPort } = options;
  const named: Record<string, string | number> = {
    dataDir: "data",
    genesisTime: options.genesisTimeS,
    genesisValidators: options.validatorCount,
    startValidators: `${validators.first}..${validators.last}`,
    "rest.namespace": "*",
    "rest.address": "127.0.0.1",
    "rest.port": restPort,
    server: `http://127.0.0.1:${restPort}`,
    listenAddress: "127.0.0.1",
    port: p2pPort,
    discv5: "false",
    "params.SECONDS_PER_SLOT": options.slotSeconds,
    "terminal-total-difficulty-override": 0,
    "execution.urls": options.engineUrl,
    "jwt-secret": options.jwtFile,
    suggestedFeeRecipient: FEE_RECIPIENT,
    logLevel: "info",
    logFile: "none",
  };
  for (const fork of FORKS_AT_GENESIS) named[`params.${fork}_FORK_EPOCH`] = 0;
  return ["--reset", "--rest", ...Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)])];
}
