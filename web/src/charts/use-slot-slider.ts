import { type HTMLAttributes, type KeyboardEvent, type PointerEvent, useState } from "react";
import { navigate, slotPath } from "../lib/router.ts";

/** The slot that a point of the face stands for, pixels from its upper left corner. */
type SlotAt = (point: { x: number; y: number }) => number | undefined;

/**
 * A painted face of slots as a slider: the pointer marks a slot, arrow keys choose one and each move is read out, a
 * click or Enter opens it. `face` belongs on the element that holds the canvas.
 */
export function useSlotSlider(options: {
  label: string;
  first: number;
  last: number;
  slotAt: SlotAt;
  /** Where a key moves from a slot; undefined for keys that move nothing. */
  moved(slot: number, key: string): number | undefined;
  spoken(slot: number): string;
}) {
  const { label, first, last, slotAt, moved, spoken } = options;
  const [hovered, setHovered] = useState<number>();
  const [chosen, setChosen] = useState<number>();
  const [focused, setFocused] = useState(false);
  const slot = Math.min(last, Math.max(first, chosen ?? last));

  const slotOf = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return slotAt({ x: event.clientX - left, y: event.clientY - top });
  };
  const open = (target: number | undefined) => {
    if (target !== undefined) navigate(slotPath(target));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") open(slot);
    const target = moved(slot, event.key);
    if (target === undefined) return;
    event.preventDefault();
    setHovered(undefined);
    setChosen(target);
  };

  const face = {
    className: "slot-grid-face",
    role: "slider",
    tabIndex: 0,
    "aria-label": label,
    "aria-valuemin": first,
    "aria-valuemax": last,
    "aria-valuenow": slot,
    "aria-valuetext": spoken(slot),
    onFocus: () => setFocused(true),
    onBlur: () => setFocused(false),
    onKeyDown,
    onPointerMove: (event) => event.pointerType === "mouse" && setHovered(slotOf(event)),
    onPointerLeave: () => setHovered(undefined),
    onPointerUp: (event) => open(slotOf(event)),
  } satisfies HTMLAttributes<HTMLDivElement>;

  return {
    face,
    /** The slot under the pointer, else the one that the keyboard chose. */
    marked: hovered ?? (focused ? slot : undefined),
    /** The keyboard has it, and not the pointer. */
    focused: focused && hovered === undefined,
  };
}
