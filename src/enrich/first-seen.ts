/** `order` is 1 for the first node that told of an object; an echo keeps the order it had. */
export type Sighting = { order: number; echo: boolean };

export type FirstSeen = {
  /** Notes that `node` told of an object of `topic`. */
  note(input: { node: string; topic: string; identity: string }): Sighting;
  readonly size: number;
};

/**
 * First-seen reduction: clients repeat `block` and `head` minutes to days later (Teku, Nimbus, Lodestar and Caplin do),
 * so a repeat of (node, topic, identity) is an echo. Bounded by topic, so that data columns (128 a slot) never crowd
 * blocks out: the oldest objects of a topic are forgotten.
 */
export function createFirstSeen(options: { limitPerTopic: number }): FirstSeen {
  const topics = new Map<string, Map<string, string[]>>();
  return {
    note({ node, topic, identity }) {
      const nodesByObject = topics.get(topic) ?? new Map<string, string[]>();
      topics.set(topic, nodesByObject);
      const nodes = nodesByObject.get(identity);
      if (nodes === undefined) {
        if (nodesByObject.size >= options.limitPerTopic) {
          const oldest = nodesByObject.keys().next();
          if (!oldest.done) nodesByObject.delete(oldest.value);
        }
        nodesByObject.set(identity, [node]);
        return { order: 1, echo: false };
      }
      const position = nodes.indexOf(node);
      if (position >= 0) return { order: position + 1, echo: true };
      nodes.push(node);
      return { order: nodes.length, echo: false };
    },
    get size() {
      return topics.values().reduce((sum, objects) => sum + objects.size, 0);
    },
  };
}
