import { readFileSync } from "node:fs";

/** What a node is started with: a JSON file whose path is its argument. */
export type NodeSettings = {
  name: string;
  genesisTimeS: number;
  slotSeconds: number;
  validatorCount: number;
  /** The first epoch of Fulu; epochs before it are Electra. */
  fuluEpoch: number;
  /** The validators that the node holds, both ends included. */
  validators: { first: number; last: number };
  restPort: number;
  /** Other nodes dial this one here. */
  gossipPort: number;
  /** The nodes that this one dials; the others dial it. */
  dials: readonly { name: string; port: number }[];
  /** All nodes of the network but this one. */
  peers: readonly string[];
  engineUrl: string;
  /** What the engine is, for the version that the node tells. */
  engineName: string;
  jwtFile: string;
};

export function readSettings(file: string): NodeSettings {
  return JSON.parse(readFileSync(file, "utf8")) as NodeSettings;
}
