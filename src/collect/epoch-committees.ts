import type { Chain } from "../chain/chain.ts";
import type { CommitteesEnvelope } from "../events/envelope.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { BeaconClient } from "./beacon-client.ts";
import type { AskableNode } from "./block-requests.ts";
import { createEpochRequests, type EpochRequests } from "./epoch-requests.ts";
import type { HeadRoots } from "./head-roots.ts";
import { committeesReader } from "./streamed-answers.ts";

/** A node whose large answers are read as they come. */
export type ReadableNode = AskableNode & Pick<BeaconClient, "read">;

/**
 * The committees of the current and the next epoch. An answer does not say on which block it depends: it is taken to be
 * the one that the same node's last head named, when that was the same before and after the answer.
 */
export function createEpochCommittees(options: {
  nodes: readonly ReadableNode[];
  chain: Chain;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  emit(envelope: CommitteesEnvelope): void;
}): EpochRequests {
  const { chain, emit } = options;
  const heads = new Map<string, HeadRoots>();

  const rootOf = (node: string, epoch: number): string | undefined => {
    const head = heads.get(node);
    if (head === undefined) return undefined;
    const headEpoch = chain.epochOf(head.slot);
    if (epoch === headEpoch) return head.current;
    return epoch === headEpoch + 1 ? head.next : undefined;
  };

  const requests = createEpochRequests({
    ...options,
    what: "committees",
    wantedBy({ node, slot, current, next }) {
      const epoch = chain.epochOf(slot);
      return [
        ...(current === undefined ? [] : [{ epoch, dependentRoot: current, node }]),
        ...(next === undefined ? [] : [{ epoch: epoch + 1, dependentRoot: next, node }]),
      ];
    },
    async ask(node, { epoch }) {
      const path = `/eth/v1/beacon/states/head/committees?epoch=${epoch}`;
      const before = rootOf(node.name, epoch);
      const reader = () => committeesReader({ epoch, slotsPerEpoch: chain.slotsPerEpoch });
      const { answer: committees, receivedAtUs } = await node.read(path, reader);
      const dependentRoot = before === rootOf(node.name, epoch) ? before : undefined;
      emit({ kind: "committees", node: node.name, receivedAtUs, committees, dependentRoot: dependentRoot ?? null });
      return dependentRoot;
    },
  });

  return {
    ...requests,
    onHead(head) {
      heads.set(head.node, head);
      requests.onHead(head);
    },
  };
}
