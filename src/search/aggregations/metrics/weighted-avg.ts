import { isObject } from "../../json-shape.ts";
import { readOptions } from "../../queries/clause.ts";
import { invalidAtShards } from "../../search-fault.ts";
import { type Kind, type KindContext, kindOptions } from "../kind.ts";
import { numberText } from "../number-format.ts";
import { numberField, numberOf } from "./metric.ts";
import { valueResult } from "./single-value.ts";

export const weightedAvgKind: Kind = {
  family: "metric",
  words: "The mean of `value.field`, each value weighted by `weight.field`.",
  options: ["value", "weight", "format"],
  ignored: ["value_type"],
  differs: "Of several weights in one document the first one counts, where Elasticsearch fails with 500.",
  parse(body, context) {
    const options = kindOptions(context, body, weightedAvgKind);
    const [value, weight] = [
      part(context, options.raw("value"), "value"),
      part(context, options.raw("weight"), "weight"),
    ];
    const format = options.text("format");
    return {
      family: "metric",
      plan(plan) {
        const [values, weights] = [value(plan).column, weight(plan).column];
        // A document has one weight; several are refused by Elasticsearch, here the first one counts.
        const one = weights.list ? `${weights.sql}[1]` : weights.sql;
        const summed = values.list ? `list_sum(${values.sql})` : values.sql;
        const times = values.list ? `len(${values.sql})` : `CASE WHEN ${values.sql} IS NULL THEN 0 ELSE 1 END`;
        const sql = (where: string) => `fsum(${summed} * ${one})${where} / nullif(fsum(${times} * ${one})${where}, 0)`;
        const text = format === undefined ? undefined : numberText(undefined, format);
        return {
          sql: (where) => [sql(where)],
          shape: (found) => valueResult("weighted_avg", numberOf(found?.[0]), text),
          orderSql: (property, where) => (property === undefined || property === "value" ? sql(where) : undefined),
        };
      },
    };
  },
};

function part(context: KindContext, body: unknown, name: string): ReturnType<typeof numberField> {
  if (!isObject(body)) throw invalidAtShards(`[weighted_avg] needs [${name}] with a field`);
  return numberField(context, readOptions(`weighted_avg.${name}`, body, { options: ["field", "missing"] }));
}
