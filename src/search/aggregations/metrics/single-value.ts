import type { SqlResult } from "../../hits/sql-result.ts";
import type { PlannedMetric } from "../aggregation.ts";
import type { ValueColumn } from "../columns.ts";
import { type Kind, kindOptions, missingOption, requiredField } from "../kind.ts";
import { type NumberText, numberText } from "../number-format.ts";
import type { AggResult } from "../result.ts";
import { aggregates, numberField, numberOf, withText } from "./metric.ts";

/** A result with one number, `value`. */
export function valueResult(type: string, value: number | null, text?: NumberText): AggResult {
  return {
    type,
    body: withText("value", value, text),
    number: (property) => (property === undefined || property === "value" ? value : undefined),
  };
}

type Single = {
  words: string;
  sql(column: ValueColumn, where: string): string;
  /** Of no value at all. */
  nothing: number | null;
  /** In an order by it, where Elasticsearch has no value but an infinity. */
  orderNull?: string;
};

function numeric(single: Single, more: Pick<Kind, "ignored" | "differs"> = {}): Kind {
  const kind: Kind = {
    family: "metric",
    words: single.words,
    options: ["field", "missing", "format"],
    ...more,
    parse(body, context) {
      const find = numberField(context, kindOptions(context, body, kind));
      return {
        family: "metric",
        plan(plan) {
          const { column, text } = find(plan);
          return singleMetric(context.type, (where) => single.sql(column, where), single, text);
        },
      };
    },
  };
  return kind;
}

function singleMetric(
  type: string,
  sql: (where: string) => string,
  { nothing, orderNull }: Pick<Single, "nothing" | "orderNull">,
  text?: NumberText,
): PlannedMetric {
  return {
    sql: (where) => [sql(where)],
    shape: (values: readonly SqlResult[] | undefined) => valueResult(type, numberOf(values?.[0]) ?? nothing, text),
    orderSql(property, where) {
      if (property !== undefined && property !== "value") return undefined;
      return orderNull === undefined ? sql(where) : `coalesce(${sql(where)}, ${orderNull})`;
    },
  };
}

export const minKind = numeric({
  words: "The smallest value.",
  sql: aggregates.min,
  nothing: null,
  orderNull: "'infinity'::DOUBLE",
});
export const maxKind = numeric({
  words: "The largest value.",
  sql: aggregates.max,
  nothing: null,
  orderNull: "'-infinity'::DOUBLE",
});
export const sumKind = numeric({ words: "The sum of the values.", sql: aggregates.sum, nothing: 0, orderNull: "0" });
export const avgKind = numeric({
  words: "The mean of the values.",
  sql: (column, where) => `${aggregates.sum(column, where)} / nullif(${aggregates.count(column, where)}, 0)`,
  nothing: null,
});
export const medianAbsoluteDeviationKind = numeric(
  {
    words: "The median of the distances from the median.",
    sql: (column, where) => aggregates.ofList(column, where, { name: "mad" }),
    nothing: null,
  },
  { ignored: ["compression"], differs: "Exact, where Elasticsearch estimates." },
);

/** Of values of any type. */
function counting(words: string, sql: Single["sql"], more: Pick<Kind, "ignored" | "differs"> = {}): Kind {
  const kind: Kind = {
    family: "metric",
    words,
    options: ["field", "missing", "format"],
    ...more,
    parse(body, context) {
      const options = kindOptions(context, body, kind);
      const field = requiredField(context, options);
      const missing = missingOption(options);
      const format = options.text("format");
      return {
        family: "metric",
        plan({ columns }) {
          const column = columns.values({ field, form: "key", clause: context.type, ...missing });
          const text = format === undefined ? undefined : numberText(undefined, format);
          return singleMetric(context.type, (where) => sql(column, where), { nothing: 0 }, text);
        },
      };
    },
  };
  return kind;
}

export const valueCountKind = counting("How many values there are.", aggregates.count);
export const cardinalityKind = counting("How many different values there are.", aggregates.distinct, {
  ignored: ["precision_threshold", "rehash", "execution_hint"],
  differs: "Exact, where Elasticsearch estimates.",
});
