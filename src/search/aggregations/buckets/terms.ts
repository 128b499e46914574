import { dateOptions, type Scalar, termLiteral } from "../../fields/literals.ts";
import { isScalar } from "../../json-shape.ts";
import type { Options } from "../../queries/clause.ts";
import { luceneRegexp } from "../../queries/lucene-regexp.ts";
import { invalid, unsupported } from "../../search-fault.ts";
import { createSqlValues } from "../../sql-values.ts";
import { quotedText } from "../../target.ts";
import type { BucketPlanContext, BucketRow, InnerResults, PlannedBuckets } from "../aggregation.ts";
import type { ValueColumn } from "../columns.ts";
import { type Kind, kindOptions, missingOption, requiredField, wrongOption } from "../kind.ts";
import { numberText } from "../number-format.ts";
import type { AggResult, Bucket, BucketKey } from "../result.ts";
import { withKey } from "./key-relation.ts";
import { shapeKey, termsType } from "./key-shape.ts";
import { type BucketOrder, orderBySql, parseOrder, sortBuckets } from "./order.ts";

const COUNT_FIRST: readonly BucketOrder[] = [{ by: "_count", direction: "desc" }];
/** Keys without a document that `min_doc_count` 0 adds at most. */
const MAX_EMPTY_KEYS = 10_000;

export const termsKind: Kind = {
  family: "bucket",
  words: "A bucket for each value of a field, those with the most documents first.",
  options: [
    "field",
    "size",
    "order",
    "min_doc_count",
    "missing",
    "include",
    "exclude",
    "format",
    "show_term_doc_count_error",
  ],
  ignored: ["shard_size", "shard_min_doc_count", "execution_hint", "collect_mode", "value_type"],
  differs:
    "Counts are exact: `doc_count_error_upper_bound` is 0, and `sum_other_doc_count` leaves out terms below `min_doc_count`. `include` by partitions is refused.",
  parse(body, context) {
    const options = kindOptions(context, body, termsKind);
    const field = requiredField(context, options);
    const settings = termsSettings(context.name, options);
    const missing = missingOption(options);
    const format = options.text("format");
    const showError = options.flag("show_term_doc_count_error");
    const [include, exclude] = [options.raw("include"), options.raw("exclude")];
    checkIncludes(include, "include");
    checkIncludes(exclude, "exclude");
    return {
      family: "bucket",
      plan(plan) {
        const column = plan.columns.values({ field, form: "key", clause: "terms", ...missing });
        const name = plan.keyName();
        const text = numberText(column.valueClass, format);
        const wanted = [
          ...(include === undefined ? [] : [includedSql({ column, name, spec: include, plan })]),
          ...(exclude === undefined ? [] : [`NOT (${includedSql({ column, name, spec: exclude, plan })})`]),
        ];
        const where = wanted.length === 0 ? {} : { where: wanted.join(" AND ") };
        const missingType = column.valueClass ?? (missing.missing === undefined ? undefined : "keyword");
        const keyed = (level: Parameters<PlannedBuckets["relation"]>[0]) =>
          withKey({ level, column, name, keySql: (value) => value, ...where });
        return {
          ...pickedBuckets({
            settings,
            plan,
            keys: [{ name, sqlType: column.sqlType }],
            type: termsType(missingType),
            showError,
            bucketOf: ({ keys: [key = null] }) => ({
              key: key as BucketKey,
              body: shapeKey(column.valueClass, key, text),
            }),
          }),
          relation: keyed,
          ...(settings.minDocCount > 0
            ? {}
            : {
                everyKey: async (run) => {
                  const values = createSqlValues();
                  const all = keyed({ relation: plan.columns.allDocuments, keys: [] })(values);
                  const sql = `SELECT DISTINCT ${name} FROM (${all}) ORDER BY 1 LIMIT ${MAX_EMPTY_KEYS}`;
                  return run({ sql, values: values.list() });
                },
              }),
        };
      },
    };
  },
};

export type TermsSettings = { size: number; minDocCount: number; order: readonly BucketOrder[] };

export function termsSettings(name: string, options: Options): TermsSettings {
  const size = options.count("size") ?? 10;
  if (size === 0) throw wrongOption({ type: "terms", name }, "size", "[size] must be greater than 0. Found [0]");
  return {
    size,
    minDocCount: options.count("min_doc_count") ?? 1,
    order: parseOrder(options.raw("order"), COUNT_FIRST),
  };
}

/** What buckets that are picked by an order have in common. */
export function pickedBuckets(options: {
  settings: TermsSettings;
  plan: BucketPlanContext;
  keys: PlannedBuckets["keys"];
  type: string;
  showError: boolean;
  bucketOf(row: BucketRow): Pick<Bucket, "key" | "body">;
}): Omit<PlannedBuckets, "relation"> {
  const { settings, plan, keys, type, showError, bucketOf } = options;
  const { size, minDocCount, order } = settings;
  const orderBy = orderBySql({ order, keys: keys.map(({ name }) => name), pathSql: plan.orderSql });
  return {
    keys,
    selection: { orderBy, size, minDocCount },
    shape(rows, inner) {
      const buckets = rows.map((row) => ({ ...bucketOf(row), docCount: row.count, inner: innerOf(row, inner) }));
      const sorted = rows.some(({ count }) => count === 0) ? sortBuckets(buckets, order).slice(0, size) : buckets;
      const shown = sorted.reduce((sum, { docCount }) => sum + docCount, 0);
      return pickedResult({ type, buckets: sorted, others: (rows[0]?.total ?? 0) - shown, showError });
    },
  };
}

function innerOf(row: BucketRow, inner: InnerResults): Bucket["inner"] {
  return inner(row.count === 0 ? undefined : row);
}

function pickedResult(options: { type: string; buckets: Bucket[]; others: number; showError: boolean }): AggResult {
  const { type, buckets, others, showError } = options;
  return {
    type,
    body: { doc_count_error_upper_bound: 0, sum_other_doc_count: others },
    buckets: showError
      ? buckets.map((bucket) => ({ ...bucket, body: { ...bucket.body, doc_count_error_upper_bound: 0 } }))
      : buckets,
  };
}

function checkIncludes(spec: unknown, name: string): void {
  if (spec === undefined || typeof spec === "string") return;
  if (Array.isArray(spec) && spec.every((value: unknown) => isScalar(value))) return;
  throw unsupported(`[${name}] in [terms] other than a regular expression or a list of values`);
}

function includedSql(options: { column: ValueColumn; name: string; spec: unknown; plan: BucketPlanContext }): string {
  const { column, name, spec, plan } = options;
  const { valueClass } = column;
  if (typeof spec === "string") {
    if (valueClass === "keyword") return `regexp_full_match(${name}, ${quotedText(luceneRegexp(spec, true))}, 's')`;
    throw invalid(
      `Aggregation cannot support regular expression style include/exclude settings as they can only be applied to string fields. Use an array of values for include/exclude clauses`,
      "illegal_argument_exception",
    );
  }
  const literals = (spec as readonly Scalar[]).flatMap((value) => {
    const field = { name, type: "keyword" as const, valueClass: valueClass ?? "keyword" };
    const literal = termLiteral(field, value, dateOptions(plan.nowMs));
    if (literal === undefined) return [];
    const stored = "value" in literal ? literal.value : literal.from;
    return [
      typeof stored === "string"
        ? quotedText(stored)
        : typeof stored === "boolean"
          ? String(Number(stored))
          : String(stored),
    ];
  });
  return literals.length === 0 ? "FALSE" : `${name} IN (${literals.join(", ")})`;
}
