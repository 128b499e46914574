import type { ReactNode } from "react";
import type { NodeView } from "../../../src/serve/views.ts";
import { formatRate, formatShare } from "../lib/format.ts";
import { useSettled } from "../lib/monitor.tsx";
import { HEADS_SETTLE_MS } from "../lib/network-state.ts";
import { headStanding, type Share } from "../lib/node-figures.ts";
import { standingWords } from "../lib/node-words.ts";
import { slotPath } from "../lib/router.ts";
import { Link } from "./link.tsx";
import { Moment } from "./moment.tsx";

/** What is known of a node besides its own words; the rate is in events a second. */
export type NodeFigures = {
  nodes: ReadonlyMap<string, NodeView>;
  perSecond: number | undefined;
  blocks: Share | undefined;
};

/** What the node is and does now, as a list of facts. */
export function NodeFacts({ node, nowMs, nodes, perSecond, blocks }: { node: NodeView; nowMs: number } & NodeFigures) {
  const standing = useSettled(standingWords(headStanding(node, nodes.values())), HEADS_SETTLE_MS);
  return (
    <dl className="facts">
      <Fact title="client">
        <span className="clipped" title={node.version ?? undefined}>
          {node.version ?? <span className="muted">not told yet</span>}
        </span>
      </Fact>
      <Fact title="head">
        {node.head === null ? (
          <span className="muted">{standing}</span>
        ) : (
          <>
            <Link to={slotPath(node.head.slot)} className="number">
              {node.head.slot}
            </Link>{" "}
            <span className={standing === "with the others" ? "muted" : ""}>{standing}</span>
          </>
        )}
      </Fact>
      <Fact title="finalized">
        {node.finalized_epoch === null ? (
          <span className="muted">not told yet</span>
        ) : (
          <>
            epoch <span className="number">{node.finalized_epoch}</span>
          </>
        )}
      </Fact>
      <Fact title="blocks">
        {blocks === undefined ? (
          <span className="muted">none seen yet</span>
        ) : (
          <>
            <span className="number">{formatShare(blocks)}</span>{" "}
            <span className="muted">
              {blocks.had} of {blocks.of}
            </span>
          </>
        )}
      </Fact>
      <Fact title="events">
        {perSecond === undefined ? (
          <span className="muted">being measured</span>
        ) : (
          <span className="number">{formatRate(perSecond)}</span>
        )}
        <span className="muted">
          {" "}
          · last {node.last_event_ms === null ? "none" : <Moment timeMs={node.last_event_ms} nowMs={nowMs} />}
        </span>
      </Fact>
      <Fact title="peers">
        {node.peers === null ? (
          <span className="muted">not told yet</span>
        ) : (
          <span className={node.peers === 0 ? "number is-missed" : "number"}>{node.peers}</span>
        )}
      </Fact>
    </dl>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </>
  );
}
