import type { SlotLook } from "../lib/slot-look.ts";
import type { Column } from "../lib/vote-series.ts";
import type { Colours } from "./colours.ts";
import type { Scale } from "./value-range.ts";

/** One line of a chart. Live figures are solid, those of blocks are outlined: a thin dashed line. */
export type Line = {
  label: string;
  values: Column;
  colour: keyof Colours;
  look: "solid" | "outlined" | "bars";
  /** Why it may have no values; without it not every place is expected to have one. */
  because?: string;
};

/** A place on the axis that has no value because of what became of its slot. */
export type Mark = { x: number; look: SlotLook };

/** What a chart shows. */
export type ChartSpec = {
  xs: readonly number[];
  lines: readonly Line[];
  scale: Scale;
  marks: readonly Mark[];
  tick(value: number): string;
};
