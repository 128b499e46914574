import { autoDateHistogramKind } from "./buckets/auto-date-histogram.ts";
import { compositeKind } from "./buckets/composite.ts";
import { dateHistogramKind } from "./buckets/date-histogram.ts";
import { filterKind, filtersKind, globalKind, missingKind } from "./buckets/filters.ts";
import { histogramKind } from "./buckets/histogram.ts";
import { multiTermsKind } from "./buckets/multi-terms.ts";
import { dateRangeKind, rangeKind } from "./buckets/ranges.ts";
import { termsKind } from "./buckets/terms.ts";
import { topHitsKind } from "./documents/top-hits.ts";
import { topMetricsKind } from "./documents/top-metrics.ts";
import type { Kind } from "./kind.ts";
import { boxplotKind, percentileRanksKind, percentilesKind } from "./metrics/percentiles.ts";
import {
  avgKind,
  cardinalityKind,
  maxKind,
  medianAbsoluteDeviationKind,
  minKind,
  sumKind,
  valueCountKind,
} from "./metrics/single-value.ts";
import { extendedStatsKind, statsKind } from "./metrics/stats.ts";
import { weightedAvgKind } from "./metrics/weighted-avg.ts";
import { bucketScriptKind, bucketSelectorKind } from "./pipelines/bucket-scripts.ts";
import { bucketSortKind } from "./pipelines/bucket-sort.ts";
import { cumulativeSumKind, derivativeKind, movingFnKind } from "./pipelines/series-pipelines.ts";
import {
  avgBucketKind,
  extendedStatsBucketKind,
  maxBucketKind,
  minBucketKind,
  percentilesBucketKind,
  statsBucketKind,
  sumBucketKind,
} from "./pipelines/siblings.ts";

/** Every aggregation that the embedded store answers; any other is refused by its name. */
export const kinds: Readonly<Record<string, Kind>> = {
  terms: termsKind,
  multi_terms: multiTermsKind,
  date_histogram: dateHistogramKind,
  auto_date_histogram: autoDateHistogramKind,
  histogram: histogramKind,
  range: rangeKind,
  date_range: dateRangeKind,
  filter: filterKind,
  filters: filtersKind,
  missing: missingKind,
  global: globalKind,
  composite: compositeKind,
  min: minKind,
  max: maxKind,
  avg: avgKind,
  sum: sumKind,
  stats: statsKind,
  extended_stats: extendedStatsKind,
  value_count: valueCountKind,
  cardinality: cardinalityKind,
  percentiles: percentilesKind,
  percentile_ranks: percentileRanksKind,
  median_absolute_deviation: medianAbsoluteDeviationKind,
  boxplot: boxplotKind,
  weighted_avg: weightedAvgKind,
  top_hits: topHitsKind,
  top_metrics: topMetricsKind,
  avg_bucket: avgBucketKind,
  max_bucket: maxBucketKind,
  min_bucket: minBucketKind,
  sum_bucket: sumBucketKind,
  stats_bucket: statsBucketKind,
  extended_stats_bucket: extendedStatsBucketKind,
  percentiles_bucket: percentilesBucketKind,
  derivative: derivativeKind,
  cumulative_sum: cumulativeSumKind,
  moving_fn: movingFnKind,
  bucket_script: bucketScriptKind,
  bucket_selector: bucketSelectorKind,
  bucket_sort: bucketSortKind,
};
