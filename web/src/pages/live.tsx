import { useMemo } from "react";
import type { NetworkView } from "../../../src/serve/views.ts";
import { ArrivalStrip } from "../charts/arrival-strip.tsx";
import { SlotGrid } from "../charts/slot-grid.tsx";
import { useLaneNodes } from "../charts/use-lane-nodes.ts";
import { ArrivalTable } from "../components/arrival-table.tsx";
import { EpochTable } from "../components/epoch-table.tsx";
import { Happened } from "../components/happened.tsx";
import { ArrivalKey, GridKey } from "../components/keys.tsx";
import { NodeTable } from "../components/node-table.tsx";
import { Notice } from "../components/notice.tsx";
import { Panel } from "../components/panel.tsx";
import { SlotTable } from "../components/slot-table.tsx";
import { StatusLine } from "../components/status-line.tsx";
import { incidentsOf } from "../lib/incidents.ts";
import type { LiveState } from "../lib/live-state.ts";
import { GRID_EPOCHS, STRIP_SLOTS } from "../lib/live-store.ts";
import { useCurrentSlot, useMonitor } from "../lib/monitor.tsx";
import { usualDelay } from "../lib/network-state.ts";

/** The live screen: is the network well, which node differs, since when. */
export function LivePage({ state, network }: { state: LiveState; network: NetworkView }) {
  const { clock } = useMonitor();
  const currentSlot = useCurrentSlot(network);
  const { slots, nodeSlots, votes, nodes, epochs, reorgs, gaps } = state;
  const laneNodes = useLaneNodes(nodes.values());
  const usual = useMemo(() => usualDelay(slots.values(), currentSlot), [slots, currentSlot]);
  const usualDelayMs = usual?.medianMs;
  const incidents = useMemo(
    () =>
      incidentsOf({
        network,
        slots: slots.values(),
        reorgs: reorgs.values(),
        gaps: gaps.values(),
        nodes: laneNodes.map(({ name }) => name),
        currentSlot,
        usualDelayMs,
      }),
    [network, slots, reorgs, gaps, laneNodes, currentSlot, usualDelayMs],
  );

  return (
    <div className="live">
      <h1 className="visually-hidden">Live: {network.name}</h1>
      <StatusLine network={network} nodes={nodes} slots={slots} votes={votes} currentSlot={currentSlot} usual={usual} />
      {slots.size === 0 && <NoSlotsYet network={network} currentSlot={currentSlot} nodeCount={nodes.size} />}
      <div className="live-column">
        <Panel
          title={`Last ${GRID_EPOCHS} epochs`}
          hint="A row is an epoch, a cell a slot. The deeper the green, the closer the block came to its deadline."
          className="grid-panel"
        >
          <SlotGrid
            slots={slots}
            currentSlot={currentSlot}
            slotsPerEpoch={network.slots_per_epoch}
            epochs={GRID_EPOCHS}
            usualDelayMs={usualDelayMs}
          />
          <GridKey />
          <SlotTable slots={slots} />
        </Panel>
        <Happened incidents={incidents} slots={slots.size} />
        <EpochTable epochs={epochs} count={GRID_EPOCHS} />
      </div>
      <div className="live-column">
        <Panel
          title="Arrivals"
          hint={`The running slot and the ${STRIP_SLOTS - 1} before it, a lane a node: when it had the block and the votes on it.`}
          className="arrivals"
        >
          <ArrivalStrip
            network={network}
            clock={clock}
            nodes={laneNodes}
            slots={slots}
            nodeSlots={nodeSlots}
            currentSlot={currentSlot}
            count={STRIP_SLOTS}
          />
          <ArrivalKey />
          <ArrivalTable nodeSlots={nodeSlots} />
        </Panel>
        <NodeTable nodes={nodes} slots={slots} gaps={gaps} />
      </div>
    </div>
  );
}

function NoSlotsYet(props: { network: NetworkView; currentSlot: number; nodeCount: number }) {
  const { network, currentSlot, nodeCount } = props;
  if (currentSlot < 0) {
    return (
      <Notice title="The network has not begun">
        <p>Its genesis is at {new Date(network.genesis_time * 1000).toUTCString()}. The page fills by itself then.</p>
      </Notice>
    );
  }
  return (
    <Notice title="Waiting for the first slot">
      <p>
        {nodeCount === 0 ? "No node is configured. " : ""}A slot shows as soon as a node reports its block, or when it
        is over. Until then the table of nodes says which stream is up.
      </p>
    </Notice>
  );
}
