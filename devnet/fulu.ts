import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProposalFault } from "./fulu/faults.ts";
import type { NodeSettings } from "./fulu/settings.ts";
import { type Geth, startGeth } from "./geth.ts";
import { installPackages } from "./install.ts";
import { startMockEngine } from "./mock-engine.ts";
import type { NodeKind, NodeStart } from "./node-kind.ts";
import { startProcess } from "./node-process.ts";

const DIRECTORY = fileURLToPath(new URL("fulu/", import.meta.url));
const PROGRAM = join(DIRECTORY, "node.ts");

/**
 * The project's own nodes over the libraries of Lodestar 1.46.0, each with a geth or with a mock engine: minimal preset,
 * Electra at genesis and Fulu from `fuluEpoch` on. No client: devnet/README.md says what is real in it.
 */
export function fuluKind(input: { fuluEpoch: number; geth: Geth | undefined }): NodeKind {
  const { fuluEpoch, geth } = input;
  const engineName = geth === undefined ? "mock engine" : `geth ${geth.version}`;
  return {
    name: "fulu",
    description: `nodes of the project's own (no client) over Lodestar's libraries and a ${engineName}, Fulu from epoch ${fuluEpoch}`,
    hasBlobs: geth === undefined,
    genesisDelayS: 20,
    install(say) {
      installPackages({ directory: DIRECTORY, stamped: ["package.json", "package-lock.json"], size: "33 MB", say });
    },
    async start(node) {
      await mkdir(node.directory, { recursive: true });
      const engine = geth === undefined ? await startMockEngine() : await startGeth({ geth, node, fuluEpoch });
      const settings: NodeSettings = { ...settingsOf(node), fuluEpoch, engineUrl: engine.url, engineName };
      const settingsFile = join(node.directory, "settings.json");
      await writeFile(settingsFile, JSON.stringify(settings, undefined, 2));
      const child = await startProcess({
        directory: node.directory,
        command: process.execPath,
        args: [PROGRAM, settingsFile],
        env: { LODESTAR_PRESET: "minimal" },
        onMessage: (message) => node.onProposalFault(message as ProposalFault),
      });
      return {
        process: child,
        setFaults: child.send,
        async close() {
          await child.kill();
          await engine.close();
        },
      };
    },
    // The nodes dial each other by themselves, and again when a connection is lost.
    dial: async () => undefined,
  };
}

function settingsOf(node: NodeStart): Omit<NodeSettings, "fuluEpoch" | "engineUrl" | "engineName"> {
  const { name, genesisTimeS, slotSeconds, validatorCount, validators, restPort, p2pPort, dials, peers, jwtFile } =
    node;
  return {
    name,
    genesisTimeS,
    slotSeconds,
    validatorCount,
    validators,
    restPort,
    gossipPort: p2pPort,
    dials,
    peers,
    jwtFile,
  };
}
