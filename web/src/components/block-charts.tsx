import { memo, useMemo } from "react";
import type { Line } from "../charts/series.ts";
import { SeriesChart } from "../charts/series-chart.tsx";
import { type BlockRow, blockSeries } from "../lib/block-rows.ts";
import { formatGwei } from "../lib/block-words.ts";
import { navigate, slotPath } from "../lib/router.ts";
import { Panel } from "./panel.tsx";

const SYNC_KEY = "blocks";
const NO_BLOCKS = "no node answered a canonical block whole.";

const percent = (share: number) => `${Number((100 * share).toFixed(2))} %`;
const percentTick = (share: number) => String(Number((100 * share).toFixed(1)));
const plain = (value: number) => String(Number(value.toPrecision(4)));
const openSlot = (slot: number) => navigate(slotPath(slot));

/** The range's blocks as series over its slots. */
export const BlockCharts = memo(function BlockCharts({ rows }: { rows: readonly BlockRow[] }) {
  const series = useMemo(() => blockSeries(rows), [rows]);
  const lines = useMemo(() => linesOf(series), [series]);
  const shared = {
    xs: series.xs,
    place: "slot",
    marks: series.marks,
    syncKey: SYNC_KEY,
    onOpen: openSlot,
    because: NO_BLOCKS,
    tick: plain,
    tell: plain,
  };
  return (
    <Panel
      title="Slot by slot"
      hint="A gap is a slot without a canonical block: hollow at the foot where it was missed, hatched where it was orphaned."
      className="block-charts"
    >
      <div className="series-grid">
        <SeriesChart
          {...shared}
          title="Gas used"
          hint="Above half of the limit the base fee rises, below it falls."
          unit="% of the block's own limit"
          scale={GAS_SCALE}
          tick={percentTick}
          tell={percent}
          lines={lines.fullness}
        />
        <SeriesChart
          {...shared}
          title="Base fee"
          hint="What each gas costs before any tip; it moves by an eighth a block at most."
          unit="gwei"
          scale={FEE_SCALE}
          tell={formatGwei}
          lines={lines.baseFee}
        />
        <SeriesChart
          {...shared}
          title="Blobs"
          hint="Against the limit of the block's epoch."
          unit="blobs a block"
          scale={BLOB_SCALE}
          lines={lines.blobs}
          because="the blocks are of a fork without blobs, or were not answered whole."
        />
        <SeriesChart
          {...shared}
          title="Transactions"
          hint="Also where the gas is full: few mean large ones."
          unit="transactions a block"
          scale={COUNT_SCALE}
          lines={lines.transactions}
        />
        <SeriesChart
          {...shared}
          title="Size"
          hint="The signed block in SSZ, without its blobs; large ones travel slower."
          unit="KiB, uncompressed"
          scale={COUNT_SCALE}
          lines={lines.size}
          because="no node answered a block whole, or it is of Gloas, whose payload comes apart and whose size is not told."
        />
        <SeriesChart
          {...shared}
          title="Builder's payment"
          hint="The last transfer of the fee recipient, or the bid; none is no proof that nobody paid."
          unit="ETH"
          scale={FEE_SCALE}
          lines={lines.payment}
          because="no block ends with a builder's payment. Proposers built them themselves, or were paid otherwise."
        />
      </div>
    </Panel>
  );
});

const GAS_SCALE = { from: 0, to: 0.01, most: 1 };
const FEE_SCALE = { from: 0, to: 0 };
const COUNT_SCALE = { from: 0, to: 4 };
const BLOB_SCALE = { from: 0, to: 6 };

function linesOf(series: ReturnType<typeof blockSeries>) {
  const one = (label: string, values: Line["values"], look: Line["look"] = "solid"): readonly Line[] => [
    { label, values, colour: "accent", look, because: NO_BLOCKS },
  ];
  const blobs: readonly Line[] = [
    ...one("blobs", series.blobs, "bars"),
    { label: "limit", values: series.maxBlobs, colour: "text", look: "outlined" },
  ];
  return {
    fullness: one("gas", series.fullness, "bars"),
    baseFee: one("fee", series.baseFee),
    blobs: series.blobs.some((value) => value !== null) ? blobs : [],
    transactions: one("count", series.transactions, "bars"),
    size: one("size", series.kibibytes),
    payment: [{ label: "paid", values: series.paymentEth, colour: "accent", look: "bars" }] as const,
  };
}
