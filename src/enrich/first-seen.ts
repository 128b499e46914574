/** `order` is 1 for the first node that told of an object; an echo keeps the order it had. */
export type Sighting = { order: number; echo: boolean };

export type FirstSeen = {
  /** Notes that `node` told of an object of `topic`. */
  note(input: { node: string; topic: string; identity: string }): Sighting;
  readonly size: number;
};

/**
 * First-seen reduction: clients repeat `block` and `head` minutes to days later (Teku, Nimbus, Lodestar and Caplin do),
 * so a repeat of (node, topic, identity) is an echo. Bounded: the oldest objects are forgotten.
 */
export function createFirstSeen(options: { limit: number }): FirstSeen {
  const nodesByObject = new Map<string, string[]>();
  return {
    note({ node, topic, identity }) {
      const key = `${topic}/${identity}`;
      const nodes = nodesByObject.get(key);
      if (nodes === undefined) {
        if (nodesByObject.size >= options.limit) {
          const oldest = nodesByObject.keys().next();
          if (!oldest.done) nodesByObject.delete(oldest.value);
        }
        nodesByObject.set(key, [node]);
        return { order: 1, echo: false };
      }
      const position = nodes.indexOf(node);
      if (position >= 0) return { order: position + 1, echo: true };
      nodes.push(node);
      return { order: nodes.length, echo: false };
    },
    get size() {
      return nodesByObject.size;
    },
  };
}
