import type { ReactNode } from "react";

/** A table that scrolls sideways within its panel where the screen is too narrow, also by keyboard. */
export function ScrollTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields, not a table
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard (axe: scrollable-region-focusable)
    <div className="scroll-table" role="group" aria-label={label} tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}
