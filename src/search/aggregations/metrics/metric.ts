import type { SqlResult } from "../../hits/sql-result.ts";
import type { Options } from "../../queries/clause.ts";
import { invalid } from "../../search-fault.ts";
import type { PlanContext } from "../aggregation.ts";
import type { ValueColumn } from "../columns.ts";
import { type KindContext, missingOption, requiredField } from "../kind.ts";
import { type NumberText, numberText } from "../number-format.ts";

/** A field of numbers (dates and booleans are some, too), and how its numbers are written. */
export type NumberField = { column: ValueColumn; text: NumberText };

/** Reads `field`, `missing` and `format`, and finds the field when the aggregation is planned. */
export function numberField(context: KindContext, options: Options): (plan: PlanContext) => NumberField {
  const field = requiredField(context, options);
  const missing = missingOption(options);
  const format = options.text("format");
  const { type } = context;
  return ({ columns }) => {
    const { valueClass } = columns.values({ field, form: "key", clause: type });
    if (valueClass === "keyword" || valueClass === "ip") {
      const name = valueClass === "ip" ? "ip" : "keyword";
      throw invalid(
        `Field [${field}] of type [${name}] is not supported for aggregation [${type}]`,
        "illegal_argument_exception",
      );
    }
    const column = columns.values({ field, form: "number", clause: type, ...missing });
    return { column, text: numberText(valueClass, format) };
  };
}

/** Of all values of the rows: SQL by what one value, or a list of them, contributes. */
export const aggregates = {
  /** Words and addresses that stand twice in a document are one value of it, numbers are two. */
  count({ sql, list, valueClass }: ValueColumn, where: string) {
    if (!list) return `count(${sql})${where}`;
    const counted = valueClass === "keyword" || valueClass === "ip" ? `list_distinct(${sql})` : sql;
    return `coalesce(sum(len(${counted}))${where}, 0)`;
  },
  min: ({ sql, list }: ValueColumn, where: string) => `min(${list ? `list_min(${sql})` : sql})${where}`,
  max: ({ sql, list }: ValueColumn, where: string) => `max(${list ? `list_max(${sql})` : sql})${where}`,
  sum: ({ sql, list }: ValueColumn, where: string) => `fsum(${list ? `list_sum(${sql})` : sql})${where}`,
  sumOfSquares: ({ sql, list }: ValueColumn, where: string) =>
    `fsum(${list ? `list_sum(list_transform(${sql}, lambda value: value * value))` : `${sql} * ${sql}`})${where}`,
  distinct: ({ sql, list }: ValueColumn, where: string) =>
    list ? `coalesce(len(list_distinct(flatten(list(${sql})${where}))), 0)` : `count(DISTINCT ${sql})${where}`,
  /** A function of all values in a list, such as `quantile_cont` with its fractions. */
  ofList: ({ sql, list }: ValueColumn, where: string, call: { name: string; argument?: string }) => {
    const argument = call.argument === undefined ? "" : `, ${call.argument}`;
    return list
      ? `list_aggregate(flatten(list(${sql})${where}), '${call.name}'${argument})`
      : `${call.name}(${sql}${argument})${where}`;
  },
};

export function numberOf(value: SqlResult | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** `name` with the number, and `name_as_string` where it has a text. */
export function withText(
  name: string,
  value: number | null,
  text: NumberText,
): { [part: string]: number | string | null } {
  return value === null || text === undefined
    ? { [name]: value }
    : { [name]: value, [`${name}_as_string`]: text(value) };
}
