import { useMemo } from "react";
import type { NetworkView, NodeView } from "../../../src/serve/views.ts";
import { CheckPanel } from "../components/check-panel.tsx";
import { ClockPanel } from "../components/clock-panel.tsx";
import { GapPanel } from "../components/gap-panel.tsx";
import { HostPanel } from "../components/host-panel.tsx";
import { NodeCard } from "../components/node-card.tsx";
import { NodeComparison } from "../components/node-comparison.tsx";
import { Notice } from "../components/notice.tsx";
import { OwnOnly } from "../components/own-only.tsx";
import type { LiveState } from "../lib/live-state.ts";
import { useCurrentSlot, useMonitor } from "../lib/monitor.tsx";
import {
  blockShare,
  COMPLETENESS_SLOTS,
  DELAY_SLOTS,
  type DelayBehind,
  delayBehind,
  nodeBlocks,
  type Share,
  voteShares,
} from "../lib/node-figures.ts";
import { useEventRates } from "../lib/use-event-rates.ts";
import { type GapLoad, HOUR_MS, useGapLanes } from "../lib/use-gap-lanes.ts";
import { useHosts } from "../lib/use-hosts.ts";

/** Those that are not heard come first. */
function sortedNodes(nodes: Iterable<NodeView>): NodeView[] {
  const heard = (node: NodeView) => Number(node.state === "streaming");
  return [...nodes].sort((a, b) => heard(a) - heard(b) || (a.name < b.name ? -1 : 1));
}

/** Every node: whether it is heard, and what it has of all that the nodes have together. */
export function NodesPage({ state, network }: { state: LiveState; network: NetworkView | undefined }) {
  const nodes = sortedNodes(state.nodes.values());
  return (
    <div className="nodes-page">
      <h1 className="visually-hidden">Nodes</h1>
      {nodes.length === 0 && (
        <Notice title="No node is configured">
          <p>
            <code>npm start -- --node URL</code> watches a beacon node by the address of its Beacon API.
          </p>
        </Notice>
      )}
      {network === undefined ? (
        <>
          <NodeCards nodes={nodes} state={state} shares={new Map()} />
          {nodes.length > 0 && (
            <OwnOnly>
              <CheckPanel nodes={state.nodes} />
            </OwnOnly>
          )}
        </>
      ) : (
        <NodesOfNetwork nodes={nodes} state={state} network={network} />
      )}
    </div>
  );
}

function NodesOfNetwork(props: { nodes: readonly NodeView[]; state: LiveState; network: NetworkView }) {
  const { nodes, state, network } = props;
  const currentSlot = useCurrentSlot(network);
  const { clock } = useMonitor();
  const gaps = useGapLanes(state, network);
  const votes = voteShares({ nodeSlots: state.nodeSlots, nodes: state.nodes.keys(), before: currentSlot });
  const figures = useBlockFigures(state, currentSlot);
  const compared = nodes.map((node) => ({
    node,
    blocks: figures.get(node.name)?.blocks,
    behind: figures.get(node.name)?.behind,
    votes: votes.get(node.name),
  }));
  const known = [...state.slots.keys()].filter(
    (slot) => slot < currentSlot && slot >= currentSlot - COMPLETENESS_SLOTS,
  );
  const voteSlots = [...state.nodeSlots.keys()].filter((slot) => slot < currentSlot).length;
  return (
    <>
      <NodeCards
        nodes={nodes}
        state={state}
        shares={new Map(compared.map(({ node, blocks }) => [node.name, blocks]))}
      />
      <OwnOnly>{nodes.length > 0 && <Hosts network={network} nodes={state.nodes} />}</OwnOnly>
      {nodes.length > 0 && <NodeComparison compared={compared} slots={known.length} voteSlots={voteSlots} />}
      {nodes.length > 0 && <GapPanel load={gaps} network={network} />}
      <div className="trust">
        <OwnOnly>
          {nodes.length > 0 && <CheckPanel nodes={state.nodes} />}
          {state.health !== undefined && (
            <ClockPanel health={state.health} demo={network.demo} span={spanOf(gaps, clock.nowMs())} />
          )}
        </OwnOnly>
      </div>
    </>
  );
}

function Hosts({ network, nodes }: { network: NetworkView; nodes: LiveState["nodes"] }) {
  return <HostPanel stored={useHosts(network)} nodes={nodes} />;
}

/** The hours that are chosen for the gaps; the last one until they are known. */
function spanOf(gaps: GapLoad, nowMs: number): { fromMs: number; toMs: number } {
  if (gaps.kind === "ready") return { fromMs: gaps.view.fromMs, toMs: gaps.view.nowMs };
  return { fromMs: nowMs - HOUR_MS, toMs: nowMs };
}

type BlockFigures = { blocks: Share | undefined; behind: DelayBehind | undefined };

/** Completeness and delay of each node; computed when a slot changes, not with each vote. */
function useBlockFigures(state: LiveState, currentSlot: number): ReadonlyMap<string, BlockFigures> {
  const { slots, nodes } = state;
  const names = [...nodes.keys()].join("\n");
  return useMemo(() => {
    const figuresOf = (node: string): BlockFigures => {
      const blocks = nodeBlocks({ slots, node, before: currentSlot, count: COMPLETENESS_SLOTS });
      const recent = blocks.filter(({ slot }) => slot >= currentSlot - DELAY_SLOTS);
      return { blocks: blockShare(blocks), behind: delayBehind(recent) };
    };
    return new Map(names.split("\n").map((name) => [name, figuresOf(name)]));
  }, [slots, names, currentSlot]);
}

function NodeCards(props: {
  nodes: readonly NodeView[];
  state: LiveState;
  shares: ReadonlyMap<string, Share | undefined>;
}) {
  const { nodes, state, shares } = props;
  const rates = useEventRates(state.nodes);
  return (
    <div className="node-cards">
      {nodes.map((node) => (
        <NodeCard
          key={node.name}
          node={node}
          nodes={state.nodes}
          perSecond={rates.get(node.name)}
          blocks={shares.get(node.name)}
        />
      ))}
    </div>
  );
}
