import type { NodeView } from "../../../src/serve/views.ts";

export type TopicState = NodeView["topics"][string];

/** What each topic brings: what is missing of a node that refuses it. */
const BRINGS: Readonly<Record<string, string>> = {
  head: "which block the node calls head, and when",
  head_v2: "heads with the state of their payload, from Gloas on",
  block: "when the node imported each block",
  block_gossip: "when each block came by gossip, before its import",
  attestation: "aggregates; before Electra also single votes",
  single_attestation: "each vote by itself, from Electra on",
  contribution_and_proof: "contributions of the sync committee",
  finalized_checkpoint: "finality at the moment it comes; else polled",
  chain_reorg: "the node's own word of reorgs: a hint, reorgs are computed without it",
  data_column_sidecar: "when data columns came, from Fulu on",
  blob_sidecar: "when blobs came, before Fulu",
  light_client_finality_update: "the sync committee's signatures on finalized headers",
  light_client_optimistic_update: "the sync committee's signatures on heads",
  payload_attributes: "what the node asks its execution client to build",
  voluntary_exit: "exits",
  bls_to_execution_change: "changes of withdrawal credentials",
  proposer_slashing: "proof that a proposer signed two blocks for one slot",
  attester_slashing: "proof that validators voted twice",
  execution_payload: "imported payloads, from Gloas on",
  execution_payload_gossip: "payloads by gossip, from Gloas on",
  execution_payload_available: "payloads with all their data, from Gloas on",
  execution_payload_bid: "builders' bids, from Gloas on",
  payload_attestation_message: "votes on payloads, from Gloas on",
  proposer_preferences: "proposers' wishes to builders, from Gloas on",
  fast_confirmation: "blocks confirmed by the fast confirmation rule",
};

export const TOPIC_STATE_WORDS: Readonly<Record<TopicState, { title: string; meaning: string }>> = {
  streaming: { title: "streaming", meaning: "events come" },
  unknown: { title: "nothing yet", meaning: "no event came since the monitor began; some are rare" },
  refused: { title: "refused", meaning: "the node does not serve it: what it brings is missing of this node" },
};

export type TopicRow = { topic: string; state: TopicState; brings: string };

/** A node's topics by name. */
export function topicRows(topics: NodeView["topics"]): TopicRow[] {
  return Object.entries(topics)
    .map(([topic, state]) => ({ topic, state, brings: BRINGS[topic] ?? "events of this kind" }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));
}

export function topicCounts(topics: NodeView["topics"]): Record<TopicState, number> {
  const counts = { streaming: 0, unknown: 0, refused: 0 };
  for (const state of Object.values(topics)) counts[state] += 1;
  return counts;
}
