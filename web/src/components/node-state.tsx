import type { NodeView } from "../../../src/serve/views.ts";
import { STATE_WORDS } from "../lib/node-words.ts";

/** A node's state by colour, shape and word; why stands in the hint. */
export function NodeStateMark({ node }: { node: NodeView }) {
  return (
    <span className={`state ${node.state}`} title={node.reason ?? undefined}>
      {STATE_WORDS[node.state]}
    </span>
  );
}
