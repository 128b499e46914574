import type { CalendarUnit } from "../../dates/calendar.ts";
import { invalid } from "../../search-fault.ts";
import { calendarUnit, durationMs } from "../buckets/rounding.ts";
import { type Kind, kindOptions, numberOption } from "../kind.ts";
import { withText } from "../metrics/metric.ts";
import { valueResult } from "../metrics/single-value.ts";
import type { Bucket } from "../result.ts";
import { movingFunctions } from "./moving-functions.ts";
import { valueAt } from "./paths.ts";
import { formatOption, gapPolicy, HISTOGRAMS, onePath } from "./pipeline-options.ts";
import { scriptOption } from "./script.ts";

/** Of the units of the calendar those that have a length; a month is taken as 30 days, as Elasticsearch's estimates are. */
const UNIT_MS: Readonly<Record<CalendarUnit, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_629_746_000,
  quarter: 7_889_238_000,
  year: 31_556_952_000,
};

export const derivativeKind: Kind = {
  family: "pipeline",
  words: "The difference of a number to the bucket before; with `unit` also per unit of time.",
  options: ["buckets_path", "gap_policy", "format", "unit"],
  parents: HISTOGRAMS,
  parse(body, context) {
    const options = kindOptions(context, body, derivativeKind);
    const [path, gaps, text] = [onePath(context, options), gapPolicy(options), formatOption(options)];
    const unit = options.text("unit");
    const unitMs = unit === undefined ? undefined : unitLength(unit);
    return {
      family: "pipeline",
      pipeline: {
        kind: "parent",
        paths: [path],
        apply(buckets, name) {
          let before: Bucket | undefined;
          return buckets.map((bucket) => {
            const [last, current] = [before, bucket];
            before = bucket;
            const [from, to] = [
              last === undefined ? undefined : valueAt(last, path, gaps),
              valueAt(current, path, gaps),
            ];
            if (last === undefined || from === undefined || to === undefined) return bucket;
            const difference = Number.isNaN(to - from) ? null : to - from;
            const result = valueResult("derivative", difference, text);
            if (unitMs === undefined) return withInner(bucket, name, result);
            const units = (Number(current.key) - Number(last.key)) / unitMs;
            const normalized = difference === null ? null : difference / units;
            return withInner(bucket, name, {
              ...result,
              body: { ...result.body, ...withText("normalized_value", normalized, text) },
              number: (property) => (property === "normalized_value" ? normalized : result.number?.(property)),
            });
          });
        },
      },
    };
  },
};

function unitLength(unit: string): number {
  try {
    return UNIT_MS[calendarUnit(unit)];
  } catch {
    return durationMs(unit, "derivative.unit");
  }
}

export const cumulativeSumKind: Kind = {
  family: "pipeline",
  words: "The sum of a number over this bucket and those before.",
  options: ["buckets_path", "format"],
  parents: HISTOGRAMS,
  parse(body, context) {
    const options = kindOptions(context, body, cumulativeSumKind);
    const [path, text] = [onePath(context, options), formatOption(options)];
    return {
      family: "pipeline",
      pipeline: {
        kind: "parent",
        paths: [path],
        apply(buckets, name) {
          let sum = 0;
          return buckets.map((bucket) => {
            sum += valueAt(bucket, path, "insert_zeros") || 0;
            return withInner(bucket, name, valueResult("simple_value", sum, text));
          });
        },
      },
    };
  },
};

export const movingFnKind: Kind = {
  family: "pipeline",
  words:
    "A `script` over the numbers of a `window` of buckets before this one: `MovingFunctions.max`, `min`, `sum`, `unweightedAvg`, `stdDev`, `linearWeightedAvg` and `ewma` of `values`.",
  options: ["buckets_path", "gap_policy", "format", "window", "shift", "script"],
  parents: HISTOGRAMS,
  differs: "Scripts are arithmetic alone; `MovingFunctions.holt` and `holtWinters` are refused.",
  parse(body, context) {
    const options = kindOptions(context, body, movingFnKind);
    const [path, gaps, text] = [onePath(context, options), gapPolicy(options), formatOption(options)];
    const window = numberOption(context, options, "window");
    if (!Number.isInteger(window) || window <= 0) {
      throw invalid("[window] must be a positive, non-zero integer.", "x_content_parse_exception");
    }
    const shift = options.has("shift") ? numberOption(context, options, "shift") : 0;
    const script = scriptOption(options, movingFunctions);
    return {
      family: "pipeline",
      pipeline: {
        kind: "parent",
        paths: [path],
        apply(buckets, name) {
          const numberOf = (bucket: Bucket) => valueAt(bucket, path, gaps) ?? Number.NaN;
          const values = buckets.map(numberOf).filter((value) => !Number.isNaN(value));
          const within = (place: number) => Math.max(0, Math.min(values.length, place));
          let place = 0;
          return buckets.map((bucket) => {
            if (Number.isNaN(numberOf(bucket))) return bucket;
            const seen = values.slice(within(place - window + shift), within(place + shift));
            place += 1;
            const value = script({}, seen);
            const number = typeof value === "number" && Number.isFinite(value) ? value : null;
            return withInner(bucket, name, valueResult("simple_value", number, text));
          });
        },
      },
    };
  },
};

export function withInner(bucket: Bucket, name: string, result: ReturnType<typeof valueResult>): Bucket {
  return { ...bucket, inner: new Map([...bucket.inner, [name, result]]) };
}
