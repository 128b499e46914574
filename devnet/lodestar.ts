import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages, requireNode } from "./install.ts";
import { type EngineFaults, type PayloadFault, startMockEngine } from "./mock-engine.ts";
import type { NodeKind, NodeStart } from "./node-kind.ts";
import { startProcess } from "./node-process.ts";

const DIRECTORY = fileURLToPath(new URL(".", import.meta.url));
const MODULES = join(DIRECTORY, "node_modules");
const NODE = join(MODULES, "node", "bin", "node");
/** Lodestar 1.5.1 runs on Node 20 and 22: its signature library has no binary for 24. */
const NODE_MAJOR = 22;
const LODESTAR = join(MODULES, "@chainsafe", "lodestar", "lib", "index.js");
const FEE_RECIPIENT = `0x${"11".repeat(20)}`;
const FORKS_AT_GENESIS = ["ALTAIR", "BELLATRIX", "CAPELLA"];
const TOLD_AS: Readonly<Record<PayloadFault["kind"], "proposal_delayed" | "proposal_withheld">> = {
  payload_delayed: "proposal_delayed",
  payload_refused: "proposal_withheld",
};

/** Real Lodestar 1.5.1 with validators and a mock engine: minimal preset, Capella from genesis, loopback only. */
export const lodestarKind: NodeKind = {
  name: "lodestar",
  description: "Lodestar 1.5.1 (Capella)",
  hasBlobs: false,
  genesisDelayS: 40,
  install(say) {
    installPackages({
      directory: DIRECTORY,
      stamped: ["package.json", "package-lock.json", "shim-snappy/index.js", "shim-snappy/package.json"],
      size: "460 MB",
      // None of the packages' install scripts is needed, but that of `node`, which fetches the binary.
      rebuilt: "node",
      say,
    });
    requireNode(NODE, NODE_MAJOR);
  },
  async start(input) {
    const { genesisTimeS, slotSeconds, onProposalFault } = input;
    const engine = await startMockEngine({
      onFault: ({ kind, timestampS }) =>
        onProposalFault({ kind: TOLD_AS[kind], slot: Math.round((timestampS - genesisTimeS) / slotSeconds) }),
    });
    const process = await startProcess({
      directory: input.directory,
      command: NODE,
      args: ["--max-old-space-size=1536", LODESTAR, "dev", ...argumentsOf(input, engine.url)],
      env: { LODESTAR_PRESET: "minimal", NODE_BACKEND: "js" },
    });
    return {
      process,
      setFaults({ proposalDelayMs, proposalsOff, importDelayMs }) {
        const faults: Partial<EngineFaults> = {};
        if (proposalDelayMs !== undefined) faults.getPayloadDelayMs = proposalDelayMs;
        if (proposalsOff !== undefined) faults.failGetPayload = proposalsOff;
        if (importDelayMs !== undefined) faults.newPayloadDelayMs = importDelayMs;
        engine.set(faults);
      },
      async close() {
        await process.kill();
        await engine.close();
      },
    };
  },
  dial: ({ api, peerId, port }) => api.connectPeer({ peerId, port }),
};

function argumentsOf(options: NodeStart, engineUrl: string): string[] {
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
    "execution.urls": engineUrl,
    "jwt-secret": options.jwtFile,
    suggestedFeeRecipient: FEE_RECIPIENT,
    logLevel: "info",
    logFile: "none",
  };
  for (const fork of FORKS_AT_GENESIS) named[`params.${fork}_FORK_EPOCH`] = 0;
  return ["--reset", "--rest", ...Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)])];
}
