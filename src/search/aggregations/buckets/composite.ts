import type { Json } from "../../../events/document.ts";
import { DEFAULT_FORMAT, dateFormat } from "../../dates/date-format.ts";
import { readDateUs } from "../../dates/date-math.ts";
import { UTC } from "../../dates/time-zone.ts";
import { ipDigits } from "../../fields/ip-address.ts";
import type { SqlResult } from "../../hits/documents.ts";
import { isObject } from "../../json-shape.ts";
import { MAX_BUCKETS } from "../../limits.ts";
import { type Options, readOptions } from "../../queries/clause.ts";
import { invalid, unsupported } from "../../search-fault.ts";
import { quotedText } from "../../target.ts";
import type { BucketPlanContext, Level } from "../aggregation.ts";
import type { Relation, ValueColumn } from "../columns.ts";
import { type Kind, type KindContext, kindOptions, numberOption } from "../kind.ts";
import { type NumberText, numberText } from "../number-format.ts";
import type { BucketKey } from "../result.ts";
import { momentColumn, roundingOption, zoneOption } from "./date-histogram.ts";
import { shapeKey } from "./key-shape.ts";

export const compositeKind: Kind = {
  family: "bucket",
  words:
    "Buckets for the combinations of `sources` (`terms`, `histogram`, `date_histogram`), page by page with `after`; at the top or within `filter`.",
  options: ["sources", "size", "after"],
  parents: ["filter"],
  alsoTop: true,
  differs: "Sources of the kind `geotile_grid` are refused.",
  parse(body, context) {
    const options = kindOptions(context, body, compositeKind);
    const size = options.count("size") ?? 10;
    if (size === 0 || size > MAX_BUCKETS) {
      throw invalid(
        `[size] must be greater than 0 and at most ${MAX_BUCKETS} in [${context.name}]`,
        "illegal_argument_exception",
      );
    }
    const given = options.list("sources") ?? [];
    if (given.length === 0) throw invalid("Composite [sources] cannot be null or empty", "illegal_argument_exception");
    const sources = given.map((source) => parseSource(context, source));
    if (new Set(sources.map(({ name }) => name)).size < sources.length) {
      throw invalid("Composite source names must be unique", "illegal_argument_exception");
    }
    const after = options.raw("after");
    if (after !== undefined && !isObject(after)) throw invalid("[composite] [after] must be an object");
    if (isObject(after)) checkAfter(after, sources);
    return {
      family: "bucket",
      plan(plan) {
        const planned = sources.map((source) => ({ ...source, ...source.plan(plan), key: plan.keyName() }));
        const orderBy = planned
          .map(({ key, order, nullsFirst }) => `${key} ${order.toUpperCase()} NULLS ${nullsFirst ? "FIRST" : "LAST"}`)
          .join(", ");
        const behind = after === undefined ? undefined : afterSql(planned, after as Record<string, unknown>);
        return {
          keys: planned.map(({ key, sqlType }) => ({ name: key, sqlType })),
          selection: {
            orderBy,
            size,
            minDocCount: 1,
            ...(behind === undefined ? {} : { having: () => behind }),
          },
          relation(level) {
            let relation: Relation = level.relation;
            for (const source of planned) relation = withSource({ level: { relation, keys: level.keys }, source });
            return relation;
          },
          shape(rows, inner) {
            const buckets = rows.map((row) => {
              const key: Record<string, Json> = {};
              for (const [i, source] of planned.entries()) key[source.name] = source.shape(row.keys[i] ?? null);
              return { key: row.keys as BucketKey, body: { key }, docCount: row.count, inner: inner(row) };
            });
            const last = buckets.at(-1)?.body.key;
            return { type: "composite", body: last === undefined ? {} : { after_key: last }, buckets };
          },
        };
      },
    };
  },
};

type Source = {
  name: string;
  order: "asc" | "desc";
  missingBucket: boolean;
  nullsFirst: boolean;
  plan(context: BucketPlanContext): PlannedSource;
};
type PlannedSource = {
  column: ValueColumn;
  sqlType: string;
  keySql(value: string): string;
  shape(key: SqlResult): Json;
  /** SQL of a key as it was given in `after_key`. */
  read(value: string | number | boolean): string;
};

const COMMON = ["field", "order", "missing_bucket", "missing_order"];

function parseSource(context: KindContext, value: unknown): Source {
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
            if (valueClass === "date") return `${dateUs(value, format)}::BIGINT`;
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
          read: (value) => rounding.keySql(`${dateUs(value, format)}::BIGINT`),
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

function dateUs(value: string | number | boolean, format: string | undefined): bigint {
  const dates = typeof value === "number" || format === undefined ? DEFAULT_FORMAT : dateFormat(format);
  return readDateUs(String(value), { format: dates, zone: UTC, roundUp: false, nowMs: 0 });
}

/** A document without a value has no key, or with `missing_bucket` the key null. */
function withSource({ level, source }: { level: Level; source: Source & PlannedSource & { key: string } }): Relation {
  const { column, key, keySql, missingBucket, sqlType } = source;
  return (values) => {
    const from = level.relation(values);
    if (!column.list) {
      const keyed = `SELECT *, CAST(${keySql(column.sql)} AS ${sqlType}) AS ${key} FROM (${from})`;
      return missingBucket ? keyed : `SELECT * FROM (${keyed}) WHERE ${key} IS NOT NULL`;
    }
    // Elasticsearch counts a document once for each of its numbers, though two be equal; words it keeps once.
    const every = `list_transform(${column.sql}, lambda value: CAST(${keySql("value")} AS ${sqlType}))`;
    const keys = sqlType === "VARCHAR" ? `list_distinct(${every})` : every;
    const kept = missingBucket ? `CASE WHEN len(${column.sql}) > 0 THEN ${keys} ELSE [NULL::${sqlType}] END` : keys;
    return `SELECT *, unnest(${kept}) AS ${key} FROM (${from})`;
  };
}

function checkAfter(after: Record<string, unknown>, sources: readonly Source[]): void {
  const names = Object.keys(after);
  if (names.length !== sources.length || !sources.every(({ name }) => names.includes(name))) {
    throw invalid(
      `[after] has ${names.length} value(s) but [sources] has ${sources.length}`,
      "illegal_argument_exception",
    );
  }
}

function afterSql(
  sources: readonly (Source & PlannedSource & { key: string })[],
  after: Record<string, unknown>,
): string {
  const steps = sources.flatMap((source, i) => {
    const equal = sources
      .slice(0, i)
      .map((earlier) => `${earlier.key} IS NOT DISTINCT FROM ${placeOf(earlier, after)}`);
    const behind = behindSql(source, placeOf(source, after));
    return behind === undefined ? [] : [`(${[...equal, behind].join(" AND ")})`];
  });
  return steps.length === 0 ? "FALSE" : `(${steps.join(" OR ")})`;
}

function placeOf(source: Source & PlannedSource, after: Record<string, unknown>): string {
  const value = after[source.name];
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return source.read(value);
  throw invalid(`Invalid value in [after] for [${source.name}]`, "illegal_argument_exception");
}

function behindSql({ key, order, nullsFirst }: Source & { key: string }, place: string): string | undefined {
  if (place === "NULL") return nullsFirst ? `${key} IS NOT NULL` : undefined;
  const compared = `${key} ${order === "asc" ? ">" : "<"} ${place}`;
  return nullsFirst ? compared : `(${compared} OR ${key} IS NULL)`;
}
