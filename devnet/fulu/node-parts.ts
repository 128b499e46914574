import type { BeaconConfig } from "@lodestar/config";
import type { Log } from "../../src/lib/log.ts";
import type { AttestationPool } from "./attestation-pool.ts";
import type { Blobs } from "./blobs.ts";
import type { Chain } from "./chain.ts";
import type { Engine } from "./engine.ts";
import type { EpochStates } from "./epoch-states.ts";
import type { Events } from "./events.ts";
import type { NodeFaults, ProposalFault } from "./faults.ts";
import type { BlockImport } from "./import-block.ts";
import type { NodeSettings } from "./settings.ts";
import type { Signer } from "./signer.ts";
import type { SlotClock } from "./slot-clock.ts";
import type { SyncPool } from "./sync-pool.ts";

/** What the parts of a node share. */
export type NodeParts = {
  settings: NodeSettings;
  config: BeaconConfig;
  clock: SlotClock;
  chain: Chain;
  epochStates: EpochStates;
  events: Events;
  engine: Engine;
  importBlock: BlockImport;
  signer: Signer;
  attestations: AttestationPool;
  syncMessages: SyncPool;
  blobs: Blobs;
  faults: Readonly<NodeFaults>;
  /** Tells the parent process what a fault did. */
  report(fault: ProposalFault): void;
  log: Log;
  signal: AbortSignal;
};
