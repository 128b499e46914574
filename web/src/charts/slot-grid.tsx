import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from "react";
import type { SlotRecord } from "../../../src/events/derived.ts";
import { SlotCard } from "../components/slot-card.tsx";
import { formatDelay } from "../lib/format.ts";
import { navigate, slotPath } from "../lib/router.ts";
import { LOOK_WORDS, lookOf } from "../lib/slot-look.ts";
import { cellRect, gridLayout, gridSlots, movedSlot, slotAtPoint } from "./slot-grid-layout.ts";
import { paintSlotGrid } from "./slot-grid-paint.ts";
import { useCanvas } from "./use-canvas.ts";
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
  const [hovered, setHovered] = useState<number>();
  const [chosen, setChosen] = useState<number>();
  const [focused, setFocused] = useState(false);
  // A young network has fewer epochs than rows: the rows of those to come are there already, so that nothing jumps.
  const newestEpoch = Math.max(epochs - 1, Math.floor(currentSlot / slotsPerEpoch));
  const layout = gridLayout({ width, newestEpoch, epochs, slotsPerEpoch });
  const { first } = gridSlots(layout);
  const newest = Math.max(first, currentSlot);
  const focusSlot = Math.min(newest, Math.max(first, chosen ?? newest));
  const marked = hovered ?? (focused ? focusSlot : undefined);

  const canvas = useCanvas((surface) => {
    paintSlotGrid(surface, { layout, slots, currentSlot, marked, focused: focused && hovered === undefined });
    return false;
  });

  const slotOf = (event: PointerEvent<HTMLElement>): number | undefined => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const slot = slotAtPoint(layout, event.clientX - bounds.left, event.clientY - bounds.top);
    return slot !== undefined && slot <= currentSlot ? slot : undefined;
  };
  const open = (slot: number | undefined) => {
    if (slot !== undefined) navigate(slotPath(slot));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") open(focusSlot);
    const target = movedSlot({ layout, slot: focusSlot, key: event.key, newest });
    if (target === undefined) return;
    event.preventDefault();
    setHovered(undefined);
    setChosen(target);
  };

  const carded = marked !== undefined && marked <= currentSlot ? marked : undefined;
  return (
    <div className="slot-grid" ref={box}>
      <div
        className="slot-grid-face"
        role="slider"
        tabIndex={0}
        aria-label="Slots of the last epochs; arrow keys move, Enter opens the slot"
        aria-valuemin={first}
        aria-valuemax={newest}
        aria-valuenow={focusSlot}
        aria-valuetext={spoken(focusSlot, slots.get(focusSlot))}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => event.pointerType === "mouse" && setHovered(slotOf(event))}
        onPointerLeave={() => setHovered(undefined)}
        onPointerUp={(event) => open(slotOf(event))}
      >
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
