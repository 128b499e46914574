import fc, { type Arbitrary } from "fast-check";
import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { options } from "./fields.ts";

const PATHS = ["total", "_count", "spread.avg", "spread.max", "spread[min]", "total.value"];
const GAPS = fc.constantFrom("skip", "insert_zeros");

/** Pipelines over `total`, `spread` and the counts of the buckets that they stand in. */
export function pipelinesWithin(): Arbitrary<JsonObject> {
  const path = fc.constantFrom(...PATHS);
  const gap_policy = GAPS;
  const one: Arbitrary<JsonObject> = fc.oneof(
    fc
      .tuple(path, options({ gap_policy }))
      .map(([buckets_path, rest]) => ({ derivative: { buckets_path, ...rest } }) as JsonObject),
    path.map((buckets_path) => ({ cumulative_sum: { buckets_path } })),
    movingFunctions(),
    bucketScripts(),
  );
  const selections: Arbitrary<JsonObject> = fc.oneof(
    fc
      .constantFrom("params.a > 100", "params.a >= params.b", "params.b != 0", "params.a > 0 && params.b < 60")
      .map((script) => ({
        bucket_selector: { buckets_path: { a: "total", b: "_count" }, script },
      })),
    fc
      .tuple(
        fc.constantFrom<Json[]>(
          [{ total: { order: "desc" } }, { _key: { order: "asc" } }],
          [{ _count: { order: "desc" } }, { _key: "asc" }],
          [{ _key: { order: "desc" } }],
        ),
        options({ size: fc.integer({ min: 1, max: 6 }), from: fc.integer({ min: 0, max: 4 }), gap_policy }),
      )
      .map(([sort, rest]) => ({ bucket_sort: { sort, ...rest } }) as JsonObject),
  );
  return fc.tuple(fc.array(one, { maxLength: 3 }), fc.option(selections)).map(([list, selection]) => ({
    ...Object.fromEntries(list.map((body, i) => [`p${i}`, body])),
    ...(selection === null ? {} : { chosen: selection }),
  }));
}

function movingFunctions(): Arbitrary<JsonObject> {
  const script = fc.constantFrom(
    "MovingFunctions.max(values)",
    "MovingFunctions.min(values)",
    "MovingFunctions.sum(values)",
    "MovingFunctions.unweightedAvg(values)",
    "MovingFunctions.linearWeightedAvg(values)",
    "MovingFunctions.stdDev(values, MovingFunctions.unweightedAvg(values))",
    "MovingFunctions.ewma(values, 0.3)",
  );
  return fc
    .tuple(
      fc.constantFrom(...PATHS),
      script,
      fc.integer({ min: 1, max: 6 }),
      options({ shift: fc.integer({ min: 0, max: 2 }), gap_policy: GAPS }),
    )
    .map(
      ([buckets_path, made, window, rest]) =>
        ({ moving_fn: { buckets_path, script: made, window, ...rest } }) as JsonObject,
    );
}

function bucketScripts(): Arbitrary<JsonObject> {
  const script = fc.constantFrom(
    "params.a + params.b",
    "params.a / params.b",
    "params.a * 2 - params.b % 3",
    "params.a > params.b ? params.a : params.b",
    "Math.sqrt(params.a) + Math.abs(params.b - 10)",
    "Math.max(params.a, Math.pow(params.b, 2))",
    "-params.a + Math.floor(params.b / 7.0)",
  );
  return fc
    .tuple(fc.constantFrom("total", "spread.avg"), script, options({ gap_policy: GAPS }))
    .map(
      ([a, made, rest]) =>
        ({ bucket_script: { buckets_path: { a, b: "_count" }, script: made, ...rest } }) as JsonObject,
    );
}

/** Pipelines beside `series`, over its buckets. */
export function siblings(): Arbitrary<JsonObject> {
  const path = fc.constantFrom(
    "series>total",
    "series>_count",
    "series._count",
    "series>spread.avg",
    "series>spread.max",
  );
  const kinds = ["avg_bucket", "max_bucket", "min_bucket", "sum_bucket", "stats_bucket", "extended_stats_bucket"];
  const plain = fc
    .tuple(fc.constantFrom(...kinds), path, options({ gap_policy: GAPS }))
    .map(([kind, buckets_path, rest]) => ({ [kind]: { buckets_path, ...rest } }) as JsonObject);
  const percentiles = fc
    .tuple(
      path,
      options({ gap_policy: GAPS, percents: fc.constantFrom([50], [1, 25, 99], [0, 100]), keyed: fc.boolean() }),
    )
    .map(([buckets_path, rest]) => ({ percentiles_bucket: { buckets_path, ...rest } }) as JsonObject);
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: percentiles }), { maxLength: 3 })
    .map((list) => Object.fromEntries(list.map((body, i) => [`b${i}`, body])));
}
