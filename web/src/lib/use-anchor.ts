import { type RefObject, useEffect, useRef } from "react";

const INPUTS = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/**
 * A place that `#name` in the address leads to. It is kept in view while the page above it still fills, until the
 * reader does something.
 */
export function useAnchor<E extends HTMLElement>(name: string): RefObject<E | null> {
  const anchor = useRef<E>(null);
  useEffect(() => {
    const page = document.getElementById("main");
    if (window.location.hash !== `#${name}` || page === null) return;
    const observer = new ResizeObserver(() => anchor.current?.scrollIntoView());
    const leave = () => observer.disconnect();
    observer.observe(page);
    for (const input of INPUTS) window.addEventListener(input, leave, { once: true });
    return () => {
      leave();
      for (const input of INPUTS) window.removeEventListener(input, leave);
    };
  }, [name]);
  return anchor;
}
