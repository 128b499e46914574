import type { Json } from "../../../events/document.ts";
import type { SqlResult } from "../../hits/sql-result.ts";
import { invalid } from "../../search-fault.ts";
import type { PlannedMetric } from "../aggregation.ts";
import { type Kind, kindOptions, numberOption } from "../kind.ts";
import type { NumberText } from "../number-format.ts";
import type { AggResult } from "../result.ts";
import { aggregates, type NumberField, numberField, numberOf, withText } from "./metric.ts";

/** Count, extremes and sums of some numbers; of none the extremes are null. */
export type Sums = { count: number; min: number | null; max: number | null; sum: number; sumOfSquares: number };

export const statsKind: Kind = {
  family: "metric",
  words: "Count, min, max, mean and sum of the values.",
  options: ["field", "missing", "format"],
  parse(body, context) {
    const find = numberField(context, kindOptions(context, body, statsKind));
    return { family: "metric", plan: (plan) => sumsMetric(find(plan), statsResult) };
  },
};

export const extendedStatsKind: Kind = {
  family: "metric",
  words: "The same with sum of squares, variances, standard deviations and bounds of `sigma` (2) of them.",
  options: ["field", "missing", "format", "sigma"],
  parse(body, context) {
    const options = kindOptions(context, body, extendedStatsKind);
    const find = numberField(context, options);
    const sigma = options.has("sigma") ? numberOption(context, options, "sigma") : 2;
    if (sigma < 0) {
      throw invalid("[extended_stats] failed to parse field [sigma]: it is negative", "x_content_parse_exception");
    }
    const shape = (sums: Sums, text: NumberText) => extendedStatsResult(sums, sigma, text);
    return { family: "metric", plan: (plan) => sumsMetric(find(plan), shape) };
  },
};

function sumsMetric({ column, text }: NumberField, shape: (sums: Sums, text: NumberText) => AggResult): PlannedMetric {
  const sums = (values: readonly SqlResult[] | undefined): Sums => ({
    count: numberOf(values?.[0]) ?? 0,
    min: numberOf(values?.[1]),
    max: numberOf(values?.[2]),
    sum: numberOf(values?.[3]) ?? 0,
    sumOfSquares: numberOf(values?.[4]) ?? 0,
  });
  return {
    sql: (where) => [
      aggregates.count(column, where),
      aggregates.min(column, where),
      aggregates.max(column, where),
      aggregates.sum(column, where),
      aggregates.sumOfSquares(column, where),
    ],
    shape: (values) => shape(sums(values), text),
    orderSql(property, where) {
      const [count, min, max, sum, squares] = this.sql(where) as [string, string, string, string, string];
      const n = `nullif(${count}, 0)`;
      const variance = `greatest((${squares} - ${sum} * ${sum} / ${n}) / ${n}, 0)`;
      const known: Record<string, string> = {
        count,
        min: `coalesce(${min}, 'infinity'::DOUBLE)`,
        max: `coalesce(${max}, '-infinity'::DOUBLE)`,
        sum: `coalesce(${sum}, 0)`,
        avg: `${sum} / ${n}`,
        sum_of_squares: `coalesce(${squares}, 0)`,
        variance,
        variance_population: variance,
        std_deviation: `sqrt(${variance})`,
        std_deviation_population: `sqrt(${variance})`,
      };
      return property === undefined || !Object.hasOwn(known, property) ? undefined : known[property];
    },
  };
}

type Figures = { [name: string]: number | null };

export function statsResult(sums: Sums, text: NumberText, type = "stats"): AggResult {
  const { count, min, max, sum } = sums;
  const figures: Figures = { count, min, max, avg: count === 0 ? null : sum / count, sum };
  const texts = count === 0 ? {} : textsOf(figures, ["min", "max", "avg", "sum"], text);
  return {
    type,
    body: { ...figures, ...texts },
    number: (property) => (property === undefined ? undefined : figures[property]),
  };
}

export function extendedStatsResult(sums: Sums, sigma: number, text: NumberText, type = "extended_stats"): AggResult {
  const { count, min, max, sum, sumOfSquares } = sums;
  const mean = count === 0 ? null : sum / count;
  // As Elasticsearch computes them, rounding errors and all; never negative.
  const deviations = Math.max(0, sumOfSquares - (sum * sum) / count);
  const population = count === 0 ? null : deviations / count;
  // Of a single number it is NaN, which is a text in JSON.
  const sampling = count === 0 ? null : deviations / (count - 1);
  const root = (variance: number | null) => (variance === null ? null : Math.sqrt(variance));
  const bound = (variance: number | null, sign: number) => {
    const deviation = root(variance);
    return mean === null || deviation === null ? null : mean + sign * sigma * deviation;
  };
  const figures: Figures = {
    count,
    min,
    max,
    avg: mean,
    sum,
    sum_of_squares: count === 0 ? null : sumOfSquares,
    variance: population,
    variance_population: population,
    variance_sampling: sampling,
    std_deviation: root(population),
    std_deviation_population: root(population),
    std_deviation_sampling: root(sampling),
  };
  const bounds: Figures = {
    upper: bound(population, 1),
    lower: bound(population, -1),
    upper_population: bound(population, 1),
    lower_population: bound(population, -1),
    upper_sampling: bound(sampling, 1),
    lower_sampling: bound(sampling, -1),
  };
  const withTexts = Object.keys(figures).filter((name) => name !== "count");
  const body: { [part: string]: Json } = {
    ...inJson(figures),
    std_deviation_bounds: inJson(bounds),
    ...(count === 0 ? {} : textsOf(figures, withTexts, text)),
    ...(count === 0 || text === undefined
      ? {}
      : {
          std_deviation_bounds_as_string: Object.fromEntries(
            Object.entries(bounds).map(([k, v]) => [k, text(v ?? Number.NaN)]),
          ),
        }),
  };
  return {
    type,
    body,
    number(property) {
      if (property === undefined) return undefined;
      const edge = /^std_(upper|lower)(_population|_sampling)?$/.exec(property);
      return edge === null ? figures[property] : bounds[`${edge[1]}${edge[2] ?? ""}`];
    },
  };
}

function inJson(figures: Figures): { [part: string]: Json } {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number.isNaN(value) ? "NaN" : value]),
  );
}

function textsOf(figures: Figures, names: readonly string[], text: NumberText): { [part: string]: Json } {
  if (text === undefined) return {};
  return Object.fromEntries(
    names.flatMap((name) => {
      const { [`${name}_as_string`]: written } = withText(name, figures[name] ?? null, text);
      if (written === undefined || written === null) return [];
      // Of booleans the statistics' texts are booleans, those of single numbers are texts.
      const isFlag = written === "true" || written === "false";
      return [[`${name}_as_string`, isFlag ? written === "true" : written]];
    }),
  );
}
