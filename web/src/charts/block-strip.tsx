import { memo, useMemo, useRef } from "react";
import { BlockCard } from "../components/block-card.tsx";
import type { BlockRow } from "../lib/block-rows.ts";
import { formatShare } from "../lib/format.ts";
import { LOOK_WORDS } from "../lib/slot-look.ts";
import { movedInStrip, stripLayout, stripRect, stripSlotAt } from "./block-strip-layout.ts";
import { paintBlockStrip } from "./block-strip-paint.ts";
import { useCanvas } from "./use-canvas.ts";
import { useSlotSlider } from "./use-slot-slider.ts";
import { useWidth } from "./use-width.ts";

/**
 * The newest slots of a range side by side, gas above and blobs below. For the keyboard and for screen readers it is a
 * slider over the slots: arrows move, each move is read out, Enter opens the slot.
 */
export const BlockStrip = memo(function BlockStrip(props: {
  rows: readonly BlockRow[];
  firstSlot: number;
  lastSlot: number;
  currentSlot: number;
}) {
  const { rows, currentSlot } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const layout = stripLayout({ width, firstSlot: props.firstSlot, lastSlot: props.lastSlot });
  const { firstSlot, lastSlot } = layout;
  // The first row of a slot is that of its own block; one that the chain left may follow.
  const bySlot = useMemo(() => new Map(rows.toReversed().map((row) => [row.slot, row])), [rows]);
  const { face, marked, focused } = useSlotSlider({
    label: "Newest blocks; arrow keys move, Enter opens the slot",
    first: firstSlot,
    last: lastSlot,
    slotAt: ({ x }) => stripSlotAt(layout, x),
    moved: (slot, key) => movedInStrip(layout, slot, key),
    spoken: (slot) => spoken(slot, bySlot.get(slot)),
  });

  const canvas = useCanvas((surface) => {
    paintBlockStrip(surface, { layout, rows: bySlot, currentSlot, marked, focused });
    return false;
  });

  return (
    <div className="block-strip" ref={box}>
      <div {...face}>
        <canvas ref={canvas} style={{ height: layout.height }} />
      </div>
      {marked !== undefined && width > 0 && (
        <BlockCard
          slot={marked}
          row={bySlot.get(marked)}
          anchor={{ ...stripRect(layout, marked, "gas"), height: layout.height }}
          boxWidth={width}
        />
      )}
      <p className="axis-title">slot</p>
    </div>
  );
});

function spoken(slot: number, row: BlockRow | undefined): string {
  const { block } = row ?? {};
  const facts =
    block === undefined
      ? ""
      : `, gas ${formatShare({ had: block.gas_fullness ?? 0, of: 1 })}, ${block.blobs ?? 0} blobs, ${block.transactions ?? 0} transactions`;
  return `slot ${slot}, ${row === undefined ? "pending" : LOOK_WORDS[row.look]}${facts}`;
}
