import { isObject } from "../../json-shape.ts";
import { invalid } from "../../search-fault.ts";
import { compareKeys } from "../buckets/order.ts";
import { type Kind, kindOptions } from "../kind.ts";
import type { Bucket } from "../result.ts";
import { valueAt } from "./paths.ts";
import { gapPolicy } from "./pipeline-options.ts";

type SortStep = { path: string; sign: 1 | -1 };

export const bucketSortKind: Kind = {
  family: "pipeline",
  words: "Sorts the buckets of its parent by numbers of theirs or by `_key`, and keeps `size` of them behind `from`.",
  options: ["sort", "from", "size", "gap_policy"],
  parse(body, context) {
    const options = kindOptions(context, body, bucketSortKind);
    const sort = (options.list("sort") ?? []).flatMap(readStep);
    const [from, size] = [options.count("from") ?? 0, options.count("size")];
    const gaps = gapPolicy(options);
    if (sort.length === 0 && size === undefined && from === 0) {
      throw invalid(
        `Validation Failed: 1: [${context.name}] is configured to perform nothing. Please set either of [sort, size, from] to use bucket_sort;`,
        "action_request_validation_exception",
      );
    }
    if (size === 0) throw invalid(`[size] must be a positive integer: [${context.name}]`, "illegal_argument_exception");
    return {
      family: "pipeline",
      pipeline: {
        kind: "parent",
        paths: sort.map(({ path }) => path).filter((path) => path !== "_key"),
        apply(buckets) {
          const sortedBy = (bucket: Bucket, { path }: SortStep) => {
            if (path === "_key") return bucket.key;
            const value = valueAt(bucket, path, gaps);
            return value === undefined || Number.isNaN(value) ? undefined : value;
          };
          const known =
            sort.length === 0
              ? buckets
              : buckets.filter((bucket) => sort.some((step) => sortedBy(bucket, step) !== undefined));
          const sorted = [...known].sort((a, b) => {
            for (const step of sort) {
              const [left, right] = [sortedBy(a, step), sortedBy(b, step)];
              const compared =
                left === undefined || right === undefined
                  ? Number(left === undefined) - Number(right === undefined)
                  : step.sign * compareKeys(left, right);
              if (compared !== 0) return compared;
            }
            return 0;
          });
          return sorted.slice(from, size === undefined ? undefined : from + size);
        },
      },
    };
  },
};

function readStep(value: unknown): SortStep[] {
  if (typeof value === "string") return [{ path: value, sign: 1 }];
  if (!isObject(value)) throw invalid("[bucket_sort] [sort] holds paths or objects");
  return Object.entries(value).map(([path, options]) => {
    const order = isObject(options) ? (options["order"] ?? "asc") : options;
    if (order !== "asc" && order !== "desc")
      throw invalid(`Unknown SortOrder [${String(order)}]`, "illegal_argument_exception");
    return { path, sign: order === "asc" ? 1 : -1 };
  });
}
