import { DEFAULT_FORMAT, dateFormat } from "../dates/date-format.ts";
import { readDateUs } from "../dates/date-math.ts";
import { timeZone, UTC } from "../dates/time-zone.ts";
import { findField } from "../fields/find-field.ts";
import { boundLiteral, type DateOptions, dateLiteral, literalSql, type Scalar } from "../fields/literals.ts";
import { isScalar } from "../json-shape.ts";
import { invalid, unsupported } from "../search-fault.ts";
import { all, onElements } from "../sql-conditions.ts";
import { termsOf } from "../text/indexed-terms.ts";
import { type Clause, fieldClause } from "./clause.ts";
import { existsQuery } from "./ids.ts";
import type { Query } from "./query.ts";
import { ALWAYS, earlier, later } from "./time-bounds.ts";

type Bound = "gt" | "gte" | "lt" | "lte";
export type RangeBounds = Partial<Record<Bound, Scalar>>;

const OPERATORS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const satisfies Record<Bound, string>;
const BOUNDS = Object.keys(OPERATORS) as Bound[];

export const rangeClause: Clause = {
  words:
    "Values between bounds. Dates are texts in the field's `format` or Unix milliseconds, with date math (`now-1h/h`, `2026-11-22||+1d`) and `time_zone`; a bound without a time of day, or rounded, is the first moment for `gte` and `lt`, the last one for `gt` and `lte`.",
  options: [...BOUNDS, "from", "to", "include_lower", "include_upper", "format", "time_zone"],
  ignored: ["relation"],
  differs: "Dates are kept to the microsecond, so the last moment of a day is 23:59:59.999999.",
  parse(body) {
    const { field, options } = fieldClause("range", body, rangeClause);
    const bounds: RangeBounds = {};
    const put = (bound: Bound, value: unknown) => {
      if (value === undefined || value === null) return;
      if (!isScalar(value))
        throw invalid(`[range] bound [${bound}] of [${field}] must be a string, a number or a boolean`);
      bounds[bound] = value;
    };
    for (const bound of BOUNDS) put(bound, options.raw(bound));
    const inclusive = (name: string) => !options.has(name) || options.flag(name);
    put(inclusive("include_lower") ? "gte" : "gt", options.raw("from"));
    put(inclusive("include_upper") ? "lte" : "lt", options.raw("to"));
    const [format, zone] = [options.text("format"), options.text("time_zone")];
    return rangeQuery(field, bounds, {
      format: format === undefined ? DEFAULT_FORMAT : dateFormat(format),
      zone: zone === undefined ? UTC : timeZone(zone),
    });
  },
};

/** Documents with a value between the bounds. */
export function rangeQuery(
  name: string,
  bounds: RangeBounds,
  { format, zone }: Omit<DateOptions, "nowMs"> = { format: DEFAULT_FORMAT, zone: UTC },
): Query {
  const given = BOUNDS.flatMap((bound) => {
    const value = bounds[bound];
    return value === undefined ? [] : [{ bound, value, roundUp: bound === "gt" || bound === "lte" }];
  });
  return {
    compile(context) {
      const field = findField(context, name);
      if (field === undefined) return "FALSE";
      if (name === "_id" || field.valueClass === "object") throw unsupported(`[range] on [${name}]`);
      const dates = { format, zone, nowMs: context.nowMs };
      const compared = given.map(({ bound, value, roundUp }) => {
        const literal = boundLiteral({ field, value, roundUp, dates });
        return `${OPERATORS[bound]} ${literalSql(field.valueClass, context.values.bind(literal))}`;
      });
      if (compared.length === 0) return existsQuery(name).compile(context);
      return onElements(termsOf(field), (sql) => all(compared.map((comparison) => `${sql} ${comparison}`)));
    },
    timeBounds(nowMs) {
      if (name !== "@timestamp") return ALWAYS;
      const edge = (value: Scalar, roundUp: boolean) =>
        readDateUs(dateLiteral(value, name), { format, zone, nowMs, roundUp });
      let { fromUs, toUs } = ALWAYS;
      for (const { bound, value, roundUp } of given) {
        const us = edge(value, roundUp);
        if (bound.startsWith("g")) fromUs = later(us, fromUs);
        else toUs = earlier(us, toUs);
      }
      return { fromUs, toUs };
    },
  };
}
