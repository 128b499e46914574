import type { NodeFaults, ProposalFault } from "./fulu/faults.ts";
import type { NodeApi } from "./node-api.ts";
import type { NodeProcess } from "./node-process.ts";

export type KindName = "lodestar" | "fulu";

/** The range of interop validators that a node holds, both ends included. */
export type ValidatorRange = { first: number; last: number };

/** What a node is told when it is started. */
export type NodeStart = {
  name: string;
  directory: string;
  genesisTimeS: number;
  slotSeconds: number;
  validatorCount: number;
  validators: ValidatorRange;
  restPort: number;
  p2pPort: number;
  /** The ways to those nodes that come after it. */
  dials: readonly { name: string; port: number }[];
  /** All nodes but itself. */
  peers: readonly string[];
  jwtFile: string;
  onProposalFault(fault: ProposalFault): void;
};

export type StartedNode = {
  process: NodeProcess;
  setFaults(faults: Partial<NodeFaults>): void;
  /** Ends the node and what was started for it. */
  close(): Promise<void>;
};

/** A way to make a network: which program its nodes are. */
export type NodeKind = {
  name: KindName;
  /** What the nodes are, for people. */
  description: string;
  /** Blocks have blobs: a geth to which nobody sends transactions makes none. */
  hasBlobs: boolean;
  /** Three nodes on two busy cores must be up and connected by then. */
  genesisDelayS: number;
  /** Installs what the nodes need, once. Throws `devnet_not_installed`. */
  install(say: (sentence: string) => void): void;
  start(input: NodeStart): Promise<StartedNode>;
  /** Asks a node to connect to another; nothing where nodes do so by themselves. */
  dial(input: { api: NodeApi; peerId: string; port: number }): Promise<void>;
};
