import { isNear } from "../../test/engines/compare/difference.ts";
import type { JsonObject } from "./documents/day.ts";

/** Estimates (t-digest, HyperLogLog) may be off by so much of the exact value. */
const ESTIMATE = 0.1;
/** Percentiles of a bucket's few values may be any neighbour: `test/engines` judges them by their ranks. */
const ofFewValues = (path: readonly string[]) => path.includes("values");
/**
 * What is each store's own: how long it took, its shards, the scores, the names that it gives to documents, sort values
 * of dates, the bound of an error that no count has, and the empty `meta` and the texts of numbers of OpenSearch's buckets.
 */
const OWN = [
  ...["doc_count_error_upper_bound", "meta", "sort", "value_as_string"],
  ...["took", "timed_out", "_shards", "_score", "max_score", "_id", "_index", "terminated_early"],
];

/** The first place where two answers to a search are not the same, as a sentence; undefined where there is none. */
export function differenceOf(left: unknown, right: unknown, path: readonly string[] = []): string | undefined {
  if (typeof left === "number" && typeof right === "number") {
    const isEstimate = path.some((name) => name.startsWith("about_"));
    const isNearEnough = isEstimate ? Math.abs(left - right) <= ESTIMATE * Math.abs(left) : ofFewValues(path);
    const isSame = isNearEnough || isNear(left, right);
    return isSame ? undefined : difference();
  }
  if (!isTree(left) || !isTree(right) || Array.isArray(left) !== Array.isArray(right)) {
    return left === right ? undefined : difference();
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (OWN.includes(key)) continue;
    const found = differenceOf(left[key], right[key], [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;

  function difference(): string {
    return `${path.join("/")}: ${JSON.stringify(left)?.slice(0, 80)} and ${JSON.stringify(right)?.slice(0, 80)}`;
  }
}

/** How many documents an answer tells, and how many buckets it has on all levels. */
export function shapeOf(answer: JsonObject): { hits: number; buckets: number } {
  const { hits, count } = answer as { hits?: { total?: { value: number } }; count?: number };
  return { hits: hits?.total?.value ?? count ?? 0, buckets: bucketsOf(answer["aggregations"]) };
}

function bucketsOf(node: unknown): number {
  if (!isTree(node)) return 0;
  const own = isTree(node["buckets"]) ? Object.keys(node["buckets"]).length : 0;
  return Object.values(node).reduce<number>((sum, value) => sum + bucketsOf(value), own);
}

function isTree(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}
