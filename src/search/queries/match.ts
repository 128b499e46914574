import { isFault } from "../../lib/fault.ts";
import { findField, type SearchField } from "../fields/find-field.ts";
import type { Scalar } from "../fields/literals.ts";
import { invalid, unsupported } from "../search-fault.ts";
import { holdsPhrase, holdsWords } from "../text/match-terms.ts";
import { analyze } from "../text/standard-analyzer.ts";
import { type Clause, fieldClause, type Options, readOptions } from "./clause.ts";
import { fieldNamesOf } from "./field-list.ts";
import { minimumShouldMatch } from "./minimum-should-match.ts";
import { prefixQuery } from "./patterns.ts";
import { disjunction, type Query, type QueryContext } from "./query.ts";
import { termQuery } from "./terms.ts";

/** How a text that somebody typed is looked for in one field. */
export type Matching = {
  kind: "words" | "phrase" | "phrase_prefix";
  operator: "or" | "and";
  minimumShouldMatch?: unknown;
  /** What a text without a word finds. */
  withoutWords: "none" | "all";
  /** A value that is none of the field's type finds nothing, instead of being refused. */
  lenient: boolean;
};

/** What is looked for. */
function queryText(options: Options): Scalar {
  if (options.raw("query") === undefined) throw invalid("No text specified for text query");
  return options.scalar("query");
}

const common = ["query", "analyzer", "lenient", "zero_terms_query"];
/** They change nothing unless words are matched fuzzily, which is refused. */
const fuzzyOptions = ["max_expansions", "prefix_length", "fuzzy_transpositions", "fuzzy_rewrite", "cutoff_frequency"];
const ignored = [...fuzzyOptions, "auto_generate_synonyms_phrase_query"];

export const matchClause: Clause = {
  words:
    "Documents whose text holds the words of the query, one of them or with `operator` `and` all. On other fields as `term`.",
  options: [...common, "operator", "minimum_should_match", "fuzziness"],
  ignored,
  differs: "`fuzziness` other than 0 is refused, and analyzers other than `standard`.",
  parse(body) {
    const { field, options } = fieldClause("match", body, { ...matchClause, short: "query" });
    return matchQuery(field, queryText(options), readMatching("match", options, "words"));
  },
};

export const matchPhraseClause: Clause = {
  words: "Documents whose text holds the words of the query side by side. On other fields as `term`.",
  options: [...common, "slop"],
  ignored,
  differs: "`slop` other than 0 is refused.",
  parse(body) {
    const { field, options } = fieldClause("match_phrase", body, { ...matchPhraseClause, short: "query" });
    return matchQuery(field, queryText(options), readMatching("match_phrase", options, "phrase"));
  },
};

export const matchPhrasePrefixClause: Clause = {
  words: "As `match_phrase`, and the last word may go on.",
  options: [...common, "slop"],
  ignored,
  differs: "The last word stands for all words that begin so, not for the first `max_expansions` (50) of them.",
  parse(body) {
    const { field, options } = fieldClause("match_phrase_prefix", body, { ...matchPhrasePrefixClause, short: "query" });
    return matchQuery(field, queryText(options), readMatching("match_phrase_prefix", options, "phrase_prefix"));
  },
};

const MULTI_TYPES: Readonly<Record<string, Matching["kind"]>> = {
  best_fields: "words",
  most_fields: "words",
  phrase: "phrase",
  phrase_prefix: "phrase_prefix",
};

export const multiMatchClause: Clause = {
  words: "A `match` in several fields, of which one has to match; names may have `*`. Without `fields` in all of them.",
  options: [...common, "fields", "type", "operator", "minimum_should_match", "slop", "fuzziness"],
  ignored: [...ignored, "tie_breaker"],
  differs: "The types `cross_fields` and `bool_prefix` are refused.",
  parse(body) {
    const options = readOptions("multi_match", body, multiMatchClause);
    const type = options.text("type") ?? "best_fields";
    const kind = Object.hasOwn(MULTI_TYPES, type) ? MULTI_TYPES[type] : undefined;
    if (kind === undefined) throw unsupported(`[type] [${type}] in [multi_match]`);
    const matching = readMatching("multi_match", options, kind);
    const fields = options.list("fields");
    return inFields(fields, (field, lenient) =>
      matchQuery(field, queryText(options), { ...matching, lenient: matching.lenient || lenient }),
    );
  },
};

/** The query in one of several fields; patterns, and no list at all, stand for what each target has. */
export function inFields(
  fields: readonly unknown[] | undefined,
  query: (field: string, lenient: boolean) => Query,
): Query {
  return {
    compile(context) {
      const { names, lenient } = fieldNamesOf(fields, context);
      return disjunction(names.map((name) => query(name, lenient))).compile(context);
    },
  };
}

export function readMatching(clause: string, options: Options, kind: Matching["kind"]): Matching {
  const analyzer = options.text("analyzer") ?? "standard";
  if (analyzer !== "standard") throw unsupported(`[analyzer] [${analyzer}] in [${clause}]`);
  for (const name of ["slop", "fuzziness"]) {
    if (options.has(name) && Number(options.raw(name)) !== 0) throw unsupported(`[${name}] in [${clause}]`);
  }
  const operator = options.text("operator")?.toLowerCase() ?? "or";
  if (operator !== "or" && operator !== "and") {
    throw invalid(`operator needs to be either [or] or [and], but not [${operator}]`, "illegal_argument_exception");
  }
  const withoutWords = options.text("zero_terms_query")?.toLowerCase() ?? "none";
  if (withoutWords !== "none" && withoutWords !== "all") {
    throw invalid(`Unsupported zero_terms_query value [${withoutWords}]`);
  }
  return {
    kind,
    operator,
    withoutWords,
    lenient: options.flag("lenient"),
    ...(options.has("minimum_should_match") ? { minimumShouldMatch: options.raw("minimum_should_match") } : {}),
  };
}

export function matchQuery(name: string, value: Scalar, matching: Matching): Query {
  if (matching.minimumShouldMatch !== undefined) minimumShouldMatch(matching.minimumShouldMatch, 1);
  return {
    compile(context) {
      const field = findField(context, name);
      if (field === undefined || field.valueClass === "object") return "FALSE";
      if (field.valueClass === "text") return textCondition({ field, text: String(value), matching, context });
      return otherCondition({ field, value, matching, context });
    },
  };
}

function otherCondition(options: {
  field: SearchField;
  value: Scalar;
  matching: Matching;
  context: QueryContext;
}): string {
  const { field, value, matching, context } = options;
  if (matching.kind === "phrase_prefix") {
    if (field.valueClass === "keyword") return prefixQuery(field.name, String(value)).compile(context);
    if (matching.lenient) return "FALSE";
    throw invalid(
      `Can only use phrase prefix queries on text fields - not on [${field.name}] which is of type [${field.type}]`,
      "query_shard_exception",
    );
  }
  const query = termQuery({ field: field.name, values: [value] });
  if (!matching.lenient) return query.compile(context);
  try {
    return query.compile(context);
  } catch (error) {
    if (isFault(error, "search_invalid")) return "FALSE";
    throw error;
  }
}

function textCondition(options: {
  field: SearchField;
  text: string;
  matching: Matching;
  context: QueryContext;
}): string {
  const { field, text, matching, context } = options;
  const words = analyze(text);
  if (words.length === 0) return matching.withoutWords === "all" ? "TRUE" : "FALSE";
  const { values } = context;
  if (matching.kind !== "words") {
    return holdsPhrase({ field, values, words, prefix: matching.kind === "phrase_prefix" });
  }
  // Optional clauses are counted as they stand, repeated words included.
  if (matching.operator === "and") return holdsWords({ field, values, words, needed: words.length });
  const asked = matching.minimumShouldMatch;
  const needed = asked === undefined ? 1 : Math.max(1, minimumShouldMatch(asked, words.length));
  return needed > words.length ? "FALSE" : holdsWords({ field, values, words, needed });
}
