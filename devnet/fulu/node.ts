/**
 * A node of the Fulu devnet, started with the path of its settings. It is the project's own program over the libraries of
 * Lodestar, and no client: see devnet/README.md for what is real in it.
 */
import { ssz } from "@lodestar/types";
import { toHex } from "@lodestar/utils";
import { stopSignal } from "../../src/cli/stop-signal.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { messageOf } from "../../src/lib/fault.ts";
import { createLog } from "../../src/lib/log.ts";
import { beaconError, createBeaconFace } from "../../src/simulate/beacon-face.ts";
import { createAttestationPool } from "./attestation-pool.ts";
import { createBlobs } from "./blobs.ts";
import { createChain } from "./chain.ts";
import { createChainConfig } from "./chain-config.ts";
import { createDuties } from "./duties.ts";
import { createEngine } from "./engine.ts";
import { createEpochStates } from "./epoch-states.ts";
import { createEvents } from "./events.ts";
import { setExecutionHead } from "./execution-head.ts";
import { NO_FAULTS, type NodeFaults } from "./faults.ts";
import { createGenesis } from "./genesis.ts";
import { type GossipHandlers, startGossip } from "./gossip.ts";
import { createBlockImport } from "./import-block.ts";
import type { NodeParts } from "./node-parts.ts";
import { createReceivers } from "./receive.ts";
import { beaconRoutes } from "./rest-beacon.ts";
import { nodeRoutes } from "./rest-node.ts";
import { readSettings } from "./settings.ts";
import { createSigner } from "./signer.ts";
import { createSlotClock } from "./slot-clock.ts";
import { createSync } from "./sync.ts";
import { createSyncPool } from "./sync-pool.ts";

const LIBRARIES = "lodestar-libraries-1.46.0";

const settings = readSettings(process.argv[2] ?? "");
const log = createLog({ level: "info" });
const faults: NodeFaults = { ...NO_FAULTS };
process.on("message", (changes: Partial<NodeFaults>) => Object.assign(faults, changes));
// Without its parent nobody would end it.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));

const { signal } = stopSignal();
const machine = systemClock();
const chainConfig = createChainConfig(settings);
const engine = createEngine({
  url: settings.engineUrl,
  jwtFile: settings.jwtFile,
  nowMs: () => machine.nowUs() / 1000,
});
const { config, state: genesisState } = createGenesis({
  chainConfig,
  genesisTimeS: settings.genesisTimeS,
  validatorCount: settings.validatorCount,
  executionBlock: await engine.genesisBlock(),
});
const clock = createSlotClock({
  clock: machine,
  genesisMs: settings.genesisTimeS * 1000,
  slotMs: settings.slotSeconds * 1000,
  skewMs: () => faults.clockSkewMs,
});
const events = createEvents(config);
const chain = createChain({ genesisState, validatorCount: settings.validatorCount, events });
const fork = config.getForkName(0);
const attestationDueMs = config.getAttestationDueMs(fork);
const importBlock = createBlockImport({
  chain,
  engine,
  clock,
  attestationDueMs,
  faults,
  log,
  signal,
  onImported(slot) {
    duties.onImported(slot);
    // A late head may be left for its parent, on which an engine that knows its child would build nothing.
    if (chain.head().timely) void setExecutionHead({ chain, engine, root: chain.head().root }).catch(noteEngine);
  },
});
const parts: NodeParts = {
  settings,
  config,
  clock,
  chain,
  epochStates: createEpochStates(chain),
  events,
  engine,
  importBlock,
  signer: createSigner({ config, validators: settings.validators }),
  attestations: createAttestationPool(),
  syncMessages: createSyncPool(),
  blobs: createBlobs({
    config,
    name: settings.name,
    validatorCount: settings.validators.last - settings.validators.first + 1,
    events,
  }),
  faults,
  report: (fault) => void process.send?.(fault),
  log,
  signal,
};
const receivers = createReceivers(parts, () => sync);
const handlers: GossipHandlers = {
  onGossip: ({ kind, data, from }) => receivers[kind](data, from),
  onPeer: (name, headRoot) => void sync.fetch(name, headRoot),
  headRoot: () => chain.head().root,
  block(root) {
    const signed = chain.tree.get(root)?.signed;
    return signed === undefined ? undefined : toHex(ssz.electra.SignedBeaconBlock.serialize(signed));
  },
};
const gossip = startGossip({
  name: settings.name,
  port: settings.gossipPort,
  dials: settings.dials,
  handlers,
  log,
  signal,
});
const sync = createSync(parts, gossip);
const duties = createDuties(parts, gossip, { attestationDueMs, aggregateDueMs: config.getAggregateDueMs(fork) });

const version = `ethmon-devnode/0.1.0 (${LIBRARIES}; ${settings.engineName})`;
const routes = [...nodeRoutes(parts, gossip, version), ...beaconRoutes(parts)];
await createBeaconFace({
  node: {
    topics: events.topics,
    subscribe: events.subscribe,
    answer({ path, query }) {
      for (const route of routes) {
        const answer = route(path, query);
        if (answer !== undefined) return answer;
      }
      return beaconError(404, `Route ${path} not found`);
    },
  },
  log,
  port: settings.restPort,
});
log.info({ node: settings.name, genesisTimeS: settings.genesisTimeS, fork }, "The node was started");
await duties.run();
process.exit();

function noteEngine(error: unknown): void {
  log.warn({ reason: messageOf(error) }, "The engine did not take the head");
}
