import { useEffect } from "react";
import { navigate } from "../lib/router.ts";
import { Icon } from "./icons.tsx";
import { Link } from "./link.tsx";

/** A button to the page before or after this one; it stands still where there is none. */
export function Neighbour(props: { to: string | undefined; side: "left" | "right"; label: string }) {
  const { to, side, label } = props;
  if (to === undefined) {
    return (
      <button type="button" className="quiet-button icon-button" disabled aria-label={label}>
        <Icon name={side} />
      </button>
    );
  }
  return (
    <Link to={to} className="quiet-button icon-button" label={label}>
      <Icon name={side} />
    </Link>
  );
}

/** Left and right lead to the neighbours, except while something is typed or a part of the page is scrolled by keys. */
export function useArrowKeys(previous: string | undefined, next: string | undefined): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (
        event.target instanceof Element &&
        event.target.closest("input, select, textarea, .scroll-table, .reorg-tree")
      )
        return;
      const target = event.key === "ArrowLeft" ? previous : event.key === "ArrowRight" ? next : undefined;
      if (target !== undefined) navigate(target);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [previous, next]);
}
