import { isObject } from "../../json-shape.ts";
import { invalid, unsupported } from "../../search-fault.ts";
import { numberAt } from "../pipelines/paths.ts";
import type { Bucket, BucketKey } from "../result.ts";

/** One step of an order of buckets: by count, by key, or by a number of an inner result. */
export type BucketOrder = { by: "_count" | "_key" | { path: string }; direction: "asc" | "desc" };

/** Reads `order`; where it does not say so, equal buckets are in the order of their keys. */
export function parseOrder(value: unknown, fallback: readonly BucketOrder[]): BucketOrder[] {
  if (value === undefined || value === null) return withKey(fallback);
  const steps = Array.isArray(value) ? (value as unknown[]) : [value];
  return withKey(
    steps.map((step) => {
      if (!isObject(step)) throw invalid("Unexpected token [VALUE] for [order]: an object is expected");
      const [entry, second] = Object.entries(step);
      if (entry === undefined || second !== undefined) {
        throw invalid("Must specify at least one field for [order]");
      }
      const [path, direction] = entry;
      if (direction !== "asc" && direction !== "desc") {
        throw invalid(`Unknown order direction [${String(direction)}]`);
      }
      if (path === "_term" || path === "_time") throw unsupported(`[order] by [${path}], use [_key]`);
      return { by: path === "_count" || path === "_key" ? path : { path }, direction };
    }),
  );
}

function withKey(order: readonly BucketOrder[]): BucketOrder[] {
  return order.some(({ by }) => by === "_key") ? [...order] : [...order, { by: "_key", direction: "asc" }];
}

/** SQL of an order; `pathSql` finds the numbers of inner results. */
export function orderBySql(options: {
  order: readonly BucketOrder[];
  keys: readonly string[];
  pathSql(path: string): string | undefined;
}): string {
  const { order, keys, pathSql } = options;
  return order
    .map(({ by, direction }) => {
      const suffix = direction.toUpperCase();
      if (by === "_count") return `count(*) ${suffix}`;
      if (by === "_key") return keys.map((key) => `${key} ${suffix}`).join(", ");
      const sql = pathSql(by.path);
      if (sql === undefined) {
        throw invalid(
          `Invalid aggregation order path [${by.path}]. The property it ends in is no number of the aggregation.`,
          "aggregation_execution_exception",
        );
      }
      return `${sql} ${suffix} NULLS LAST`;
    })
    .join(", ");
}

/** Sorts buckets that are there already. */
export function sortBuckets(buckets: Bucket[], order: readonly BucketOrder[]): Bucket[] {
  return buckets.sort((a, b) => {
    for (const { by, direction } of order) {
      const compared = compareBy(by, a, b, direction === "asc" ? 1 : -1);
      if (compared !== 0) return compared;
    }
    return 0;
  });
}

function compareBy(by: BucketOrder["by"], a: Bucket, b: Bucket, sign: number): number {
  if (by === "_count") return sign * (a.docCount - b.docCount);
  if (by === "_key") return sign * compareKeys(a.key, b.key);
  const [left, right] = [numberAt(a, by.path), numberAt(b, by.path)];
  // What has no number comes last, whatever the direction.
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return sign * (left - right);
}

export function compareKeys(a: BucketKey, b: BucketKey): number {
  if (typeof a === "object" && typeof b === "object") {
    for (const [i, part] of a.entries()) {
      const compared = compareParts(part, b[i] ?? null);
      if (compared !== 0) return compared;
    }
    return 0;
  }
  return compareParts(a as number, b as number);
}

function compareParts(a: number | bigint | string | null, b: number | bigint | string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}
