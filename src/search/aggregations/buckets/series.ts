import { MAX_BUCKETS } from "../../limits.ts";
import type { BucketRow, InnerResults } from "../aggregation.ts";
import { checkBucketCount } from "../bucket-limit.ts";
import type { Bucket } from "../result.ts";
import { type BucketOrder, sortBuckets } from "./order.ts";

/** Bounds of a series of buckets, in the unit of its keys. */
export type SeriesBounds = { min?: number; max?: number };

/** Makes the buckets of a histogram: those with documents, and where `minDocCount` is 0 the gaps between them. */
export function seriesBuckets(options: {
  rows: readonly { key: number; row: BucketRow }[];
  inner: InnerResults;
  minDocCount: number;
  order: readonly BucketOrder[];
  extended: SeriesBounds;
  /** Whether a bucket lies within the hard bounds. */
  within?(key: number): boolean;
  next(key: number): number;
  bucketOf(key: number): Pick<Bucket, "body" | "name">;
}): Bucket[] {
  const { inner, minDocCount, order, extended, within = () => true, next, bucketOf } = options;
  const found = new Map<number, BucketRow>();
  for (const { key, row } of options.rows) if (within(key)) found.set(key, row);
  const present = [...found.keys()].sort((a, b) => a - b);
  const keys = minDocCount > 0 ? present : filled({ present, extended, next });
  const buckets = keys.map((key): Bucket => {
    const row = found.get(key);
    return { ...bucketOf(key), key, docCount: row?.count ?? 0, inner: inner(row) };
  });
  return sortBuckets(
    buckets.filter(({ docCount }) => docCount >= minDocCount),
    order,
  );
}

function filled(options: { present: readonly number[]; extended: SeriesBounds; next(key: number): number }): number[] {
  const { present, extended, next } = options;
  const edges = [present[0], present.at(-1)];
  const first = least(edges[0], extended.min ?? (edges[0] === undefined ? extended.max : undefined));
  const last = most(edges[1], extended.max ?? (edges[1] === undefined ? extended.min : undefined));
  if (first === undefined || last === undefined) return [];
  const keys: number[] = [];
  const fillTo = (from: number, end: number, endToo: boolean): void => {
    for (let key = from; key < end || (endToo && key === end); key = next(key)) {
      keys.push(key);
      if (keys.length > MAX_BUCKETS) checkBucketCount(keys.length);
    }
  };
  // From one that is there to the next: where clocks change, steps alone do not lead from one to the other.
  let from = first;
  for (const key of present) {
    fillTo(from, key, false);
    keys.push(key);
    from = next(key);
  }
  fillTo(from, last, true);
  checkBucketCount(keys.length);
  return keys;
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function most(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
