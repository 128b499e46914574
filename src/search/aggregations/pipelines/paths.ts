import { invalidAtReduce } from "../../search-fault.ts";
import { splitProperty } from "../bucket-path.ts";
import type { AggResult, Bucket, Results } from "../result.ts";

export type GapPolicy = "skip" | "insert_zeros" | "keep_values";

/** A number of a bucket by its path, such as `_count`, `_key`, `cpu`, `stats.max`, `errors>rate`; null where there is none. */
export function numberAt(bucket: Bucket, path: string): number | null {
  if (path === "_count") return bucket.docCount;
  if (path === "_key")
    return typeof bucket.key === "number" || typeof bucket.key === "bigint" ? Number(bucket.key) : null;
  return numberIn(bucket.inner, path.split(">"), path);
}

/**
 * The number that a pipeline works with: NaN for a gap that its policy skips, undefined where the bucket has no such
 * result at all (the first one of a derivative).
 */
export function valueAt(bucket: Bucket, path: string, gaps: GapPolicy): number | undefined {
  if (path === "_count") return bucket.docCount;
  const [first = ""] = path.split(">");
  if (path !== "_key" && !bucket.inner.has(first) && !bucket.inner.has(splitProperty(first).name)) return undefined;
  const value = numberAt(bucket, path) ?? Number.NaN;
  if (Number.isFinite(value) && (bucket.docCount > 0 || gaps === "keep_values")) return value;
  return gaps === "insert_zeros" ? 0 : Number.NaN;
}

function numberIn(results: Results, steps: readonly string[], path: string): number | null {
  const [step = "", ...rest] = steps.map((part) => part.trim());
  const { name, property } = results.has(step) ? { name: step, property: undefined } : splitProperty(step);
  const result = results.get(name);
  if (result === undefined) throw noSuchPath(path);
  if (rest.length > 0) {
    const inner = innerOf(result, property);
    if (inner === undefined) throw noSuchPath(path);
    if (rest.length === 1 && rest[0] === "_count")
      return "docCount" in inner ? inner.docCount : (result.number?.("_count") ?? null);
    return numberIn("docCount" in inner ? inner.inner : inner, rest, path);
  }
  if (property === "_bucket_count" && result.buckets !== undefined) return result.buckets.length;
  const number = result.number?.(property);
  if (number === undefined) throw noSuchPath(path);
  return number;
}

/** The inner results of the one bucket, or of the bucket named by `name['key']`. */
function innerOf(result: AggResult, property: string | undefined): Results | Bucket | undefined {
  if (result.inner !== undefined) return result.inner;
  const key = property === undefined ? undefined : /^'(.*)'$/s.exec(property)?.[1];
  return result.buckets?.find((bucket) => key !== undefined && (bucket.name ?? keyText(bucket)) === key);
}

/** The buckets that a sibling pipeline looks at, each with its number. */
export function numbersAlong(results: Results, path: string, gaps: GapPolicy): { key: string; value: number }[] {
  let level = results;
  const steps = path.split(">").map((step) => step.trim());
  for (const [i, step] of steps.entries()) {
    const result = level.get(step) ?? level.get(splitProperty(step).name);
    if (result === undefined) throw noSuchPath(path);
    if (result.buckets !== undefined) {
      // The last step may hold the number's name as well: `series._count`.
      const { property } = level.has(step) ? { property: undefined } : splitProperty(step);
      const rest = [...(property === undefined ? [] : [property]), ...steps.slice(i + 1)].join(">");
      if (rest === "") throw noSuchPath(path);
      return result.buckets.flatMap((bucket) => {
        const value = valueAt(bucket, rest, gaps);
        return value === undefined || Number.isNaN(value) ? [] : [{ key: keyText(bucket), value }];
      });
    }
    if (result.inner === undefined) throw noSuchPath(path);
    level = result.inner;
  }
  throw noSuchPath(path);
}

/** A bucket's key as a text. */
function keyText({ body, name, key }: Bucket): string {
  const { key_as_string: words, key: written } = body;
  if (typeof words === "string") return words;
  if (typeof written === "number") return Number.isInteger(written) && name !== undefined ? name : String(written);
  if (typeof written === "string") return written;
  return name ?? (typeof key === "object" ? key.join("|") : String(key));
}

function noSuchPath(path: string): Error {
  return invalidAtReduce(`path not supported: [${path}]`);
}
