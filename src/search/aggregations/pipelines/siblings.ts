import type { Json } from "../../../events/document.ts";
import { invalid } from "../../search-fault.ts";
import { type Kind, kindOptions, numberOption } from "../kind.ts";
import { withText } from "../metrics/metric.ts";
import { javaDouble } from "../metrics/percentiles.ts";
import { valueResult } from "../metrics/single-value.ts";
import { extendedStatsResult, type Sums, statsResult } from "../metrics/stats.ts";
import type { NumberText } from "../number-format.ts";
import type { AggResult } from "../result.ts";
import { numbersAlong } from "./paths.ts";
import { formatOption, gapPolicy, onePath } from "./pipeline-options.ts";

type Numbers = readonly { key: string; value: number }[];

/** A pipeline over the numbers of the buckets of its neighbour. */
function sibling(words: string, shape: (numbers: Numbers, text: NumberText) => AggResult): Kind {
  const kind: Kind = {
    family: "pipeline",
    words,
    options: ["buckets_path", "gap_policy", "format"],
    parse(body, context) {
      const options = kindOptions(context, body, kind);
      const [path, gaps, text] = [onePath(context, options), gapPolicy(options), formatOption(options)];
      return {
        family: "pipeline",
        pipeline: {
          kind: "sibling",
          paths: [path],
          apply: (results) => shape(numbersAlong(results, path, gaps), text),
        },
      };
    },
  };
  return kind;
}

export const avgBucketKind = sibling("The mean of a number over the buckets of its neighbour.", (numbers, text) => {
  const sum = numbers.reduce((total, { value }) => total + value, 0);
  return valueResult("simple_value", numbers.length === 0 ? null : sum / numbers.length, text);
});

export const sumBucketKind = sibling("Their sum.", (numbers, text) =>
  valueResult(
    "simple_value",
    numbers.reduce((total, { value }) => total + value, 0),
    text,
  ),
);

export const maxBucketKind = sibling("The largest, and the keys of its buckets.", (numbers, text) =>
  extreme(numbers, Math.max, text),
);

export const minBucketKind = sibling("The smallest, and the keys of its buckets.", (numbers, text) =>
  extreme(numbers, Math.min, text),
);

function extreme(numbers: Numbers, pick: (...values: number[]) => number, text: NumberText): AggResult {
  const value = numbers.length === 0 ? null : numbers.map(({ value: one }) => one).reduce((a, b) => pick(a, b));
  const keys = numbers.filter(({ value: one }) => one === value).map(({ key }) => key);
  return { ...valueResult("bucket_metric_value", value, text), body: { ...withText("value", value, text), keys } };
}

export const statsBucketKind = sibling("Count, min, max, mean and sum of them.", (numbers, text) =>
  statsResult(sumsOf(numbers), text, "stats_bucket"),
);

export const extendedStatsBucketKind: Kind = {
  family: "pipeline",
  words: "The same with variances and deviations.",
  options: ["buckets_path", "gap_policy", "format", "sigma"],
  parse(body, context) {
    const options = kindOptions(context, body, extendedStatsBucketKind);
    const [path, gaps, text] = [onePath(context, options), gapPolicy(options), formatOption(options)];
    const sigma = options.has("sigma") ? numberOption(context, options, "sigma") : 2;
    return {
      family: "pipeline",
      pipeline: {
        kind: "sibling",
        paths: [path],
        apply: (results) =>
          extendedStatsResult(sumsOf(numbersAlong(results, path, gaps)), sigma, text, "extended_stats_bucket"),
      },
    };
  },
};

export const percentilesBucketKind: Kind = {
  family: "pipeline",
  words: "The nearest values to the given `percents` of them.",
  options: ["buckets_path", "gap_policy", "format", "percents", "keyed"],
  parse(body, context) {
    const options = kindOptions(context, body, percentilesBucketKind);
    const [path, gaps, text] = [onePath(context, options), gapPolicy(options), formatOption(options)];
    const percents = (options.list("percents") ?? [1, 5, 25, 50, 75, 95, 99]).map(Number);
    if (percents.some((percent) => !(percent >= 0 && percent <= 100))) {
      throw invalid(
        "Validation Failed: 1: percents must only contain non-null doubles from 0.0-100.0 inclusive;",
        "action_request_validation_exception",
      );
    }
    const keyed = !options.has("keyed") || options.flag("keyed");
    return {
      family: "pipeline",
      pipeline: {
        kind: "sibling",
        paths: [path],
        apply: (results) => percentilesResult({ numbers: numbersAlong(results, path, gaps), percents, keyed, text }),
      },
    };
  },
};

function percentilesResult(options: {
  numbers: Numbers;
  percents: readonly number[];
  keyed: boolean;
  text: NumberText;
}): AggResult {
  const { numbers, percents, keyed, text } = options;
  const sorted = numbers.map(({ value }) => value).sort((a, b) => a - b);
  const at = (percent: number) => sorted[Math.round((percent / 100) * (sorted.length - 1))] ?? null;
  const values: Json = keyed
    ? Object.assign({}, ...percents.map((percent) => withText(javaDouble(percent), at(percent), text)))
    : percents.map((percent) => ({ key: percent, ...withText("value", at(percent), text) }));
  return {
    type: "percentiles_bucket",
    body: { values },
    number: (property) => (percents.includes(Number(property)) ? at(Number(property)) : undefined),
  };
}

function sumsOf(numbers: Numbers): Sums {
  const values = numbers.map(({ value }) => value);
  const none = values.length === 0;
  return {
    count: values.length,
    min: none ? null : values.reduce((a, b) => Math.min(a, b)),
    max: none ? null : values.reduce((a, b) => Math.max(a, b)),
    sum: values.reduce((a, b) => a + b, 0),
    sumOfSquares: values.reduce((a, b) => a + b * b, 0),
  };
}
