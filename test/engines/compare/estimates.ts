import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";
import type { Asked } from "../generate/parts.ts";
import type { Side } from "../stores.ts";
import { ask } from "./ask.ts";
import { isNear } from "./difference.ts";

/**
 * An engine's t-digest is within some percent of the rank, and in small groups within one value of it: what stands
 * there, the embedded store says exactly.
 */
const RANK_ERROR = 1.5;
const CURVE = Array.from({ length: 201 }, (_, i) => i / 2);
const KINDS = ["percentiles", "percentile_ranks", "median_absolute_deviation"];

/** Whether an estimate lies where it may, by the exact distribution of the same values. */
export function createEstimates(embedded: Side, asked: Asked) {
  let detailed: Promise<Json> | undefined;
  return {
    async isNear(path: readonly string[], own: Json, other: Json): Promise<boolean> {
      if (sameNumbers(own, other)) return true;
      detailed ??= ask(embedded, withDistributions(asked)).then(({ body }) => body);
      const name = (path.at(-1) ?? "").replace(/^.*#/, "");
      const around = path.slice(0, -1).reduce<Json | undefined>((node, key) => childOf(node, key), await detailed);
      const curve = numbersOf(childOf(around, `${name}_curve`));
      const count = Number((childOf(around, `${name}_count`) as JsonObject | undefined)?.["value"] ?? 0);
      const error = Math.max(RANK_ERROR, 100 / Math.max(1, count));
      const estimates = numbersOf(other);
      if (name.startsWith("percentiles_")) {
        return percentsOf(own).every((percent, i) => isBetween(estimates[i], bracket(curve, percent, error)));
      }
      if (name.startsWith("percentile_ranks_")) {
        return percentsOf(own).every((value, i) => isBetween(estimates[i], ranksOf(curve, value, error)));
      }
      // Its error is that of the median and that of the distances from it.
      return isBetween(estimates[0], deviations(curve, 2 * error));
    },
  };
}

/** The request with the distribution and the number of its values beside every estimated aggregation. */
function withDistributions({ body }: Asked): Asked {
  const grown = (aggs: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(aggs).flatMap(([name, value]) => {
        const one = value as JsonObject;
        const inner = one["aggs"] === undefined ? one : { ...one, aggs: grown(one["aggs"] as JsonObject) };
        const kind = KINDS.find((each) => one[each] !== undefined);
        if (kind === undefined) return [[name, inner]];
        const { field } = one[kind] as { field: string };
        return [
          [name, inner],
          [`${name}_curve`, { percentiles: { field, percents: CURVE } }],
          [`${name}_count`, { value_count: { field } }],
        ];
      }),
    );
  return { body: { ...body, aggs: grown(body["aggs"] as JsonObject) }, typedKeys: false };
}

function childOf(node: Json | undefined, key: string): Json | undefined {
  const plain = key.replace(/^[a-z_]+#/, "");
  return typeof node === "object" && node !== null ? (node as JsonObject)[plain] : undefined;
}

/** The numbers of percentiles, keyed or listed, or the one value. */
function numbersOf(result: Json | undefined): number[] {
  const { values, value } = (result ?? {}) as { values?: Json; value?: Json };
  if (values === undefined) return [value === null ? Number.NaN : Number(value)];
  const listed = Array.isArray(values)
    ? values.map((each: { value: Json }) => each.value)
    : Object.values(values as JsonObject);
  return listed.map((each) => (each === null ? Number.NaN : Number(each)));
}

/** What the percentiles, or ranks, are of. */
function percentsOf(result: Json): number[] {
  const { values } = result as { values: Json };
  return Array.isArray(values)
    ? values.map((each: { key: number }) => each.key)
    : Object.keys(values as JsonObject).map(Number);
}

function sameNumbers(own: Json, other: Json): boolean {
  const [left, right] = [numbersOf(own), numbersOf(other)];
  return (
    left.length === right.length &&
    left.every((value, i) => Object.is(value, right[i]) || isNear(value, right[i] ?? Number.NaN))
  );
}

function isBetween(value: number | undefined, [least, most]: readonly [number, number]): boolean {
  if (value === undefined) return false;
  const slack = 1e-6 * Math.max(Math.abs(least), Math.abs(most));
  return value >= least - slack && value <= most + slack;
}

function at(curve: readonly number[], percent: number): number {
  return curve[Math.max(0, Math.min(CURVE.length - 1, percent * 2))] ?? Number.NaN;
}

function bracket(curve: readonly number[], percent: number, error: number): readonly [number, number] {
  return [at(curve, Math.floor((percent - error) * 2) / 2), at(curve, Math.ceil((percent + error) * 2) / 2)];
}

/** The share of values below, and of values up to, a value. */
function ranksOf(curve: readonly number[], value: number, error: number): readonly [number, number] {
  const below = curve.filter((each) => each < value).length;
  const upTo = curve.filter((each) => each <= value).length;
  return [Math.max(0, below / 2 - error - 0.5), Math.min(100, upTo / 2 + error + 0.5)];
}

/** Medians of the distances from each median that may be. */
function deviations(curve: readonly number[], error: number): readonly [number, number] {
  const all = bracket(curve, 50, error).flatMap((middle) => {
    const distances = curve.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
    return bracket(distances, 50, error);
  });
  return [Math.min(...all), Math.max(...all)];
}
