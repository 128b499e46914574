import { lastKnown } from "../lib/vote-series.ts";
import type { Line } from "./series.ts";

/** What the newest places lack may still come; what more of them lack does not. */
const SILENT_PLACES = 3;

/** A line that ends before the axis does: since when, and why; without `since` it has no value at all. */
export type Silence = { label: string; since: number | undefined; because: string };

/** The lines that tell nothing any longer; those without a reason are not expected to tell of every place. */
export function silencesOf(xs: readonly number[], lines: readonly Line[]): Silence[] {
  const end = xs.at(-1) ?? 0;
  return lines.flatMap(({ label, values, because }) => {
    const since = lastKnown(xs, values);
    if (because === undefined || (since !== undefined && end - since <= SILENT_PLACES)) return [];
    return [{ label, since, because }];
  });
}
