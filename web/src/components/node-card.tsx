import type { NodeView } from "../../../src/serve/views.ts";
import { useNowMs } from "../lib/monitor.tsx";
import { stateSentence } from "../lib/node-words.ts";
import { nodePath } from "../lib/router.ts";
import { ClientChip } from "./client-chip.tsx";
import { Link } from "./link.tsx";
import { NodeFacts, type NodeFigures } from "./node-facts.tsx";
import { NodeStateMark } from "./node-state.tsx";

/** One node at a glance: its state with the reason, and the figures to see first. */
export function NodeCard({ node, ...figures }: { node: NodeView } & NodeFigures) {
  const nowMs = useNowMs(1000);
  return (
    <article className={`panel node-card ${node.state}`}>
      <header className="node-card-head">
        <ClientChip client={node.client} />
        <h2>
          <Link to={nodePath(node.name)} className="number">
            {node.name}
          </Link>
        </h2>
        <NodeStateMark node={node} />
      </header>
      <p className="node-card-sentence">{stateSentence(node, nowMs)}</p>
      <NodeFacts node={node} nowMs={nowMs} {...figures} />
    </article>
  );
}
