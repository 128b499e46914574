import { memo } from "react";
import { sumBlocks } from "../lib/block-figures.ts";
import type { BlockRow } from "../lib/block-rows.ts";
import { formatBytes, formatEth, formatGwei } from "../lib/block-words.ts";
import { formatCount, formatShare } from "../lib/format.ts";
import { Figure } from "./figure.tsx";
import { SlotGlyph } from "./slot-glyph.tsx";

/** The range's blocks in six figures. */
export const BlockFigures = memo(function BlockFigures({ rows }: { rows: readonly BlockRow[] }) {
  const sums = sumBlocks(rows);
  const { slots, proposed, missed, orphaned, blocks } = sums;
  const gaps = [
    ["missed", missed],
    ["orphaned", orphaned],
  ] as const;
  return (
    <section className="status-line" aria-label="Blocks of the range">
      <Figure title="Slots with a block" value={slots === 0 ? "–" : `${proposed}/${slots}`}>
        {missed + orphaned === 0
          ? slots === 0
            ? "no slot is judged yet"
            : "none missed or orphaned"
          : gaps
              .filter(([, count]) => count > 0)
              .map(([look, count]) => (
                <span className="count" key={look}>
                  <SlotGlyph look={look} /> {count} {look}
                </span>
              ))}
      </Figure>
      <Figure title="Gas" value={sums.fullness === undefined ? "–" : formatShare({ had: sums.fullness, of: 1 })}>
        {sums.fullness === undefined
          ? "no block read whole"
          : `of the limit, mean${sums.full === 0 ? "" : `; ${formatCount(sums.full, "block")} full`}`}
      </Figure>
      <Figure title="Base fee" value={sums.baseFee === undefined ? "–" : formatGwei(sums.baseFee)}>
        {sums.lowestFee === undefined || sums.highestFee === undefined
          ? "no block read whole"
          : `newest; ${formatGwei(sums.lowestFee)} to ${formatGwei(sums.highestFee)}`}
      </Figure>
      <Figure title="Blobs" value={sums.blobs === undefined ? "–" : sums.blobs.toFixed(1)}>
        {sums.maxBlobs === undefined ? "a block, mean" : `a block, mean; ${sums.maxBlobs} allowed`}
      </Figure>
      <Figure title="Size" value={sums.medianBytes === undefined ? "–" : formatBytes(sums.medianBytes)}>
        {sums.largestBytes === undefined
          ? "not told by this fork"
          : `median; largest ${formatBytes(sums.largestBytes)}`}
      </Figure>
      <Figure title="Builder paid" value={blocks === 0 ? "–" : formatShare({ had: sums.built, of: blocks })}>
        {sums.medianPayment === undefined
          ? "no block shows a builder's payment"
          : `of blocks; median ${formatEth(sums.medianPayment)}`}
      </Figure>
    </section>
  );
});
