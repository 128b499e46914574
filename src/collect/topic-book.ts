import { findRefusedTopics } from "./topic-probe.ts";

/** `unknown`: asked for, but nothing came yet. Some nodes ignore what they do not know. */
export type TopicState = "streaming" | "refused" | "unknown";

/** What one node makes of the topics that it is asked for. */
export type TopicBook = {
  /** The topics to ask for. */
  wanted(): readonly string[];
  /** An event of a topic came. */
  count(topic: string): void;
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
  const counts = new Map(topics.map((topic) => [topic, 0]));
  const refused = new Set<string>();
  // A node that refuses for another reason than its topics is not asked for each of them at every attempt.
  let searchedInVain = false;
  const wanted = () => [...counts.keys()].filter((topic) => !refused.has(topic));

  return {
    wanted,
    count(topic) {
      const count = counts.get(topic);
      if (count !== undefined) counts.set(topic, count + 1);
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
