import { findField, type SearchField } from "../fields/find-field.ts";
import { literalSql, type Scalar, termLiteral } from "../fields/literals.ts";
import { isObject, isScalar } from "../json-shape.ts";
import { MAX_TERMS } from "../limits.ts";
import { invalid, unsupported } from "../search-fault.ts";
import { any, onElements } from "../sql-conditions.ts";
import type { SearchTarget } from "../target.ts";
import { termsOf } from "../text/indexed-terms.ts";
import { holdsWords } from "../text/match-terms.ts";
import { type Clause, fieldClause } from "./clause.ts";
import { asciiLower, asciiLowerSql } from "./letter-case.ts";
import { datesOf, type Query, type QueryContext } from "./query.ts";

export const termClause: Clause = {
  words:
    "Documents whose field holds exactly this value; of a text field, one of its words. An `ip` may be a block in CIDR form, a date without a time of day stands for the whole day.",
  options: ["value", "case_insensitive"],
  parse(body) {
    const { field, options } = fieldClause("term", body, { ...termClause, short: "value" });
    return termQuery({ field, values: [options.scalar("value")], ignoreCase: options.flag("case_insensitive") });
  },
};

export const termsClause: Clause = {
  words: "Documents whose field holds one of these values, at most 10,000. A lookup in another index is refused.",
  options: [],
  parse(body) {
    const { boost, ...fields } = body;
    const [entry, second] = Object.entries(fields);
    if (entry === undefined)
      throw invalid(
        "[terms] query requires a field name, followed by array of terms or a document lookup specification",
      );
    if (second !== undefined) throw invalid("[terms] query does not support multiple fields");
    const [field, values] = entry;
    if (isObject(values)) throw unsupported("terms lookup in [terms]");
    if (!Array.isArray(values))
      throw invalid("[terms] query does not support a single value: it needs an array of values");
    if (values.length > MAX_TERMS) {
      throw invalid(
        `The number of terms [${values.length}] used in the Terms Query request has exceeded the allowed maximum of [${MAX_TERMS}].`,
        "illegal_argument_exception",
      );
    }
    const scalars = values.map((value: unknown) => {
      if (isScalar(value)) return value;
      throw invalid("No value specified for terms query", "illegal_argument_exception");
    });
    return termQuery({ field, values: scalars });
  },
};

/** Documents whose field holds one of the values. */
export function termQuery(options: { field: string; values: readonly Scalar[]; ignoreCase?: boolean }): Query {
  const { field: name, values, ignoreCase = false } = options;
  return {
    compile(context) {
      if (name === "_id") return idCondition(context.target, values.map(String), context);
      const field = findField(context, name);
      if (field === undefined) return "FALSE";
      if (field.valueClass === "text" && !ignoreCase && values.length > 0) {
        return holdsWords({ field, values: context.values, words: values.map(String), needed: 1 });
      }
      const { sql: terms, list } = termsOf(field);
      const sql = isKeptWhole(field, values) ? field.unnarrowed.sql : terms;
      const found = literalsOf({ field, values, ignoreCase, context });
      if (list && found.spans.length === 0 && !found.ignoreCase) {
        return found.exact.length === 0 ? "FALSE" : `list_has_any(${sql}, [${found.exact.join(", ")}])`;
      }
      return onElements({ sql, list }, (value) => oneOf(value, found));
    },
  };
}

/** None of the values is so long that the field leaves it out: what is as long can be none of them. */
function isKeptWhole(
  field: SearchField,
  values: readonly Scalar[],
): field is SearchField & Required<Pick<SearchField, "unnarrowed">> {
  const { unnarrowed } = field;
  return unnarrowed !== undefined && values.every((value) => String(value).length <= unnarrowed.ignoreAbove);
}

/** What a term may be: one of these values, or within one of these spans. */
type Literals = {
  exact: readonly string[];
  spans: readonly (readonly [from: string, to: string])[];
  ignoreCase: boolean;
};

function literalsOf(options: {
  field: SearchField;
  values: readonly Scalar[];
  ignoreCase: boolean;
  context: QueryContext;
}): Literals {
  const { field, values, ignoreCase, context } = options;
  const dates = datesOf(context);
  const place = (value: string | number | bigint | boolean) => literalSql(field.valueClass, context.values.bind(value));
  const exact: string[] = [];
  const spans: [string, string][] = [];
  for (const value of values) {
    const literal = termLiteral(field, value, dates);
    if (literal === undefined) continue;
    if ("from" in literal) spans.push([place(literal.from), place(literal.to)]);
    else exact.push(place(ignoreCase && typeof literal.value === "string" ? asciiLower(literal.value) : literal.value));
  }
  return { exact, spans, ignoreCase: ignoreCase && isTextual(field) };
}

function oneOf(sql: string, { exact, spans, ignoreCase }: Literals): string {
  const compared = ignoreCase ? asciiLowerSql(sql) : sql;
  return any([
    ...(exact.length === 0 ? [] : [`${compared} IN (${exact.join(", ")})`]),
    ...spans.map(([from, to]) => `(${sql} >= ${from} AND ${sql} <= ${to})`),
  ]);
}

function isTextual({ valueClass }: SearchField): boolean {
  return valueClass === "keyword" || valueClass === "text" || valueClass === "flattened";
}

/** `_id` of an append-only document of ours is its journal position. */
export function idCondition(target: SearchTarget, ids: readonly string[], { values, nested }: QueryContext): string {
  if (nested !== undefined) return "FALSE";
  const byPosition = () => {
    const positions = ids.filter((id) => /^\d{1,16}$/.test(id)).map((id) => values.bind(BigInt(id)));
    return positions.length === 0 ? "FALSE" : `_seq IN (${positions.join(", ")})`;
  };
  if (target.kind === "stream" && target.foreign === undefined) return byPosition();
  if (ids.length === 0) return "FALSE";
  const byId = `_id IN (${ids.map((id) => values.bind(id)).join(", ")})`;
  return target.foreign === undefined ? byId : `(${byId} OR (_id IS NULL AND ${byPosition()}))`;
}
