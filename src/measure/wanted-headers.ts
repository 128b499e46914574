/** A block whose header is not known yet, and the nodes that told of it. */
export type WantedHeader = { root: string; nodes: readonly string[] };

export type WantedHeaders = {
  want(root: string, node: string): void;
  /** A header came: nobody need be asked. */
  answered(root: string): void;
  /** Headers that are wanted since the last call, each root once. */
  taken(): WantedHeader[];
};

/** Blocks and nodes remembered as asked: about a day of mainnet on five nodes. */
const ASKED_LIMIT = 32_768;

/** Each node that tells of a block is named once: should the first be unable to answer, another is asked. */
export function createWantedHeaders(): WantedHeaders {
  const asked = new Set<string>();
  let wanted = new Map<string, string[]>();
  return {
    want(root, node) {
      const key = `${root}/${node}`;
      if (asked.has(key)) return;
      if (asked.size >= ASKED_LIMIT) for (const oldest of asked.values().take(1)) asked.delete(oldest);
      asked.add(key);
      const nodes = wanted.get(root);
      if (nodes === undefined) wanted.set(root, [node]);
      else nodes.push(node);
    },
    answered(root) {
      wanted.delete(root);
    },
    taken() {
      const list = [...wanted].map(([root, nodes]) => ({ root, nodes }));
      if (list.length > 0) wanted = new Map();
      return list;
    },
  };
}
