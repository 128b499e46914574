import type { ExpressionFunction, ExpressionFunctions, ExpressionValue } from "./expression.ts";

function ofValues(compute: (values: readonly number[]) => number): ExpressionFunction {
  return { arity: 1, call: (values) => compute(asValues(values)) };
}

function asValues(value: ExpressionValue | undefined): readonly number[] {
  return typeof value === "object" && value !== null ? value : [];
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0) / values.length;
}

/** Elasticsearch's `MovingFunctions`, over the numbers of a window; of no number most are NaN. */
export const movingFunctions: ExpressionFunctions = {
  "MovingFunctions.max": ofValues((values) =>
    values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b)),
  ),
  "MovingFunctions.min": ofValues((values) =>
    values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b)),
  ),
  "MovingFunctions.sum": ofValues((values) => values.reduce((a, b) => a + b, 0)),
  "MovingFunctions.unweightedAvg": ofValues(mean),
  "MovingFunctions.stdDev": {
    arity: 2,
    call(values, average) {
      const window = asValues(values);
      if (window.length === 0) return Number.NaN;
      const squares = window.reduce((sum, value) => sum + (value - Number(average)) ** 2, 0);
      return Math.sqrt(squares / window.length);
    },
  },
  /** The newest value weighs most: 1, 2, 3… */
  "MovingFunctions.linearWeightedAvg": ofValues((values) => {
    if (values.length === 0) return Number.NaN;
    const weighted = values.reduce((sum, value, i) => sum + value * (i + 1), 0);
    // Elasticsearch's weights begin with one that no value has.
    return weighted / (1 + (values.length * (values.length + 1)) / 2);
  }),
  "MovingFunctions.ewma": {
    arity: 2,
    call(values, alpha) {
      const [first = Number.NaN, ...rest] = asValues(values);
      return rest.reduce((average, value) => value * Number(alpha) + average * (1 - Number(alpha)), first);
    },
  },
};
