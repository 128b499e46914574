import type { Json } from "../../../events/document.ts";
import { DEFAULT_FORMAT, dateFormat } from "../../dates/date-format.ts";
import { readDateUs } from "../../dates/date-math.ts";
import { type TimeZone, UTC } from "../../dates/time-zone.ts";
import { ipDigits } from "../../fields/ip-address.ts";
import type { SqlResult } from "../../hits/sql-result.ts";
import { isObject } from "../../json-shape.ts";
import { type Options, readOptions } from "../../queries/clause.ts";
import { invalid, unsupported } from "../../search-fault.ts";
import { quotedText } from "../../target.ts";
import type { BucketPlanContext } from "../aggregation.ts";
import type { ValueColumn } from "../columns.ts";
import { type KindContext, numberOption } from "../kind.ts";
import { type NumberText, numberText } from "../number-format.ts";
import { momentColumn, roundingOption, zoneOption } from "./date-histogram.ts";
import { shapeKey } from "./key-shape.ts";

/** One of the fields whose combinations make the buckets of a `composite`. */
export type Source = {
  name: string;
  order: "asc" | "desc";
  missingBucket: boolean;
  nullsFirst: boolean;
  plan(context: BucketPlanContext): PlannedSource;
};
export type PlannedSource = {
  column: ValueColumn;
  sqlType: string;
  keySql(value: string): string;
  shape(key: SqlResult): Json;
  /** SQL of a key as it was given in `after_key`. */
  read(value: string | number | boolean): string;
};

const COMMON = ["field", "order", "missing_bucket", "missing_order"];

export function parseSource(context: KindContext, value: unknown): Source {
  const [named, second] = isObject(value) ? Object.entries(value) : [];
  if (named === undefined || second !== undefined)
    throw invalid("[composite] [sources] holds objects with one name each");
  const [name, body] = named;
  const [kind, more] = isObject(body) ? Object.entries(body) : [];
  if (kind === undefined || more !== undefined || !isObject(kind[1])) {
    throw invalid(`[composite] source [${name}] must be one of terms, histogram and date_histogram`);
  }
  const [type, given] = kind;
  if (given["script"] !== undefined) throw unsupported("[script] in [composite]");
  const make = Object.hasOwn(SOURCES, type) ? SOURCES[type] : undefined;
  if (make === undefined) throw unsupported(`source [${type}] in [composite]`);
  const options = readOptions(`composite.${type}`, given, {
    options: [...COMMON, ...make.options],
    ignored: ["value_type"],
  });
  const field = options.text("field");
  if (field === undefined) throw invalid(`Composite source [${name}] needs a [field]`, "illegal_argument_exception");
  const order = options.text("order")?.toLowerCase() ?? "asc";
  if (order !== "asc" && order !== "desc")
    throw invalid(`Unknown order direction [${order}]`, "illegal_argument_exception");
  const missingOrder = options.text("missing_order")?.toLowerCase() ?? "default";
  const nullsFirst = missingOrder === "default" ? order === "asc" : missingOrder === "first";
  return {
    name,
    order,
    missingBucket: options.flag("missing_bucket"),
    nullsFirst,
    plan: make.parse({ context, options, field }),
  };
}

type SourceParser = {
  options: readonly string[];
  parse(given: {
    context: KindContext;
    options: Options;
    field: string;
  }): (context: BucketPlanContext) => PlannedSource;
};

const SOURCES: Readonly<Record<string, SourceParser>> = {
  terms: {
    options: ["format"],
    parse: ({ options, field }) => {
      const format = options.text("format");
      return (plan) => {
        const column = plan.columns.values({ field, form: "key", clause: "composite" });
        const { valueClass, sqlType } = column;
        const text = format === undefined && valueClass === "date" ? undefined : numberText(valueClass, format);
        return {
          column,
          sqlType,
          keySql: (value) => value,
          shape(key) {
            const shaped = shapeKey(valueClass, key, text);
            if (valueClass === "boolean" && key !== null) return Number(key) !== 0;
            return shaped.key_as_string ?? shaped.key;
          },
          read(value) {
            if (sqlType === "VARCHAR")
              return quotedText(valueClass === "ip" ? (ipDigits(String(value)) ?? String(value)) : String(value));
            if (valueClass === "date") return `${dateUs(value, format, UTC)}::BIGINT`;
            return `${numberSql(typeof value === "boolean" ? Number(value) : value)}::${sqlType}`;
          },
        };
      };
    },
  },
  histogram: {
    options: ["interval"],
    parse: ({ context, options, field }) => {
      const interval = numberOption(context, options, "interval");
      if (interval <= 0)
        throw invalid("[interval] must be greater than 0 for [histogram] source", "illegal_argument_exception");
      return (plan) => ({
        column: plan.columns.values({ field, form: "number", clause: "composite" }),
        sqlType: "DOUBLE",
        keySql: (value) => `floor(${value} / ${interval}::DOUBLE) * ${interval}::DOUBLE`,
        shape: (key) => (key === null ? null : Number(key)),
        read: (value) => `${numberSql(value)}::DOUBLE`,
      });
    },
  },
  date_histogram: {
    options: ["calendar_interval", "fixed_interval", "offset", "time_zone", "format"],
    parse: ({ context, options, field }) => {
      const zone = zoneOption(options);
      const rounding = roundingOption({ ...context, type: "date_histogram" }, options, zone);
      const format = options.text("format");
      return (plan) => {
        const { column, momentSql } = momentColumn({ field, type: "composite", plan });
        const text: NumberText = format === undefined ? undefined : numberText("date", format, zone);
        return {
          column,
          sqlType: "BIGINT",
          keySql: (value) => rounding.keySql(momentSql(value)),
          shape(key) {
            if (key === null) return null;
            const ms = rounding.startMs(key as bigint);
            return text === undefined ? ms : text(ms);
          },
          // The span that begins there has the key of its first moment.
          read: (value) => rounding.keySql(`${dateUs(value, format, zone)}::BIGINT`),
        };
      };
    },
  },
};

function numberSql(value: string | number | boolean): string {
  const number = Number(value);
  if (Number.isFinite(number)) return String(value).trim();
  throw invalid(`For input string: "${value}" in [after]`, "number_format_exception");
}

/** A key as it was told: in the source's format, local to its zone. */
function dateUs(value: string | number | boolean, format: string | undefined, zone: TimeZone): bigint {
  const dates = typeof value === "number" || format === undefined ? DEFAULT_FORMAT : dateFormat(format);
  return readDateUs(String(value), { format: dates, zone, roundUp: false, nowMs: 0 });
}
