import type { ReactNode } from "react";

/** A table that scrolls sideways within its panel where the screen is too narrow, also by keyboard. */
export function ScrollTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard (axe: scrollable-region-focusable)
    <section className="scroll-table" aria-label={label} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}
