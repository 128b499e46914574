import { findField, type SearchField } from "../fields/find-field.ts";
import { MAX_PATTERN_LENGTH } from "../limits.ts";
import { invalid, unsupported } from "../search-fault.ts";
import { onElements } from "../sql-conditions.ts";
import { quotedText } from "../target.ts";
import { termsOf } from "../text/indexed-terms.ts";
import { holdsPhrase } from "../text/match-terms.ts";
import { type Clause, fieldClause, type Options } from "./clause.ts";
import { asciiLower, asciiLowerSql } from "./letter-case.ts";
import { luceneRegexp, re2Literal } from "./lucene-regexp.ts";
import { deferred, type Query } from "./query.ts";

export const prefixClause: Clause = {
  words: "Keywords, or words of a text field, that begin so.",
  options: ["value", "case_insensitive"],
  ignored: ["rewrite"],
  parse(body) {
    const { field, options } = fieldClause("prefix", body, { ...prefixClause, short: "value" });
    return prefixQuery(field, String(options.scalar("value")), options.flag("case_insensitive"));
  },
};

export const wildcardClause: Clause = {
  words:
    "Keywords, or words of a text field, that fit a pattern: `*` for anything, `?` for one character, `\\` escapes.",
  options: ["value", "wildcard", "case_insensitive"],
  ignored: ["rewrite"],
  parse(body) {
    const { field, options } = fieldClause("wildcard", body, { ...wildcardClause, short: "value" });
    const value = options.has("value") ? options.scalar("value") : options.scalar("wildcard");
    return wildcardQuery(field, String(value), options.flag("case_insensitive"));
  },
};

export const regexpClause: Clause = {
  words: "Keywords, or words of a text field, that a regular expression of Lucene's syntax matches as a whole.",
  options: ["value", "flags", "case_insensitive"],
  ignored: ["max_determinized_states", "rewrite"],
  differs:
    "The operators `~` (complement), `&` (intersection) and `<1-10>` (interval) are refused. With `case_insensitive`, ranges within brackets hold both cases, as OpenSearch has it and Elasticsearch 8 does not.",
  parse(body) {
    const { field, options } = fieldClause("regexp", body, { ...regexpClause, short: "value" });
    return regexpQuery(field, String(options.scalar("value")), {
      ignoreCase: options.flag("case_insensitive"),
      allOperators: allOperators(options),
    });
  },
};

/** The flags that are all on, or all off: single ones are refused. */
function allOperators(options: Options): boolean {
  const flags = options.text("flags")?.toUpperCase() ?? "ALL";
  if (flags === "ALL" || flags === "NONE") return flags === "ALL";
  throw unsupported(`[flags] [${flags}] in [regexp]`);
}

export function prefixQuery(field: string, prefix: string, ignoreCase = false): Query {
  const onWord = onTerms("prefix", field, (sql, bind) => {
    return ignoreCase
      ? `starts_with(${asciiLowerSql(sql)}, ${bind(asciiLower(prefix))})`
      : `starts_with(${sql}, ${bind(prefix)})`;
  });
  return {
    compile(context) {
      const found = findField(context, field);
      if (ignoreCase || prefix === "" || found?.words === undefined) return onWord.compile(context);
      return holdsPhrase({ field: found, values: context.values, words: [prefix], prefix: true });
    },
  };
}

export function wildcardQuery(field: string, pattern: string, ignoreCase = false): Query {
  return onTerms("wildcard", field, (sql, bind) => {
    checkLength("wildcard", pattern);
    const [text, told] = ignoreCase ? [asciiLowerSql(sql), asciiLower(pattern)] : [sql, pattern];
    const pieces = wildcardPieces(told);
    return pieces.every(isPlain)
      ? `${text} LIKE ${bind(pieces.map((piece) => (piece === ANY ? "%" : piece)).join(""))}`
      : `regexp_full_match(${text}, ${quotedText(pieces.map(re2Piece).join(""))}, 's')`;
  });
}

const ANY = Symbol("any text");
const ONE = Symbol("one character");
type Piece = string | typeof ANY | typeof ONE;

/** The pattern's characters, one by one. */
function wildcardPieces(pattern: string): Piece[] {
  return [...pattern.matchAll(/\\(.)|./gsu)].map(([piece, escaped]) => {
    if (escaped !== undefined) return escaped;
    return piece === "*" ? ANY : piece === "?" ? ONE : piece;
  });
}

/**
 * What a `LIKE` without `_` and without `ESCAPE` can tell: DuckDB goes through a text once for it. With either of them it
 * tries each place of each `%` with all of the others, for hours in one long text, and no interrupt reaches it there.
 */
function isPlain(piece: Piece): boolean {
  return piece === ANY || (piece !== ONE && !/[%_\\]/.test(piece));
}

function re2Piece(piece: Piece): string {
  return piece === ANY ? ".*" : piece === ONE ? "." : re2Literal(piece);
}

export function regexpQuery(
  field: string,
  pattern: string,
  { ignoreCase, allOperators }: { ignoreCase: boolean; allOperators: boolean },
): Query {
  return deferred(() => {
    checkLength("regexp", pattern);
    const re2 = quotedText(luceneRegexp(pattern, allOperators));
    return onTerms("regexp", field, (sql) => `regexp_full_match(${sql}, ${re2}, '${ignoreCase ? "si" : "s"}')`);
  });
}

function checkLength(clause: string, pattern: string): void {
  if (pattern.length <= MAX_PATTERN_LENGTH) return;
  throw invalid(
    `The length of ${clause} [${pattern.length}] used in the query has exceeded the allowed maximum of [${MAX_PATTERN_LENGTH}].`,
    "illegal_argument_exception",
  );
}

function onTerms(
  clause: string,
  name: string,
  condition: (sql: string, bind: (text: string) => string) => string,
): Query {
  return {
    compile(context) {
      const field = findField(context, name);
      if (field === undefined || field.valueClass === "object") return "FALSE";
      checkTextual(clause, field);
      return onElements(termsOf(field), (sql) => condition(sql, (text) => context.values.bind(text)));
    },
  };
}

function checkTextual(clause: string, { name, type, valueClass }: SearchField): void {
  const nestedKey = type === "flattened" && valueClass === "keyword";
  if (name !== "_id" && (nestedKey || valueClass === "keyword" || valueClass === "text")) return;
  if (valueClass === "flattened" || name === "_id") throw unsupported(`[${clause}] on [${name}] of type [${type}]`);
  throw invalid(
    `Can only use ${clause} queries on keyword, text and wildcard fields - not on [${name}] which is of type [${type}]`,
    "query_shard_exception",
  );
}
