import { type KeyboardEvent, memo, type PointerEvent, useMemo, useRef, useState } from "react";
import { BlockCard } from "../components/block-card.tsx";
import type { BlockRow } from "../lib/block-rows.ts";
import { formatShare } from "../lib/format.ts";
import { navigate, slotPath } from "../lib/router.ts";
import { LOOK_WORDS } from "../lib/slot-look.ts";
import { movedInStrip, stripLayout, stripRect, stripSlotAt } from "./block-strip-layout.ts";
import { paintBlockStrip } from "./block-strip-paint.ts";
import { useCanvas } from "./use-canvas.ts";
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
  const [hovered, setHovered] = useState<number>();
  const [chosen, setChosen] = useState<number>();
  const [focused, setFocused] = useState(false);
  const layout = stripLayout({ width, firstSlot: props.firstSlot, lastSlot: props.lastSlot });
  const { firstSlot, lastSlot } = layout;
  // The first row of a slot is that of its own block; one that the chain left may follow.
  const bySlot = useMemo(() => new Map(rows.toReversed().map((row) => [row.slot, row])), [rows]);
  const focus = Math.min(lastSlot, Math.max(firstSlot, chosen ?? lastSlot));
  const marked = hovered ?? (focused ? focus : undefined);

  const canvas = useCanvas((surface) => {
    paintBlockStrip(surface, { layout, rows: bySlot, currentSlot, marked, focused: focused && hovered === undefined });
    return false;
  });

  const slotOf = (event: PointerEvent<HTMLElement>) =>
    stripSlotAt(layout, event.clientX - event.currentTarget.getBoundingClientRect().left);
  const open = (slot: number | undefined) => {
    if (slot !== undefined) navigate(slotPath(slot));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") open(focus);
    const target = movedInStrip(layout, focus, event.key);
    if (target === undefined) return;
    event.preventDefault();
    setHovered(undefined);
    setChosen(target);
  };

  return (
    <div className="block-strip" ref={box}>
      <div
        className="slot-grid-face"
        role="slider"
        tabIndex={0}
        aria-label="Newest blocks; arrow keys move, Enter opens the slot"
        aria-valuemin={firstSlot}
        aria-valuemax={lastSlot}
        aria-valuenow={focus}
        aria-valuetext={spoken(focus, bySlot.get(focus))}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => event.pointerType === "mouse" && setHovered(slotOf(event))}
        onPointerLeave={() => setHovered(undefined)}
        onPointerUp={(event) => open(slotOf(event))}
      >
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
