import type { Json } from "../../../events/document.ts";
import { isObject } from "../../json-shape.ts";
import { MAX_BUCKETS } from "../../limits.ts";
import { invalid, invalidAtShards } from "../../search-fault.ts";
import type { Level } from "../aggregation.ts";
import type { Relation } from "../columns.ts";
import { type Kind, kindOptions } from "../kind.ts";
import type { BucketKey } from "../result.ts";
import { type PlannedSource, parseSource, type Source } from "./composite-sources.ts";

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
    if (given.length === 0)
      throw invalid("Failed to build [composite]: [sources] cannot be null or empty", "x_content_parse_exception");
    const sources = given.map((source) => parseSource(context, source));
    if (new Set(sources.map(({ name }) => name)).size < sources.length) {
      throw invalid("Composite source names must be unique", "x_content_parse_exception");
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
    throw invalidAtShards(
      `[after] has ${names.length} value(s) but [sources] has ${sources.length}, of which each needs one`,
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
