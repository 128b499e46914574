import { isFault } from "../../lib/fault.ts";
import { asPartFailure, invalid } from "../search-fault.ts";
import { type Clause, type QueryParser, readOptions } from "./clause.ts";
import { minimumShouldMatch } from "./minimum-should-match.ts";
import { bool, type Query } from "./query.ts";

export const boolClause: Clause = {
  words: "Clauses that must, must not or may hold. There is no score, so `must` and `filter` are the same.",
  options: ["filter", "must", "must_not", "should", "minimum_should_match"],
  ignored: ["adjust_pure_negative"],
  parse(body, parser) {
    const options = readOptions("bool", body, boolClause, "object");
    const clauses = (name: string): Query[] =>
      (options.list(name) ?? []).map((clause) => parsedIn("bool", name, () => parser.parse(clause)));
    const filter = [...clauses("must"), ...clauses("filter")];
    const should = clauses("should");
    const asked = options.has("minimum_should_match")
      ? minimumShouldMatch(options.raw("minimum_should_match"), should.length)
      : 0;
    const needed = filter.length > 0 ? asked : leastWithoutFilter(should.length, asked);
    return bool({ filter, mustNot: clauses("must_not"), should, minimumShouldMatch: needed });
  },
};

/**
 * Lucene finds documents by what has to match: where nothing else has to, at least one `should` does, whatever is asked
 * for; and where there is nothing but what must not, it never gets to count.
 */
function leastWithoutFilter(shouldCount: number, asked: number): number {
  return shouldCount === 0 ? 0 : Math.max(1, asked);
}

export const constantScoreClause: Clause = {
  words: "What its `filter` finds; every score is 1.0 anyway.",
  options: ["filter"],
  parse(body, parser) {
    const options = readOptions("constant_score", body, constantScoreClause);
    return onlyClause("constant_score", options.raw("filter"), parser);
  },
};

function onlyClause(clause: string, value: unknown, parser: QueryParser): Query {
  if (value === undefined) throw invalid(`[${clause}] requires a 'filter' element`);
  return parser.parse(value);
}

/** What is wrong within a part is told as the part's failure, with its own cause. */
function parsedIn<T>(clause: string, part: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw isFault(error) ? asPartFailure(error, `[${clause}] failed to parse field [${part}]`) : error;
  }
}
