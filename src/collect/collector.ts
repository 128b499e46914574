import type { Envelope } from "../events/envelope.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import type { JsonAnswer } from "./beacon-client.ts";
import { type BeaconNode, createBeaconNode } from "./beacon-node.ts";
import { type BlockRequests, createBlockRequests } from "./block-requests.ts";
import { createEpochCommittees } from "./epoch-committees.ts";
import type { EpochRequests } from "./epoch-requests.ts";
import type { StreamLimits } from "./event-stream.ts";
import { readHeadRoots } from "./head-roots.ts";
import { createNetwork, type OnChain } from "./network.ts";
import type { NodeStatus } from "./node-status.ts";
import { nameNodes } from "./node-url.ts";
import { createProposerDuties } from "./proposer-duties.ts";
import { createSyncCommittees } from "./sync-committees.ts";
import { createValidatorSets } from "./validator-sets.ts";

export type Collector = {
  /**
   * Settles when every node was tried once, or some take too long for that. Rejects with `network_mismatch` when two
   * nodes are on different networks by then; a node that turns out so later is refused alone.
   */
  started: Promise<void>;
  nodes(): readonly NodeStatus[];
  /** Asks for a block, whole or its header alone; `nodes` have it. Asked once over all nodes. */
  requestBlock: BlockRequests["request"];
  /** How those requests fare; undefined until a node has told its network. */
  requests(): ReturnType<BlockRequests["counts"]> | undefined;
  stop(): void;
  stopped: Promise<void>;
};

const START_LIMIT_MS = 15_000;
const NO_VALIDATOR_SET = { everyEpochs: 0, pubkeys: new Set<string>() };

/**
 * Watches any number of beacon nodes of one network. `onChain` is called once, before the first envelope, with what
 * the first node said that was reached; streams open once it settles. Throws `node_url_invalid` and `node_name_taken`.
 */
export function createCollector(options: {
  nodes: readonly { name?: string | undefined; url: string; topics?: readonly string[] }[];
  /** The topics that every node is asked for that names none of its own. */
  topics: readonly string[];
  clock: Clock;
  log: Log;
  emit(envelope: Envelope): void;
  onChain: OnChain;
  signal?: AbortSignal;
  /** Ask for the sync committees: the duties of labelled validators need them. */
  syncCommittees?: boolean;
  /** How often the validator set is asked for, and the public keys whose indices are wanted; never without it. */
  validatorSet?: { everyEpochs: number; pubkeys: ReadonlySet<string> };
  /** Single attestations come together and without their texts, which a recording needs. */
  gatherVotes?: boolean;
  startMs?: { firstMs: number; maxMs: number };
  streamLimits?: Partial<StreamLimits>;
}): Collector {
  const { clock, log, onChain } = options;
  const ending = new AbortController();
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal]);
  let requests: BlockRequests | undefined;
  let byEpoch: readonly EpochRequests[] = [];
  let validators: { stopped: Promise<void> } | undefined;
  let syncCommittees: { stopped: Promise<void> } | undefined;

  const network = createNetwork({
    onChain(chain, spec, genesis) {
      const taken = onChain(chain, spec, genesis);
      const shared = { nodes, chain, clock, log, signal };
      byEpoch = [createProposerDuties({ ...shared, onAnswer }), createEpochCommittees({ ...shared, emit })];
      const { everyEpochs, pubkeys } = options.validatorSet ?? NO_VALIDATOR_SET;
      validators = createValidatorSets({ ...shared, everyEpochs, pubkeys, emit });
      if (options.syncCommittees === true) syncCommittees = createSyncCommittees({ ...shared, onAnswer });
      requests = createBlockRequests({ nodes, log, signal, onAnswer });
      return taken;
    },
  });

  const emit = (envelope: Envelope) => {
    // Without a network there is no place for what a node says, nor for its absence.
    if (network.chain() === undefined) return;
    options.emit(envelope);
    if (envelope.kind === "event" && (envelope.topic === "head" || envelope.topic === "head_v2")) {
      const head = readHeadRoots(envelope.text);
      if (head !== undefined) for (const { onHead } of byEpoch) onHead({ node: envelope.node, ...head });
    }
  };

  const onAnswer = (node: string, path: string, { receivedAtUs, status, body }: JsonAnswer) =>
    emit({ kind: "rest", node, receivedAtUs, path, status, body });

  const nodes: readonly BeaconNode[] = nameNodes(options.nodes).map(({ name, url, topics }) =>
    createBeaconNode({
      name,
      url,
      topics: topics ?? options.topics,
      network,
      clock,
      log,
      emit,
      signal,
      gatherVotes: options.gatherVotes ?? false,
      ...(options.startMs === undefined ? {} : { startMs: options.startMs }),
      ...(options.streamLimits === undefined ? {} : { streamLimits: options.streamLimits }),
    }),
  );

  const everyNodeTried = async () => {
    await Promise.all(
      nodes.map(async ({ firstAttempt }) => {
        const fault = await firstAttempt;
        if (fault !== undefined) throw fault;
      }),
    );
  };
  const started = beforeLimit(everyNodeTried(), START_LIMIT_MS).catch((error: unknown) => {
    ending.abort();
    throw error;
  });
  const stopped = Promise.all(nodes.map((node) => node.stopped)).then(async () => {
    await Promise.all([
      ...byEpoch.map(({ stopped }) => stopped),
      validators?.stopped,
      syncCommittees?.stopped,
      requests?.stopped,
    ]);
  });

  return {
    started,
    nodes: () => nodes.map((node) => node.status()),
    requestBlock: (block) => requests?.request(block),
    requests: () => requests?.counts(),
    stop: () => ending.abort(),
    stopped,
  };
}

/** Resolves at the latest after `limitMs`; what is thrown later is nobody's affair. */
async function beforeLimit(work: Promise<void>, limitMs: number): Promise<void> {
  const done = new AbortController();
  work.catch(() => undefined);
  try {
    await Promise.race([work, sleep(limitMs, done.signal)]);
  } finally {
    done.abort();
  }
}
