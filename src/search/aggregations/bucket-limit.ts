import { MAX_BUCKETS } from "../limits.ts";
import { invalid } from "../search-fault.ts";

/** Refuses an answer that would not fit, as Elasticsearch does. */
export function checkBucketCount(count: number): void {
  if (count <= MAX_BUCKETS) return;
  throw invalid(
    `Trying to create too many buckets. Must be less than or equal to: [${MAX_BUCKETS}] but this number of buckets was exceeded. This limit can be set by changing the [search.max_buckets] cluster level setting.`,
    "too_many_buckets_exception",
  );
}
