import { Fault } from "../../lib/fault.ts";
import type { ResolvedTime } from "../../panels/round-spans.ts";

/** What one request may cost; without a bound only the store's own hold. */
export type QueryLimits = { spanMs?: number; buckets?: number; queryMs?: number };

/** Throws `time_range_invalid` for a range that is longer than is shown. */
export function checkSpan({ fromMs, toMs }: ResolvedTime, { spanMs }: QueryLimits): void {
  if (spanMs === undefined || toMs - fromMs <= spanMs) return;
  const days = Number((spanMs / 86_400_000).toFixed(2));
  throw new Fault("time_range_invalid", `The time range is longer than the ${days} days that are shown here.`);
}

/** Throws `answer_too_large` for an answer with more buckets than are sent. */
export function checkBuckets(answer: unknown, { buckets }: QueryLimits): void {
  if (buckets === undefined || countBuckets(answer) <= buckets) return;
  throw new Fault("answer_too_large", `The answer has more than ${buckets} buckets: choose less time.`);
}

function countBuckets(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const isBucket = "doc_count" in value && !Array.isArray(value) ? 1 : 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + countBuckets(inner), isBucket);
}

/** Ends work that takes longer than is given it: rejects with `search_timeout`. */
export async function withinTime<T>(
  asked: { signal: AbortSignal; limitMs: number | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, limitMs } = asked;
  if (limitMs === undefined) return work(signal);
  const limit = AbortSignal.timeout(limitMs);
  try {
    return await work(AbortSignal.any([signal, limit]));
  } catch (error) {
    if (signal.aborted || !limit.aborted) throw error;
    const sentence = `The search took longer than ${limitMs} ms and was stopped.`;
    throw new Fault("search_timeout", sentence, { retry: "retryable", cause: error });
  }
}
