import type { Json } from "../../../events/document.ts";
import { shapeSortValue } from "../../hits/shape-hit.ts";
import { orderSql } from "../../hits/sort.ts";
import { parseSort } from "../../hits/sort-keys.ts";
import { isObject } from "../../json-shape.ts";
import { readOptions } from "../../queries/clause.ts";
import { invalid } from "../../search-fault.ts";
import { shapeKey } from "../buckets/key-shape.ts";
import { type Kind, kindOptions } from "../kind.ts";
import { numberText } from "../number-format.ts";

const MAX_SIZE = 10;

export const topMetricsKind: Kind = {
  family: "documents",
  words: "Values of the documents that are first in an order; those without what they are sorted by are left out.",
  options: ["metrics", "sort", "size"],
  differs: "Of several values in one document the first one is told.",
  parse(body, context) {
    const options = kindOptions(context, body, topMetricsKind);
    const size = options.count("size") ?? 1;
    if (size === 0 || size > MAX_SIZE) {
      throw invalid(
        `[top_metrics.size] must not be more than [${MAX_SIZE}] but was [${size}]`,
        "illegal_argument_exception",
      );
    }
    const fields = (options.list("metrics") ?? []).map((metric) => {
      const field = isObject(metric)
        ? readOptions("top_metrics", metric, { options: ["field"] }).text("field")
        : undefined;
      if (field === undefined)
        throw invalid("[top_metrics] [metrics] holds objects with a [field]", "illegal_argument_exception");
      return field;
    });
    if (fields.length === 0) throw invalid("[top_metrics] needs [metrics]", "illegal_argument_exception");
    const keys = parseSort(options.raw("sort"));
    if (keys.length !== 1)
      throw invalid("[top_metrics] only supports sorting on a single field", "illegal_argument_exception");
    return {
      family: "documents",
      plan({ columns }) {
        const sort = columns.sort(keys);
        const [key, column = "NULL"] = [sort.keys[0], sort.columns[0]];
        const values = fields.map((field) => columns.values({ field, form: "key", clause: "top_metrics" }));
        const texts = values.map(({ valueClass }) => numberText(valueClass, undefined));
        return {
          size,
          from: 0,
          columns: [
            key?.sortClass === "date" ? `epoch_us(${column})` : column,
            ...values.map(({ sql, list }) => (list ? `${sql}[1]` : sql)),
          ],
          orderBy: [`${column} ${key === undefined ? "" : orderSql(key)}`],
          where: `${column} IS NOT NULL`,
          shape(rows) {
            const top = rows.map(([, , sortValue = null, ...found]) => {
              const metrics: Record<string, Json> = {};
              for (const [i, field] of fields.entries()) {
                const shaped = shapeKey(values[i]?.valueClass, found[i] ?? null, texts[i]);
                metrics[field] = (found[i] === null ? null : shaped.key_as_string) ?? shaped.key;
              }
              return { sort: [key === undefined ? null : shapeSortValue(key, sortValue)], metrics };
            });
            return {
              type: "top_metrics",
              body: { top },
              number(property) {
                const place = property === undefined ? (fields.length === 1 ? 0 : -1) : fields.indexOf(property);
                const found = rows[0]?.[3 + place];
                if (place < 0) return undefined;
                return typeof found === "bigint" || typeof found === "number" ? Number(found) : null;
              },
            };
          },
        };
      },
    };
  },
};
