import type { Chain } from "../chain/chain.ts";
import type { Deadlines } from "../chain/deadlines.ts";
import type { NodeStatus } from "../collect/node-status.ts";
import type { DeadlinesView, NetworkView, NodeView } from "../serve/views.ts";
import type { NodeFacts } from "./node-facts.ts";

/** A node as the API shows it: how its connection fares, and what it said of the chain. */
export function nodeView(status: NodeStatus, facts: NodeFacts): NodeView {
  return {
    name: status.name,
    url: status.url,
    state: status.state,
    since_ms: status.sinceUs / 1000,
    reason: status.reason ?? null,
    client: facts.client?.family ?? null,
    version: status.version ?? facts.client?.version ?? null,
    syncing: status.syncing ?? false,
    peers: status.peers ?? null,
    head: facts.head,
    finalized_epoch: facts.finalizedEpoch,
    events: status.events,
    echoes: facts.echoes,
    last_event_ms: status.lastEventAtUs === undefined ? null : status.lastEventAtUs / 1000,
    reconnects: status.reconnects,
    topics: status.topics,
  };
}

/** The network's time axis, from which the web draws every slot. */
export function networkView(input: { chain: Chain; demo: boolean; nowUs: number }): NetworkView {
  const { chain, demo, nowUs } = input;
  return {
    name: chain.network,
    genesis_time: chain.genesisTimeS,
    genesis_validators_root: chain.genesisValidatorsRoot ?? null,
    slot_duration_ms: chain.slotDurationMs,
    slots_per_epoch: chain.slotsPerEpoch,
    forks: chain.forks.map(({ fork, epoch }) => ({
      fork,
      epoch,
      deadlines: deadlinesView(chain.deadlinesOfFork(fork)),
    })),
    demo,
    now_ms: nowUs / 1000,
  };
}

function deadlinesView({ attestationMs, aggregateMs, payloadMs, payloadAttestationMs }: Deadlines): DeadlinesView {
  return {
    attestation_due_ms: attestationMs,
    aggregate_due_ms: aggregateMs,
    ...(payloadMs === undefined ? {} : { payload_due_ms: payloadMs }),
    ...(payloadAttestationMs === undefined ? {} : { payload_attestation_due_ms: payloadAttestationMs }),
  };
}
