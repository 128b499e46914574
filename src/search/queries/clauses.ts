import { unknownQuery } from "../elsewhere.ts";
import { isObject } from "../json-shape.ts";
import { MAX_CLAUSES, MAX_DEPTH } from "../limits.ts";
import { invalid } from "../search-fault.ts";
import { boolClause, constantScoreClause } from "./bool.ts";
import type { Clause, QueryParser } from "./clause.ts";
import { existsClause, idsClause } from "./ids.ts";
import { matchClause, matchPhraseClause, matchPhrasePrefixClause, multiMatchClause } from "./match.ts";
import { matchAllClause, matchNoneClause } from "./match-all.ts";
import { nestedClause } from "./nested.ts";
import { prefixClause, regexpClause, wildcardClause } from "./patterns.ts";
import type { Query } from "./query.ts";
import { queryStringClause } from "./query-string.ts";
import { rangeClause } from "./range.ts";
import { simpleQueryStringClause } from "./simple-query-string.ts";
import { termClause, termsClause } from "./terms.ts";

/** Every clause of the Query DSL that the embedded store answers; any other is refused by its name. */
export const clauses: Readonly<Record<string, Clause>> = {
  match_all: matchAllClause,
  match_none: matchNoneClause,
  bool: boolClause,
  constant_score: constantScoreClause,
  term: termClause,
  terms: termsClause,
  range: rangeClause,
  exists: existsClause,
  ids: idsClause,
  prefix: prefixClause,
  wildcard: wildcardClause,
  regexp: regexpClause,
  match: matchClause,
  match_phrase: matchPhraseClause,
  match_phrase_prefix: matchPhrasePrefixClause,
  multi_match: multiMatchClause,
  query_string: queryStringClause,
  simple_query_string: simpleQueryStringClause,
  nested: nestedClause,
};

/** Reads a query of the supported subset. */
export function parseQuery(value: unknown): Query {
  let left = MAX_CLAUSES;
  const parserAt = (depth: number): QueryParser => ({
    parse(body) {
      if (!isObject(body)) throw invalid("[query] malformed: an object with one clause is expected");
      const [entry, ...others] = Object.entries(body);
      if (entry === undefined) throw invalid("query malformed, empty clause found", "illegal_argument_exception");
      const [name, options] = entry;
      if (others.length > 0) {
        throw invalid(`[${name}] malformed query, expected [END_OBJECT] but found [${others[0]?.[0]}]`);
      }
      const clause = Object.hasOwn(clauses, name) ? clauses[name] : undefined;
      if (clause === undefined) throw unknownQuery(name);
      if (!isObject(options)) throw invalid(`[${name}] query malformed, no start_object after query name`);
      if (depth > MAX_DEPTH) throw invalid(`The query is nested deeper than ${MAX_DEPTH} levels`);
      left -= 1;
      if (left < 0) throw invalid(`The query has more than ${MAX_CLAUSES} clauses`, "too_many_clauses");
      return clause.parse(options, parserAt(depth + 1));
    },
  });
  return parserAt(0).parse(value);
}
