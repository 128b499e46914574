import { useMemo } from "react";
import type { LaneNode } from "./arrival-lanes.tsx";

/** The nodes by name, kept as they are while only their heads and counters change. */
export function useLaneNodes(nodes: Iterable<LaneNode>): readonly LaneNode[] {
  const key = JSON.stringify([...nodes].map(({ name, client }) => ({ name, client })));
  return useMemo(() => {
    const laneNodes: LaneNode[] = JSON.parse(key);
    return laneNodes.sort((a, b) => (a.name < b.name ? -1 : 1));
  }, [key]);
}
