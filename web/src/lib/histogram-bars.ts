import { valueAt } from "../../../src/panels/value-at.ts";
import type { SearchResponse } from "../../../src/search/request.ts";
import type { TimeBar } from "../charts/time-histogram.tsx";

/** Buckets that stand alone have no length of their own. */
const LONELY_MS = 60_000;

/** The bars of the aggregation `over_time`; undefined where the answer has none. */
export function histogramBars(answer: SearchResponse): { bars: TimeBar[]; stepMs: number } | undefined {
  const buckets = valueAt(answer, "aggregations.over_time.buckets");
  if (!Array.isArray(buckets)) return undefined;
  const bars = buckets.map((bucket: { key: number; doc_count: number }) => ({
    fromMs: bucket.key,
    count: bucket.doc_count,
  }));
  const [first, second] = bars;
  return { bars, stepMs: first === undefined || second === undefined ? LONELY_MS : second.fromMs - first.fromMs };
}
