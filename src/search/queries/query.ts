import type { FieldScope } from "../fields/find-field.ts";
import { type DateOptions, dateOptions } from "../fields/literals.ts";
import { createSqlValues, type SqlValues } from "../sql-values.ts";
import { ALWAYS, earlier, later, type TimeBounds } from "./time-bounds.ts";

/** What a query is compiled for: one target's documents, or the objects of a nested field of them. */
export type QueryContext = FieldScope & { values: SqlValues; nowMs: number };

/** A query after parsing: every part is known to be supported; fields and values are checked against a target later. */
export type Query = {
  /** The condition over the columns of one target. It may be NULL where a document lacks a field. */
  compile(context: QueryContext): string;
  /** The span of `@timestamp` outside of which nothing can match; without it there is none. */
  timeBounds?(nowMs: number): TimeBounds;
};

export function timeBoundsOf(query: Query, nowMs: number): TimeBounds {
  return query.timeBounds?.(nowMs) ?? ALWAYS;
}

export function datesOf({ nowMs }: QueryContext): DateOptions {
  return dateOptions(nowMs);
}

/** A query whose text is only read for a target, since Elasticsearch's shards do so and tell what is wrong with it. */
export function deferred(make: () => Query): Query {
  return { compile: (context) => make().compile(context) };
}

export const matchAll: Query = { compile: () => "TRUE" };
export const matchNone: Query = { compile: () => "FALSE" };

/** All of the queries hold. */
export function conjunction(queries: readonly Query[]): Query {
  return bool({ filter: queries });
}

/** One of the queries holds. */
export function disjunction(queries: readonly Query[]): Query {
  const [only, ...others] = queries;
  if (only !== undefined && others.length === 0) return only;
  return bool({ should: queries, minimumShouldMatch: 1 });
}

export type BoolParts = {
  filter?: readonly Query[];
  mustNot?: readonly Query[];
  should?: readonly Query[];
  /** How many of `should` have to match; none unless told. */
  minimumShouldMatch?: number;
};

export function bool({ filter = [], mustNot = [], should = [], minimumShouldMatch = 0 }: BoolParts): Query {
  return {
    compile(context) {
      const conditions = [
        ...filter.map((query) => query.compile(context)),
        // A missing field makes a condition NULL, and NOT NULL would lose the document.
        ...mustNot.map((query) => `NOT coalesce(${query.compile(context)}, FALSE)`),
      ];
      const counted = minimumShouldMatch > 0 && minimumShouldMatch <= should.length;
      // Clauses that decide nothing are compiled all the same, so that what is wrong in them is refused.
      const values = counted ? context.values : createSqlValues();
      const optional = should.map((query) => query.compile({ ...context, values }));
      if (counted) conditions.push(atLeast(minimumShouldMatch, optional));
      else if (minimumShouldMatch > 0) conditions.push("FALSE");
      return conditions.length === 0 ? "TRUE" : `(${conditions.join(" AND ")})`;
    },
    timeBounds: (nowMs) => {
      const spans = filter.map((query) => timeBoundsOf(query, nowMs));
      return {
        fromUs: spans.map(({ fromUs }) => fromUs).reduce(later, ALWAYS.fromUs),
        toUs: spans.map(({ toUs }) => toUs).reduce(earlier, ALWAYS.toUs),
      };
    },
  };
}

function atLeast(count: number, conditions: readonly string[]): string {
  if (count === 1) return `(${conditions.join(" OR ")})`;
  if (count === conditions.length) return `(${conditions.join(" AND ")})`;
  return `(${conditions.map((condition) => `CASE WHEN ${condition} THEN 1 ELSE 0 END`).join(" + ")}) >= ${count}`;
}
