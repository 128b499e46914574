import type { Json } from "../../../events/document.ts";
import { type DateFormat, DEFAULT_FORMAT, dateFormat } from "../../dates/date-format.ts";
import { readDateUs } from "../../dates/date-math.ts";
import { timeZone, UTC } from "../../dates/time-zone.ts";
import { isObject, isScalar } from "../../json-shape.ts";
import { type Options, readOptions } from "../../queries/clause.ts";
import { invalid, invalidAtShards } from "../../search-fault.ts";
import { onElements } from "../../sql-conditions.ts";
import type { BucketPlanContext, PlannedBuckets } from "../aggregation.ts";
import type { ValueColumn } from "../columns.ts";
import { type Kind, type KindContext, kindOptions, missingOption, requiredField } from "../kind.ts";
import { javaDouble } from "../metrics/percentiles.ts";
import { type NumberText, numberText } from "../number-format.ts";
import { withPlaces } from "./key-relation.ts";

type RangeSpec = { key?: string; from?: string | number; to?: string | number };
/** Bounds as numbers that values are compared with; `from` is within, `to` is not. */
type Range = { key: string | undefined; from: number | undefined; to: number | undefined };

export const rangeKind: Kind = {
  family: "bucket",
  words: "A bucket for each of the given `ranges` of numbers, `from` included and `to` not.",
  options: ["field", "ranges", "keyed", "missing", "format"],
  parse(body, context) {
    const options = kindOptions(context, body, rangeKind);
    const { field, specs, keyed, missing, format } = rangeOptions(context, options);
    const ranges = specs.map(({ key, from, to }) => ({ key, from: boundNumber(from), to: boundNumber(to) }));
    return {
      family: "bucket",
      plan(plan) {
        const column = plan.columns.values({ field, form: "number", clause: "range", ...missing });
        checkNumeric({ field, type: "range", plan });
        const text: NumberText = numberText(undefined, format);
        return rangeBuckets({
          type: "range",
          ranges,
          column,
          keyed,
          plan,
          textOf: text ?? javaDouble,
          withText: text !== undefined,
        });
      },
    };
  },
};

export const dateRangeKind: Kind = {
  family: "bucket",
  words: "The same for dates, with date math, `format` and `time_zone`.",
  options: ["field", "ranges", "keyed", "missing", "format", "time_zone"],
  parse(body, context) {
    const options = kindOptions(context, body, dateRangeKind);
    const { field, specs, keyed, missing, format } = rangeOptions(context, options);
    const dates: DateFormat = format === undefined ? DEFAULT_FORMAT : dateFormat(format);
    const zoneId = options.text("time_zone");
    const zone = zoneId === undefined ? UTC : timeZone(zoneId);
    return {
      family: "bucket",
      plan(plan) {
        const edge = (bound: string | number | undefined) =>
          bound === undefined
            ? undefined
            : Number(readDateUs(bound, { format: dates, zone, roundUp: false, nowMs: plan.nowMs })) / 1000;
        const column = plan.columns.values({ field, form: "number", clause: "date_range", ...missing });
        const ranges = specs.map(({ key, from, to }) => ({ key, from: edge(from), to: edge(to) }));
        const text = numberText("date", format, zone);
        return rangeBuckets({
          type: "date_range",
          ranges,
          column,
          keyed,
          plan,
          textOf: (ms) => text?.(ms) ?? "",
          withText: true,
        });
      },
    };
  },
};

export function checkNumeric({ field, type, plan }: { field: string; type: string; plan: BucketPlanContext }): void {
  const { valueClass } = plan.columns.values({ field, form: "key", clause: type });
  if (valueClass !== "keyword" && valueClass !== "ip") return;
  throw invalid(
    `Field [${field}] of type [${valueClass}] is not supported for aggregation [${type}]`,
    "illegal_argument_exception",
  );
}

function rangeOptions(context: KindContext, options: Options) {
  const field = requiredField(context, options);
  const given = options.list("ranges");
  if (given === undefined || given.length === 0) {
    throw invalidAtShards(`No [ranges] specified for the [${context.name}] aggregation`);
  }
  const specs = given.map((range): RangeSpec => {
    if (!isObject(range)) throw invalid(`[${context.type}] [ranges] holds objects with [from] and [to]`);
    const part = readOptions(context.type, range, { options: ["key", "from", "to"] });
    const bound = (name: "from" | "to") => {
      const value = part.raw(name);
      if (value === undefined || value === null) return {};
      if (isScalar(value) && typeof value !== "boolean") return { [name]: value };
      throw invalid(`[${context.type}] [${name}] must be a number or a text`);
    };
    const key = part.text("key");
    return { ...(key === undefined ? {} : { key }), ...bound("from"), ...bound("to") };
  });
  const keyed = options.flag("keyed");
  return { field, specs, keyed, missing: missingOption(options), format: options.text("format") };
}

function boundNumber(bound: string | number | undefined): number | undefined {
  if (bound === undefined) return undefined;
  const number = Number(bound);
  if (Number.isFinite(number)) return number;
  throw invalid(`For input string: "${bound}"`, "number_format_exception");
}

function rangeBuckets(options: {
  type: string;
  ranges: readonly Range[];
  column: ValueColumn;
  keyed: boolean;
  plan: BucketPlanContext;
  textOf(bound: number): string;
  withText: boolean;
}): PlannedBuckets {
  const { type, column, keyed, plan, textOf, withText } = options;
  const ranges = [...options.ranges].sort((a, b) => compareEdge(a.from, b.from, -1) || compareEdge(a.to, b.to, 1));
  const name = plan.keyName();
  const conditions = ranges.map(({ from, to }) =>
    onElements({ ...column }, (value) => {
      const bounds = [
        ...(from === undefined ? [] : [`${value} >= ${from}::DOUBLE`]),
        ...(to === undefined ? [] : [`${value} < ${to}::DOUBLE`]),
      ];
      return bounds.length === 0 ? `${value} IS NOT NULL` : bounds.join(" AND ");
    }),
  );
  const edge = (which: "from" | "to", bound: number | undefined): { [part: string]: Json } =>
    bound === undefined ? {} : { [which]: bound, ...(withText ? { [`${which}_as_string`]: textOf(bound) } : {}) };
  return {
    keys: [{ name, sqlType: "BIGINT" }],
    relation: (level) => withPlaces({ level, name, conditions }),
    shape(rows, inner) {
      const byPlace = new Map(rows.map((row) => [Number(row.keys[0]), row]));
      const buckets = ranges.map(({ key, from, to }, place) => {
        const row = byPlace.get(place);
        const words = key ?? `${from === undefined ? "*" : textOf(from)}-${to === undefined ? "*" : textOf(to)}`;
        return {
          key: place,
          name: words,
          body: { ...(keyed ? {} : { key: words }), ...edge("from", from), ...edge("to", to) },
          docCount: row?.count ?? 0,
          inner: inner(row),
        };
      });
      return { type, body: {}, buckets, keyed };
    },
  };
}

/** Nothing stands for the lowest `from` (sign -1) or the highest `to` (sign 1). */
function compareEdge(a: number | undefined, b: number | undefined, sign: number): number {
  if (a === b) return 0;
  if (a === undefined) return sign;
  if (b === undefined) return -sign;
  return a - b;
}
