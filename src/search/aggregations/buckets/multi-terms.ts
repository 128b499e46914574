import { isObject } from "../../json-shape.ts";
import { readOptions } from "../../queries/clause.ts";
import { invalid } from "../../search-fault.ts";
import type { Level } from "../aggregation.ts";
import type { Relation } from "../columns.ts";
import { type Kind, kindOptions, missingOption } from "../kind.ts";
import { javaDouble } from "../metrics/percentiles.ts";
import { numberText } from "../number-format.ts";
import type { BucketKey } from "../result.ts";
import { withKey } from "./key-relation.ts";
import { shapeKey } from "./key-shape.ts";
import { pickedBuckets, termsSettings } from "./terms.ts";

export const multiTermsKind: Kind = {
  family: "bucket",
  words: "A bucket for each combination of the values of several fields, those with the most documents first.",
  options: ["terms", "size", "order", "min_doc_count", "show_term_doc_count_error"],
  ignored: ["shard_size", "shard_min_doc_count", "collect_mode"],
  differs: "Counts are exact. `min_doc_count` 0 adds no combination without a document.",
  parse(body, context) {
    const options = kindOptions(context, body, multiTermsKind);
    const terms = options.list("terms") ?? [];
    if (terms.length < 2) {
      throw invalid(
        "The [terms] parameter in the aggregation [multi_terms] must be present and have at least 2 fields or scripts.",
        "x_content_parse_exception",
      );
    }
    const sources = terms.map((term) => {
      if (!isObject(term)) throw invalid("[multi_terms] [terms] holds objects with a field");
      const part = readOptions("multi_terms", term, {
        options: ["field", "missing", "format"],
        ignored: ["value_type"],
      });
      const field = part.text("field");
      if (field === undefined)
        throw invalid("Required [field] in [terms] of [multi_terms]", "illegal_argument_exception");
      const format = part.text("format");
      return { field, missing: missingOption(part), format };
    });
    const settings = termsSettings(context.name, options);
    const showError = options.flag("show_term_doc_count_error");
    return {
      family: "bucket",
      plan(plan) {
        const parts = sources.map(({ field, missing, format }) => {
          const column = plan.columns.values({ field, form: "key", clause: "multi_terms", ...missing });
          return { column, name: plan.keyName(), text: numberText(column.valueClass, format) };
        });
        return {
          ...pickedBuckets({
            settings: { ...settings, minDocCount: Math.max(1, settings.minDocCount) },
            plan,
            keys: parts.map(({ name, column }) => ({ name, sqlType: column.sqlType })),
            type: "multi_terms",
            showError,
            bucketOf({ keys }) {
              const shaped = parts.map(({ column, text }, i) => shapeKey(column.valueClass, keys[i] ?? null, text));
              return {
                key: keys as BucketKey,
                body: {
                  key: shaped.map(({ key, key_as_string }, i) =>
                    parts[i]?.column.valueClass === "boolean" ? key === 1 : (key_as_string ?? key),
                  ),
                  key_as_string: shaped
                    .map(({ key, key_as_string }, i) => {
                      const isDouble = parts[i]?.column.valueClass === "double";
                      return key_as_string ?? (isDouble ? javaDouble(Number(key)) : String(key));
                    })
                    .join("|"),
                },
              };
            },
          }),
          relation(level) {
            let relation: Relation = level.relation;
            for (const { column, name } of parts) {
              const below: Level = { relation, keys: level.keys };
              relation = withKey({ level: below, column, name, keySql: (value) => value });
            }
            return relation;
          },
        };
      },
    };
  },
};
