import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from "react";
import type { CommitteeSlotRecord } from "../../../src/events/vote-records.ts";
import { CommitteeCard } from "../components/committee-card.tsx";
import { committeeWords } from "../lib/committee-words.ts";
import { navigate, slotPath } from "../lib/router.ts";
import { committeeAt, committeeLayout, committeeRect, movedCell } from "./committee-grid-layout.ts";
import { paintCommittees } from "./committee-grid-paint.ts";
import { useCanvas } from "./use-canvas.ts";
import { useWidth } from "./use-width.ts";

type Cell = { slot: number; index: number };

/**
 * Votes, slot by committee. For the keyboard and for screen readers it is a slider over the cells: arrows
 * move, each move is read out, Enter opens the slot.
 */
export const CommitteeGrid = memo(function CommitteeGrid(props: {
  firstSlot: number;
  slots: number;
  slotsPerEpoch: number;
  bySlot: ReadonlyMap<number, readonly CommitteeSlotRecord[]>;
}) {
  const { firstSlot, slots, slotsPerEpoch, bySlot } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [hovered, setHovered] = useState<Cell>();
  const [chosen, setChosen] = useState<Cell>();
  const [focused, setFocused] = useState(false);
  const committees = Math.max(1, ...[...bySlot.values()].map((records) => records.length));
  const layout = committeeLayout({ width, firstSlot, slots, committees });
  const inGrid = chosen !== undefined && chosen.slot >= firstSlot && chosen.slot < firstSlot + slots;
  const focus = inGrid && chosen.index < committees ? chosen : { slot: firstSlot, index: 0 };
  const marked = hovered ?? (focused ? focus : undefined);
  const recordOf = ({ slot, index }: Cell) => bySlot.get(slot)?.find((record) => record.index === index);

  const canvas = useCanvas((surface) => {
    paintCommittees(surface, { layout, slotsPerEpoch, bySlot, marked, focused: focused && hovered === undefined });
    return false;
  });

  const cellOf = (event: PointerEvent<HTMLElement>): Cell | undefined => {
    const bounds = event.currentTarget.getBoundingClientRect();
    return committeeAt(layout, event.clientX - bounds.left, event.clientY - bounds.top);
  };
  const open = (cell: Cell | undefined) => {
    if (cell !== undefined) navigate(slotPath(cell.slot));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") open(focus);
    const target = movedCell(layout, focus, event.key);
    if (target === undefined) return;
    event.preventDefault();
    setHovered(undefined);
    setChosen(target);
  };

  return (
    <div className="committee-grid" ref={box}>
      <div
        className="slot-grid-face"
        role="slider"
        tabIndex={0}
        aria-label="Votes by slot and committee; arrow keys move, Enter opens the slot"
        aria-valuemin={firstSlot}
        aria-valuemax={firstSlot + slots - 1}
        aria-valuenow={focus.slot}
        aria-valuetext={`slot ${focus.slot}, committee ${focus.index}: ${committeeWords(recordOf(focus))}`}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => event.pointerType === "mouse" && setHovered(cellOf(event))}
        onPointerLeave={() => setHovered(undefined)}
        onPointerUp={(event) => open(cellOf(event))}
      >
        <canvas ref={canvas} style={{ height: layout.height }} />
      </div>
      {marked !== undefined && width > 0 && (
        <CommitteeCard
          slot={marked.slot}
          index={marked.index}
          record={recordOf(marked)}
          anchor={committeeRect(layout, marked)}
          boxWidth={width}
        />
      )}
      <p className="axis-title">slot; a row is a committee</p>
    </div>
  );
});
