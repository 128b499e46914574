import type { NetworkView } from "../../../src/serve/views.ts";
import { BlockStrip } from "../charts/block-strip.tsx";
import { BlockCharts } from "../components/block-charts.tsx";
import { BlockClients } from "../components/block-clients.tsx";
import { BlockFigures } from "../components/block-figures.tsx";
import { BlockOperations } from "../components/block-operations.tsx";
import { BlockTable } from "../components/block-table.tsx";
import { Link } from "../components/link.tsx";
import { Notice } from "../components/notice.tsx";
import { Panel } from "../components/panel.tsx";
import { RangeBar } from "../components/range-bar.tsx";
import { RangeSkeleton } from "../components/skeleton.tsx";
import { type BlockRow, blockSortOf } from "../lib/block-rows.ts";
import { type EpochRange, epochRange } from "../lib/epoch-range.ts";
import type { LiveState } from "../lib/live-state.ts";
import { useCurrentSlot } from "../lib/monitor.tsx";
import { useLocation } from "../lib/router.ts";
import { epochOf } from "../lib/slot-clock.ts";
import { useAtMostEvery } from "../lib/use-at-most-every.ts";
import { useBlocks } from "../lib/use-blocks.ts";

/** The strip shows a block when it comes; what is drawn over the whole range follows once a second. */
const REDRAW_MS = 1000;

/** What stands in the blocks: how full they are, what they cost and carry, who built them. */
export function BlocksPage({ state, network }: { state: LiveState; network: NetworkView }) {
  const currentSlot = useCurrentSlot(network);
  const { query } = useLocation();
  const currentEpoch = Math.max(0, epochOf(network, currentSlot));
  const range = epochRange({ query, currentEpoch, slotsPerEpoch: network.slots_per_epoch });
  const stored = useBlocks(state, range, currentSlot);
  return (
    <div className="blocks-page">
      <h1 className="visually-hidden">Blocks</h1>
      <RangeBar range={range} currentEpoch={currentEpoch} />
      {stored.kind === "loading" && <RangeSkeleton what="blocks" />}
      {stored.kind === "failed" && (
        <Notice title="The blocks could not be read" tone="problem">
          <p>
            {stored.sentence} The page tries again every few seconds; the <Link to="/">live screen</Link> still shows
            new slots.
          </p>
        </Notice>
      )}
      {stored.kind === "ready" && <RangeOfBlocks rows={stored.answer} range={range} currentSlot={currentSlot} />}
    </div>
  );
}

function RangeOfBlocks(props: { rows: readonly BlockRow[]; range: EpochRange; currentSlot: number }) {
  const { rows, range, currentSlot } = props;
  const held = useAtMostEvery(rows, REDRAW_MS);
  const location = useLocation();
  const lastSlot = Math.max(range.firstSlot, Math.min(range.lastSlot, currentSlot));
  const none = rows.every(({ block }) => block === undefined);
  return (
    <>
      {none && (
        <Notice title="No block of these epochs is stored">
          <p>
            Blocks are read whole from the nodes once they are announced. Those from before the monitor began are not
            fetched; newer ones appear here within a slot.
          </p>
        </Notice>
      )}
      <BlockFigures rows={rows} />
      <Panel
        title={range.live ? "Newest blocks" : "Last blocks of the range"}
        hint="Above: gas used, the whole height is the block's limit, the dashed line its target. Below: blobs against the limit of the moment."
        className="block-strip-panel"
      >
        <BlockStrip rows={rows} firstSlot={range.firstSlot} lastSlot={lastSlot} currentSlot={currentSlot} />
      </Panel>
      <BlockCharts rows={held} />
      <BlockTable rows={held} sort={blockSortOf(location.query)} location={location} />
      <div className="blocks-pair">
        <BlockClients rows={held} />
        <BlockOperations rows={held} />
      </div>
    </>
  );
}
