import { useMemo } from "react";
import type { NetworkView, NodeView } from "../../../src/serve/views.ts";
import { CheckPanel } from "../components/check-panel.tsx";
import { GapPanel } from "../components/gap-panel.tsx";
import { Link } from "../components/link.tsx";
import { Neighbour, useArrowKeys } from "../components/neighbours.tsx";
import { NodeBlocks } from "../components/node-blocks.tsx";
import { NodeFacts } from "../components/node-facts.tsx";
import { NodeStateMark } from "../components/node-state.tsx";
import { Notice } from "../components/notice.tsx";
import { OwnOnly } from "../components/own-only.tsx";
import { Panel } from "../components/panel.tsx";
import { TopicTable } from "../components/topic-table.tsx";
import type { LiveState } from "../lib/live-state.ts";
import { useCurrentSlot, useNowMs } from "../lib/monitor.tsx";
import { blockShare, COMPLETENESS_SLOTS, nodeBlocks, type Share, voteShares } from "../lib/node-figures.ts";
import { stateSentence } from "../lib/node-words.ts";
import { nodePath } from "../lib/router.ts";
import { useEventRates } from "../lib/use-event-rates.ts";
import { useGapLanes } from "../lib/use-gap-lanes.ts";

/** One node in full. */
export function NodePage(props: { state: LiveState; network: NetworkView | undefined; name: string }) {
  const { state, network, name } = props;
  const node = state.nodes.get(name);
  const names = [...state.nodes.keys()].sort();
  if (node === undefined) return <UnknownNode name={name} names={names} />;
  return (
    <>
      <NodeHeader node={node} names={names} />
      {network === undefined ? (
        <div className="node-page">
          <div className="node-main">
            <OwnOnly>
              <CheckPanel nodes={state.nodes} node={name} />
            </OwnOnly>
          </div>
          <NodeSide node={node} state={state} share={undefined} />
        </div>
      ) : (
        <NodeOnNetwork node={node} state={state} network={network} />
      )}
    </>
  );
}

function NodeHeader({ node, names }: { node: NodeView; names: readonly string[] }) {
  const index = names.indexOf(node.name);
  const [before, after] = [names[index - 1], names[index + 1]];
  const pathOf = (name: string | undefined) => (name === undefined ? undefined : nodePath(name));
  useArrowKeys(pathOf(before), pathOf(after));
  return (
    <header className="slot-header">
      <Neighbour to={pathOf(before)} side="left" label={`Previous node${before === undefined ? "" : `, ${before}`}`} />
      <h1>
        <span className="muted">Node </span>
        <span className="number">{node.name}</span>
      </h1>
      <Neighbour to={pathOf(after)} side="right" label={`Next node${after === undefined ? "" : `, ${after}`}`} />
      <p className="slot-status">
        <NodeStateMark node={node} />
      </p>
      <Link to="/nodes" className="button to-list">
        All nodes
      </Link>
    </header>
  );
}

function NodeOnNetwork({ node, state, network }: { node: NodeView; state: LiveState; network: NetworkView }) {
  const currentSlot = useCurrentSlot(network);
  const gaps = useGapLanes(state, network);
  const { slots } = state;
  const { name } = node;
  const blocks = useMemo(
    () => nodeBlocks({ slots, node: name, before: currentSlot, count: COMPLETENESS_SLOTS }),
    [slots, name, currentSlot],
  );
  const share = blockShare(blocks);
  const votes = voteShares({ nodeSlots: state.nodeSlots, nodes: [name], before: currentSlot });
  return (
    <div className="node-page">
      <div className="node-main">
        <NodeBlocks blocks={blocks} share={share} before={currentSlot} votes={votes.get(name)} />
        <GapPanel load={gaps} network={network} node={name} />
        <OwnOnly>
          <CheckPanel nodes={state.nodes} node={name} />
        </OwnOnly>
      </div>
      <NodeSide node={node} state={state} share={share} />
    </div>
  );
}

/** What the node is now, and its topics: known before its network is. */
function NodeSide({ node, state, share }: { node: NodeView; state: LiveState; share: Share | undefined }) {
  const nowMs = useNowMs(1000);
  const rates = useEventRates(state.nodes);
  return (
    <div className="node-side">
      <Panel title="Now" hint={stateSentence(node, nowMs)} className="node-now">
        <NodeFacts node={node} nowMs={nowMs} nodes={state.nodes} perSecond={rates.get(node.name)} blocks={share} />
        <dl className="facts">
          <dt>address</dt>
          <dd className="number clipped" title={node.url}>
            {node.url}
          </dd>
          <dt>counted</dt>
          <dd>
            <span className="number">{node.events}</span> events, <span className="number">{node.echoes}</span> echoes,{" "}
            <span className="number">{node.reconnects}</span> reconnects{" "}
            <span className="muted">since the monitor began</span>
          </dd>
        </dl>
      </Panel>
      <TopicTable node={node} />
    </div>
  );
}

function UnknownNode({ name, names }: { name: string; names: readonly string[] }) {
  return (
    <>
      <h1 className="visually-hidden">No such node</h1>
      <Notice title="There is no node of this name">
        <p>
          The monitor watches no node that is called <code>{name}</code>.{" "}
          {names.length > 0 && (
            <>
              It watches{" "}
              {names.map((other, index) => (
                <span key={other}>
                  {index > 0 && ", "}
                  <Link to={nodePath(other)}>{other}</Link>
                </span>
              ))}
              .
            </>
          )}
        </p>
      </Notice>
    </>
  );
}
