import { type RefObject, useEffect, useRef } from "react";

/** Closes what is open on Escape, which gives the focus back to its button, and on a press outside of the element. */
export function useDismiss(open: boolean, close: () => void): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!open) return;
    const dismiss = (event: Event) => {
      const outside = event instanceof PointerEvent && !box.current?.contains(event.target as Node);
      const escaped = event instanceof KeyboardEvent && event.key === "Escape";
      if (!outside && !escaped) return;
      if (escaped && box.current?.contains(document.activeElement)) box.current.querySelector("button")?.focus();
      latest.current();
    };
    document.addEventListener("pointerdown", dismiss);
    document.addEventListener("keydown", dismiss);
    return () => {
      document.removeEventListener("pointerdown", dismiss);
      document.removeEventListener("keydown", dismiss);
    };
  }, [open]);
  return box;
}
