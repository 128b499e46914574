import { memo, useRef } from "react";
import type { SlotRecord } from "../../../src/events/derived.ts";
import { SlotCard } from "../components/slot-card.tsx";
import { formatDelay } from "../lib/format.ts";
import { LOOK_WORDS, lookOf } from "../lib/slot-look.ts";
import { cellRect, gridLayout, gridSlots, movedSlot, slotAtPoint } from "./slot-grid-layout.ts";
import { paintSlotGrid } from "./slot-grid-paint.ts";
import { useCanvas } from "./use-canvas.ts";
import { useSlotSlider } from "./use-slot-slider.ts";
import { useWidth } from "./use-width.ts";

/**
 * The last epochs, slot by slot. For the keyboard and for screen readers it is a slider over the slots: arrows move,
 * each move is read out, Enter opens the slot.
 */
export const SlotGrid = memo(function SlotGrid(props: {
  slots: ReadonlyMap<number, SlotRecord>;
  currentSlot: number;
  slotsPerEpoch: number;
  epochs: number;
  usualDelayMs: number | undefined;
}) {
  const { slots, currentSlot, slotsPerEpoch, epochs, usualDelayMs } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  // A young network has fewer epochs than rows: the rows of those to come are there already, so that nothing jumps.
  const newestEpoch = Math.max(epochs - 1, Math.floor(currentSlot / slotsPerEpoch));
  const layout = gridLayout({ width, newestEpoch, epochs, slotsPerEpoch });
  const { first } = gridSlots(layout);
  const newest = Math.max(first, currentSlot);
  const { face, marked, focused } = useSlotSlider({
    label: "Slots of the last epochs; arrow keys move, Enter opens the slot",
    first,
    last: newest,
    slotAt({ x, y }) {
      const slot = slotAtPoint(layout, x, y);
      return slot !== undefined && slot <= currentSlot ? slot : undefined;
    },
    moved: (slot, key) => movedSlot({ layout, slot, key, newest }),
    spoken: (slot) => spoken(slot, slots.get(slot)),
  });

  const canvas = useCanvas((surface) => {
    paintSlotGrid(surface, { layout, slots, currentSlot, marked, focused });
    return false;
  });

  const carded = marked !== undefined && marked <= currentSlot ? marked : undefined;
  return (
    <div className="slot-grid" ref={box}>
      <div {...face}>
        <canvas ref={canvas} style={{ height: layout.height }} />
      </div>
      {carded !== undefined && width > 0 && (
        <SlotCard
          slot={carded}
          record={slots.get(carded)}
          usualDelayMs={usualDelayMs}
          anchor={cellRect(layout, carded)}
          boxWidth={width}
        />
      )}
    </div>
  );
});

function spoken(slot: number, record: SlotRecord | undefined): string {
  const delay =
    record?.delay_ms === null || record?.delay_ms === undefined ? "" : `, block at ${formatDelay(record.delay_ms)}`;
  return `slot ${slot}, ${LOOK_WORDS[lookOf(record)]}${delay}`;
}
