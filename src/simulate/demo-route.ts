import { type BeaconAnswer, beaconError } from "./beacon-face.ts";
import type { DemoNode } from "./demo-node.ts";
import type { DemoWorld } from "./demo-world.ts";

export type DemoQuestion = {
  path: string;
  query: URLSearchParams;
  /** Unix milliseconds. */
  nowMs: number;
  /** What the path names: a block, a state, an epoch. */
  id: string;
};

export type DemoRoute = { pattern: RegExp; answer(question: DemoQuestion): BeaconAnswer };

/** `peers` are all nodes of the demo: some answers, the same on every node, were recorded of one of them alone. */
export type DemoRouteInput = { world: DemoWorld; node: DemoNode; peers: readonly DemoNode[] };

export function notRecorded(path: string): BeaconAnswer {
  return beaconError(404, `No answer to ${path} was recorded`);
}
