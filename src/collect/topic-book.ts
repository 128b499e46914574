import { findRefusedTopics } from "./topic-probe.ts";

/** `unknown`: asked for, but nothing came yet. Some nodes ignore what they do not know. */
export type TopicState = "streaming" | "refused" | "unknown";

/**
 * Topics in the order in which the Beacon API got them. Lodestar 1.5 sends no event of any topic that stands after one
 * it does not know, and says nothing of it: so the topics that every node knows come first, the newest last.
 */
const BY_AGE = [
  "head",
  "block",
  "attestation",
  "voluntary_exit",
  "finalized_checkpoint",
  "chain_reorg",
  "contribution_and_proof",
  "light_client_finality_update",
  "light_client_optimistic_update",
  "bls_to_execution_change",
  "payload_attributes",
  "proposer_slashing",
  "attester_slashing",
  "block_gossip",
  "single_attestation",
  "data_column_sidecar",
];

/** What one node makes of the topics that it is asked for. */
export type TopicBook = {
  /** The topics to ask for, in the order to ask. */
  wanted(): readonly string[];
  /** The topics that the node does not take. */
  refused(): readonly string[];
  /** An event of a topic came. */
  count(topic: string, events: number): void;
  /** The stream was opened with the wanted topics. */
  taken(): void;
  /** The wanted topics were refused together, with this body: finds and gives up the culprits. Empty: none found. */
  giveUp(body: string): Promise<readonly string[]>;
  /** Asks again for what was refused; what is now taken is wanted again. */
  relearn(): Promise<readonly string[]>;
  states(): Record<string, TopicState>;
  counts(): Record<string, number>;
};

/** `accepts` asks the node whether it takes these topics together; its faults pass through. */
export function createTopicBook(options: {
  topics: readonly string[];
  accepts(topics: readonly string[]): Promise<boolean>;
}): TopicBook {
  const { topics, accepts } = options;
  const counts = new Map(topics.toSorted((a, b) => ageOf(a) - ageOf(b)).map((topic) => [topic, 0]));
  const refused = new Set<string>();
  // A node that refuses for another reason than its topics is not asked for each of them at every attempt.
  let searchedInVain = false;
  const wanted = () => [...counts.keys()].filter((topic) => !refused.has(topic));

  return {
    wanted,
    refused: () => [...refused],
    count(topic, events) {
      const count = counts.get(topic);
      if (count !== undefined) counts.set(topic, count + events);
    },
    taken() {
      searchedInVain = false;
    },
    async giveUp(body) {
      if (searchedInVain) return [];
      const asked = wanted();
      const found = await findRefusedTopics({ topics: asked, body, accepts });
      searchedInVain = found.length === 0 || found.length === asked.length;
      if (searchedInVain) return [];
      for (const topic of found) refused.add(topic);
      return found;
    },
    async relearn() {
      const learned: string[] = [];
      for (const topic of [...refused]) if (await accepts([topic])) learned.push(topic);
      for (const topic of learned) refused.delete(topic);
      return learned;
    },
    states: () =>
      Object.fromEntries(
        [...counts].map(([topic, count]) => [
          topic,
          refused.has(topic) ? "refused" : count > 0 ? "streaming" : "unknown",
        ]),
      ),
    counts: () => Object.fromEntries(counts),
  };
}

function ageOf(topic: string): number {
  const index = BY_AGE.indexOf(topic);
  return index === -1 ? BY_AGE.length : index;
}
