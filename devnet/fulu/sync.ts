import { ssz } from "@lodestar/types";
import { fromHex, toRootHex } from "@lodestar/utils";
import type { Gossip } from "./gossip.ts";
import type { NodeParts } from "./node-parts.ts";

/** Fetches blocks that a node did not hear of, with the ancestors that it lacks. */
export type Sync = {
  /** Imports a block and its ancestors from a peer, unless it is known. Resolves to whether it is known now. */
  fetch(peer: string, root: string): Promise<boolean>;
  /** A block is being imported: it need not be fetched. */
  importing(root: string, done: Promise<boolean>): void;
};

/** A branch that is longer is not followed. */
const MAX_BRANCH = 4_096;

export function createSync(parts: Pick<NodeParts, "chain" | "importBlock" | "clock" | "log">, gossip: Gossip): Sync {
  const { chain, importBlock, clock, log } = parts;
  const underWay = new Map<string, Promise<boolean>>();

  const fetchBranch = async (peer: string, root: string): Promise<boolean> => {
    const branch: string[] = [];
    for (let wanted = root; chain.tree.get(wanted) === undefined; ) {
      const data = await gossip.requestBlock(peer, wanted);
      if (data === undefined || branch.length >= MAX_BRANCH) return false;
      branch.push(data);
      wanted = toRootHex(ssz.electra.SignedBeaconBlock.deserialize(fromHex(data)).message.parentRoot);
    }
    for (const data of branch.toReversed()) {
      const signed = ssz.electra.SignedBeaconBlock.deserialize(fromHex(data));
      if (!(await importBlock({ signed, receivedMs: clock.nowMs() }))) return false;
    }
    log.info({ peer, root, blocks: branch.length }, "A branch was fetched");
    return true;
  };

  const start = (root: string, done: Promise<boolean>): Promise<boolean> => {
    const known = done.finally(() => underWay.delete(root));
    underWay.set(root, known);
    return known;
  };

  return {
    async fetch(peer, root) {
      if (chain.tree.get(root) !== undefined) return true;
      return underWay.get(root) ?? start(root, fetchBranch(peer, root));
    },
    importing: (root, done) => void start(root, done),
  };
}
