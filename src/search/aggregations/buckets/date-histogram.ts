import { DEFAULT_FORMAT, dateFormat } from "../../dates/date-format.ts";
import { readDateUs } from "../../dates/date-math.ts";
import { type TimeZone, timeZone, UTC } from "../../dates/time-zone.ts";
import type { Scalar } from "../../fields/literals.ts";
import { isObject, isScalar } from "../../json-shape.ts";
import { type Options, readOptions } from "../../queries/clause.ts";
import { invalid, invalidAtShards } from "../../search-fault.ts";
import type { BucketPlanContext } from "../aggregation.ts";
import type { ValueColumn } from "../columns.ts";
import { type Kind, type KindContext, kindOptions, missingOption, requiredField } from "../kind.ts";
import { numberText } from "../number-format.ts";
import { checkBounds, KEY_FIRST, mapBounds } from "./histogram.ts";
import { withKey } from "./key-relation.ts";
import { parseOrder } from "./order.ts";
import { calendarRounding, calendarUnit, durationMs, fixedRounding, type Rounding } from "./rounding.ts";
import { type SeriesBounds, seriesBuckets } from "./series.ts";

export const dateHistogramKind: Kind = {
  family: "bucket",
  words:
    "A bucket for each `calendar_interval` (`1d`, `month`…) or `fixed_interval` (`30s`, `12h`…) of time, local to a `time_zone`.",
  options: [
    "field",
    "calendar_interval",
    "fixed_interval",
    "offset",
    "time_zone",
    "min_doc_count",
    "order",
    "extended_bounds",
    "hard_bounds",
    "keyed",
    "missing",
    "format",
  ],
  differs: "The old `interval` is refused.",
  parse(body, context) {
    const options = kindOptions(context, body, dateHistogramKind);
    const field = requiredField(context, options);
    const zone = zoneOption(options);
    const rounding = roundingOption(context, options, zone);
    const order = parseOrder(options.raw("order"), KEY_FIRST);
    const minDocCount = options.count("min_doc_count") ?? 0;
    const format = options.text("format");
    if (format !== undefined) dateFormat(format);
    const keyed = options.flag("keyed");
    const missing = missingOption(options);
    return {
      family: "bucket",
      plan(plan) {
        const reading = { format, zone, nowMs: plan.nowMs };
        const [extended, hard] = [
          dateBounds(options.raw("extended_bounds"), "extended_bounds", reading),
          dateBounds(options.raw("hard_bounds"), "hard_bounds", reading),
        ];
        checkBounds(extended, hard);
        // The span of the upper bound is left out, whatever of it lies before the bound.
        const { min: least = -Infinity, max: most = Infinity } = mapBounds(hard, rounding.floorMs);
        const stand = missingDate(missing, reading);
        const { column, momentSql, isDate } = momentColumn({ field, type: context.type, plan, ...stand });
        const name = plan.keyName();
        const text = isDate || format !== undefined ? numberText("date", format, zone) : undefined;
        return {
          keys: [{ name, sqlType: "BIGINT" }],
          fillsGaps: true,
          relation: (level) => withKey({ level, column, name, keySql: (value) => rounding.keySql(momentSql(value)) }),
          shape(rows, inner) {
            const buckets = seriesBuckets({
              rows: rows.map((row) => ({ key: rounding.startMs(row.keys[0] as bigint), row })),
              inner,
              minDocCount,
              order,
              extended: mapBounds(extended, rounding.floorMs),
              within: (key) => key >= least && key < most,
              next: rounding.nextMs,
              bucketOf(key) {
                const words = text?.(key);
                return {
                  body: { ...(words === undefined ? {} : { key_as_string: words }), key },
                  name: words ?? String(key),
                };
              },
            });
            return { type: "date_histogram", body: {}, buckets, keyed };
          },
        };
      },
    };
  },
};

export function zoneOption(options: Options): TimeZone {
  const id = options.text("time_zone");
  return id === undefined ? UTC : timeZone(id);
}

export function roundingOption({ type }: KindContext, options: Options, zone: TimeZone): Rounding {
  const [calendar, fixed] = [options.text("calendar_interval"), options.text("fixed_interval")];
  const offset = options.text("offset");
  const offsetMs =
    offset === undefined ? 0 : /^-?\d+$/.test(offset) ? Number(offset) : durationMs(offset, `${type}.offset`, true);
  if (calendar !== undefined && fixed !== undefined) {
    throw invalid(
      `[${type}] failed to parse field [calendar_interval]: Cannot use [calendar_interval] with [fixed_interval] configuration option.`,
      "x_content_parse_exception",
    );
  }
  if (calendar !== undefined) return calendarRounding(calendarUnit(calendar), zone, offsetMs);
  if (fixed !== undefined) return fixedRounding(durationMs(fixed, `${type}.fixed_interval`), zone, offsetMs);
  throw invalidAtShards(
    "Invalid interval specified, must be non-null and non-empty: one of [calendar_interval] and [fixed_interval] is required",
  );
}

/** The moments of a field of dates in microseconds; numbers are taken as Unix milliseconds. */
export function momentColumn(options: { field: string; type: string; plan: BucketPlanContext; missing?: Scalar }): {
  column: ValueColumn;
  momentSql(value: string): string;
  isDate: boolean;
} {
  const { field, type, plan, missing } = options;
  const asked = { field, clause: type, unmapped: "date" as const, ...(missing === undefined ? {} : { missing }) };
  const { valueClass } = plan.columns.values({ field, form: "key", clause: type, unmapped: "date" });
  if (valueClass === undefined || valueClass === "date") {
    return { column: plan.columns.values({ ...asked, form: "key" }), momentSql: (value) => value, isDate: true };
  }
  if (valueClass === "keyword" || valueClass === "ip") {
    throw invalid(
      `Field [${field}] of type [${valueClass}] is not supported for aggregation [${type}]`,
      "illegal_argument_exception",
    );
  }
  const momentSql = (value: string) => `CAST(${value} * 1000 AS BIGINT)`;
  return { column: plan.columns.values({ ...asked, form: "number" }), momentSql, isDate: false };
}

type DateReading = { format: string | undefined; zone: TimeZone; nowMs: number };

/** What stands in for documents without a date: it is read as the bounds are, in the aggregation's format and zone. */
export function missingDate({ missing }: { missing?: Scalar }, reading: DateReading): { missing?: Scalar } {
  if (typeof missing !== "string") return missing === undefined ? {} : { missing };
  return { missing: msOf(missing, reading) };
}

function msOf(text: string, { format, zone, nowMs }: DateReading): number {
  const dates = format === undefined ? DEFAULT_FORMAT : dateFormat(format);
  return Number(readDateUs(text, { format: dates, zone, roundUp: false, nowMs })) / 1000;
}

/** Unix milliseconds, or texts in the aggregation's format, with date math. */
function dateBounds(body: unknown, name: string, reading: DateReading): SeriesBounds {
  if (body === undefined || body === null) return {};
  if (!isObject(body)) throw invalid(`[date_histogram] [${name}] must be an object with [min] and [max]`);
  const part = readOptions("date_histogram", body, { options: ["min", "max"] });
  const edge = (side: "min" | "max"): SeriesBounds => {
    const value = part.raw(side);
    if (value === undefined || value === null) return {};
    if (typeof value === "number") return { [side]: value };
    if (!isScalar(value)) throw invalid(`[${name}] [${side}] must be a date`, "illegal_argument_exception");
    return { [side]: msOf(String(value), reading) };
  };
  return { ...edge("min"), ...edge("max") };
}
