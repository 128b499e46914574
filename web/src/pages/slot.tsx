import type { NodeSlotRecord } from "../../../src/events/derived.ts";
import type { NetworkView } from "../../../src/serve/views.ts";
import { SlotTimeline } from "../charts/slot-timeline.tsx";
import { BlockFacts } from "../components/block-facts.tsx";
import { EventTable } from "../components/event-table.tsx";
import { HostBandPanel } from "../components/host-band-panel.tsx";
import { ArrivalKey } from "../components/keys.tsx";
import { Link } from "../components/link.tsx";
import { NodeSlotTable } from "../components/node-slot-table.tsx";
import { Notice } from "../components/notice.tsx";
import { OwnOnly } from "../components/own-only.tsx";
import { Panel } from "../components/panel.tsx";
import { SlotSkeleton } from "../components/skeleton.tsx";
import { SlotBranches } from "../components/slot-branches.tsx";
import { SlotFacts } from "../components/slot-facts.tsx";
import { SlotHeader } from "../components/slot-header.tsx";
import { SlotQueryPanel } from "../components/slot-query.tsx";
import { SlotVotesPanel } from "../components/slot-votes.tsx";
import { formatDuration } from "../lib/format.ts";
import type { LiveState } from "../lib/live-state.ts";
import { useCurrentSlot, useNowMs } from "../lib/monitor.tsx";
import { slotPath } from "../lib/router.ts";
import { slotStartMs } from "../lib/slot-clock.ts";
import { useSlotHosts } from "../lib/use-hosts.ts";
import { type SlotLoad, useSlotAnswer } from "../lib/use-slot-answer.ts";
import { type SlotVotes, useSlotVotes } from "../lib/use-slot-votes.ts";
import type { Stored } from "../lib/use-stored.ts";

/** Everything known of one slot, on one time axis. */
export function SlotPage({ state, network, slot }: { state: LiveState; network: NetworkView; slot: number }) {
  const currentSlot = useCurrentSlot(network);
  const load = useSlotAnswer({ slot, currentSlot, state });
  const votes = useSlotVotes(state, slot, currentSlot);
  const record = load.kind === "ready" && !load.stale ? load.answer.slot : state.slots.get(slot);
  return (
    <>
      <SlotHeader slot={slot} record={record} currentSlot={currentSlot} />
      <SlotContent load={load} votes={votes} network={network} slot={slot} currentSlot={currentSlot} />
    </>
  );
}

function SlotContent(props: {
  load: SlotLoad;
  votes: Stored<SlotVotes>;
  network: NetworkView;
  slot: number;
  currentSlot: number;
}) {
  const { load, votes, network, slot, currentSlot } = props;
  if (load.kind === "loading") return <SlotSkeleton />;
  if (load.kind === "failed") {
    return (
      <Notice title="The slot could not be read" tone="problem">
        <p>{load.sentence} The page tries again every few seconds; other slots may still be readable.</p>
      </Notice>
    );
  }
  if (load.kind === "absent")
    return <Absent sentence={load.sentence} network={network} slot={slot} currentSlot={currentSlot} />;
  const { answer, baseline, stale } = load;
  return (
    <div className={stale ? "slot-page stale" : "slot-page"} aria-busy={stale}>
      <div className="slot-main">
        <Panel
          title="On one time axis"
          hint="A group of rows a node, from the slot's start; bars are counts per 100 ms, each kind on one scale over all nodes."
          className="timeline-panel"
        >
          {answer.node_slots.length === 0 ? (
            <p className="empty">No node's events of this slot are stored.</p>
          ) : (
            <>
              <SlotTimeline network={network} slot={answer.slot.slot} records={answer.node_slots} />
              <ArrivalKey all />
            </>
          )}
        </Panel>
        <OwnOnly>
          <SlotHosts network={network} slot={slot} currentSlot={currentSlot} records={answer.node_slots} />
        </OwnOnly>
        <div className="slot-pair">
          <SlotVotesPanel stored={votes} running={slot >= currentSlot} />
          <BlockFacts blocks={answer.blocks} />
        </div>
      </div>
      <div className="slot-side">
        <SlotFacts record={answer.slot} baseline={baseline} />
        <SlotBranches record={answer.slot} reorgs={answer.reorgs} gaps={answer.gaps} />
        <SlotQueryPanel network={network.name} slot={answer.slot.slot} />
      </div>
      <NodeSlotTable records={answer.node_slots} slot={answer.slot} />
      <EventTable events={answer.events} />
    </div>
  );
}

function Absent(props: { sentence: string; network: NetworkView; slot: number; currentSlot: number }) {
  const { sentence, network, slot, currentSlot } = props;
  const nowMs = useNowMs(1000);
  const waitMs = slotStartMs(network, slot) - nowMs;
  return (
    <Notice title={waitMs > 0 ? `Slot ${slot} has not begun` : `Nothing is known of slot ${slot}`}>
      <p>{waitMs > 0 ? `It begins in ${formatDuration(waitMs)}. The page fills by itself then.` : sentence}</p>
      {currentSlot > 0 && (
        <p>
          The newest slot that is over is <Link to={slotPath(currentSlot - 1)}>{currentSlot - 1}</Link>; the{" "}
          <Link to="/">live screen</Link> shows the last epochs.
        </p>
      )}
    </Notice>
  );
}

/** What the nodes' servers did around the slot. */
function SlotHosts(props: {
  network: NetworkView;
  slot: number;
  currentSlot: number;
  records: readonly NodeSlotRecord[];
}) {
  const { network, slot, currentSlot, records } = props;
  const hosts = useSlotHosts(slot, currentSlot);
  return <HostBandPanel stored={hosts} network={network} slot={slot} records={records} />;
}
