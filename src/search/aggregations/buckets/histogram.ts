import { isObject } from "../../json-shape.ts";
import { type Options, readOptions } from "../../queries/clause.ts";
import { invalid, invalidAtShards } from "../../search-fault.ts";
import {
  type Kind,
  type KindContext,
  kindOptions,
  missingOption,
  numberOption,
  requiredField,
  wrongOption,
} from "../kind.ts";
import { javaDouble } from "../metrics/percentiles.ts";
import { numberText } from "../number-format.ts";
import { withKey } from "./key-relation.ts";
import { type BucketOrder, parseOrder } from "./order.ts";
import { checkNumeric } from "./ranges.ts";
import { type SeriesBounds, seriesBuckets } from "./series.ts";

export const KEY_FIRST: readonly BucketOrder[] = [{ by: "_key", direction: "asc" }];

export const histogramKind: Kind = {
  family: "bucket",
  words: "A bucket for each `interval` of numbers.",
  options: [
    "field",
    "interval",
    "offset",
    "min_doc_count",
    "order",
    "extended_bounds",
    "hard_bounds",
    "keyed",
    "missing",
    "format",
  ],
  parse(body, context) {
    const options = kindOptions(context, body, histogramKind);
    const field = requiredField(context, options);
    if (!options.has("interval")) throw invalidAtShards("interval must be positive, got: 0.0");
    const interval = numberOption(context, options, "interval");
    if (interval <= 0) throw wrongOption(context, "interval", "[interval] must be >0");
    const offset = options.has("offset") ? numberOption(context, options, "offset") : 0;
    const order = parseOrder(options.raw("order"), KEY_FIRST);
    const minDocCount = options.count("min_doc_count") ?? 0;
    const [extended, hard] = [
      numberBounds(context, options, "extended_bounds"),
      numberBounds(context, options, "hard_bounds"),
    ];
    checkBounds(extended, hard);
    const keyed = options.flag("keyed");
    const missing = missingOption(options);
    const format = options.text("format");
    const place = (value: number) => Math.floor((value - offset) / interval);
    const keyOf = (at: number) => at * interval + offset;
    return {
      family: "bucket",
      plan(plan) {
        checkNumeric({ field, type: "histogram", plan });
        const column = plan.columns.values({ field, form: "number", clause: "histogram", ...missing });
        const name = plan.keyName();
        const { valueClass } = plan.columns.values({ field, form: "key", clause: "histogram" });
        const text = numberText(valueClass, format);
        return {
          keys: [{ name, sqlType: "DOUBLE" }],
          fillsGaps: true,
          relation: (level) =>
            withKey({
              level,
              column,
              name,
              keySql: (value) => `floor((${value} - ${offset}::DOUBLE) / ${interval}::DOUBLE)`,
            }),
          shape(rows, inner) {
            const buckets = seriesBuckets({
              rows: rows.map((row) => ({ key: Number(row.keys[0]), row })),
              inner,
              minDocCount,
              order,
              extended: mapBounds(extended, place),
              // Of the numeric histogram both bounds are within, and the offset is not looked at.
              within: (at) => at * interval >= (hard.min ?? -Infinity) && at * interval <= (hard.max ?? Infinity),
              next: (at) => at + 1,
              bucketOf(at) {
                const key = keyOf(at);
                const words = text?.(key);
                return {
                  body: { key, ...(words === undefined ? {} : { key_as_string: words }) },
                  name: words ?? javaDouble(key),
                };
              },
            });
            return { type: "histogram", body: {}, buckets, keyed };
          },
        };
      },
    };
  },
};

function numberBounds(context: KindContext, options: Options, name: string): SeriesBounds {
  const body = options.raw(name);
  if (body === undefined || body === null) return {};
  if (!isObject(body)) throw invalid(`[${context.type}] [${name}] must be an object with [min] and [max]`);
  const part = readOptions(context.type, body, { options: ["min", "max"] });
  return {
    ...(part.has("min") ? { min: numberOption(context, part, "min") } : {}),
    ...(part.has("max") ? { max: numberOption(context, part, "max") } : {}),
  };
}

export function mapBounds({ min, max }: SeriesBounds, change: (value: number) => number): SeriesBounds {
  return { ...(min === undefined ? {} : { min: change(min) }), ...(max === undefined ? {} : { max: change(max) }) };
}

export function checkBounds(extended: SeriesBounds, hard: SeriesBounds): void {
  for (const { min, max } of [extended, hard]) {
    if (min !== undefined && max !== undefined && min > max) {
      throw invalid(`[min] bound [${min}] must not be greater than [max] bound [${max}]`, "illegal_argument_exception");
    }
  }
  const outside =
    (hard.min !== undefined && extended.min !== undefined && hard.min > extended.min) ||
    (hard.max !== undefined && extended.max !== undefined && hard.max < extended.max);
  if (outside) throw invalid("Extended bounds have to be inside hard bounds", "illegal_argument_exception");
}
