import { isFault } from "../../lib/fault.ts";
import { DEFAULT_FORMAT, dateFormat } from "../dates/date-format.ts";
import { timeZone, UTC } from "../dates/time-zone.ts";
import { findField } from "../fields/find-field.ts";
import { invalid } from "../search-fault.ts";
import { type Clause, type Options, readOptions } from "./clause.ts";
import { existsQuery } from "./ids.ts";
import { type LuceneLeaf, type LuceneNode, parseLucene, unescaped } from "./lucene-syntax.ts";
import { inFields, type Matching, matchQuery, readMatching } from "./match.ts";
import { minimumShouldMatch } from "./minimum-should-match.ts";
import { prefixQuery, regexpQuery, wildcardQuery } from "./patterns.ts";
import { bool, deferred, matchAll, matchNone, type Query } from "./query.ts";
import { rangeQuery } from "./range.ts";

export const queryStringClause: Clause = {
  words:
    'A query in Lucene\'s syntax: words, `"phrases"`, `field:`, `AND`, `OR`, `NOT`, `+`, `-`, groups, ranges (`[a TO b}`, `>=5`), `*` and `?`, `/regexp/`, `_exists_:field`. Without a field in `default_field`, `fields` or all of them.',
  options: [
    "query",
    "fields",
    "default_field",
    "default_operator",
    "analyzer",
    "quote_analyzer",
    "lenient",
    "minimum_should_match",
    "time_zone",
    "format",
    "type",
    "fuzziness",
    "phrase_slop",
    "allow_leading_wildcard",
  ],
  ignored: [
    "analyze_wildcard",
    "auto_generate_synonyms_phrase_query",
    "enable_position_increments",
    "escape",
    "fuzzy_max_expansions",
    "fuzzy_prefix_length",
    "fuzzy_transpositions",
    "fuzzy_rewrite",
    "max_determinized_states",
    "rewrite",
    "tie_breaker",
  ],
  differs:
    "Fuzziness and slop (`~`) are refused. `analyze_wildcard` has no effect: patterns are lower-cased for text fields.",
  parse(body) {
    const options = readOptions("query_string", body, queryStringClause);
    const text = options.text("query");
    if (text === undefined) throw invalid("[query_string] must be provided with a [query]");
    const operator = readOperator(options);
    const fields = options.list("fields") ?? options.list("default_field");
    const leaves = createLeaves({
      fields,
      matching: { ...readMatching("query_string", withoutSlop(options), "words"), operator },
      options,
    });
    if (text.trim() === "") return matchNone;
    return deferred(() => queryOf(parseLucene(text, operator), leaves, options));
  },
};

function readOperator(options: Options): "or" | "and" {
  const operator = options.text("default_operator")?.toLowerCase() ?? "or";
  if (operator === "or" || operator === "and") return operator;
  throw invalid(`No enum constant for operator [${operator}]`, "illegal_argument_exception");
}

/** `phrase_slop` and `slop` are the same, of which the latter is checked. */
function withoutSlop(options: Options): Options {
  const named = (name: string) => (name === "slop" ? "phrase_slop" : name);
  return {
    ...options,
    has: (name) => name !== "operator" && name !== "minimum_should_match" && options.has(named(name)),
    raw: (name) => options.raw(named(name)),
    text: (name) => (name === "operator" ? undefined : options.text(name)),
  };
}

function queryOf(node: LuceneNode, leaf: (leaf: LuceneLeaf, needed?: unknown) => Query, options?: Options): Query {
  if (node.kind !== "group") return leaf(node, options?.raw("minimum_should_match"));
  const of = (occurs: string) =>
    node.clauses
      .filter((clause) => clause.occurs === occurs)
      .map((clause) => queryOf(clause.node, (inner) => leaf(inner)));
  const [filter, should, mustNot] = [of("must"), of("should"), of("must_not")];
  const asked = options?.has("minimum_should_match") ? options.raw("minimum_should_match") : undefined;
  const needed = asked === undefined ? Number(filter.length === 0) : minimumShouldMatch(asked, should.length);
  return bool({ filter, should, mustNot, minimumShouldMatch: should.length === 0 ? 0 : needed });
}

type LeafOptions = { fields: readonly unknown[] | undefined; matching: Matching; options: Options };

function createLeaves({ fields, matching, options }: LeafOptions): (leaf: LuceneLeaf, needed?: unknown) => Query {
  const [format, zone] = [options.text("format"), options.text("time_zone")];
  const dates = {
    format: format === undefined ? DEFAULT_FORMAT : dateFormat(format),
    zone: zone === undefined ? UTC : timeZone(zone),
  };
  const leadingStar = !options.has("allow_leading_wildcard") || options.flag("allow_leading_wildcard");

  const inField = (leaf: LuceneLeaf, field: string, found: Pick<Matching, "lenient" | "minimumShouldMatch">): Query => {
    const { lenient } = found;
    switch (leaf.kind) {
      case "text":
        return matchQuery(field, leaf.text, { ...matching, ...found, kind: leaf.quoted ? "phrase" : "words" });
      case "pattern":
        return patternQuery(field, leaf.pattern, lenient);
      case "regexp":
        return forgiving(regexpQuery(field, leaf.pattern, { ignoreCase: false, allOperators: true }), lenient);
      case "range":
        return forgiving(rangeQuery(field, leaf.bounds, dates), lenient);
    }
  };
  return (leaf, needed) => {
    if (leaf.kind === "pattern" && !leadingStar && /^[*?]/.test(leaf.pattern)) {
      throw invalid("'*' or '?' not allowed as first character in WildcardQuery", "query_shard_exception");
    }
    const { field } = leaf;
    if (field === "_exists_") return existsQuery(leaf.kind === "text" ? leaf.text : "");
    const all = leaf.kind === "pattern" && leaf.pattern === "*";
    // Every document, or every one that has the field asked for.
    if (all && (field === "*" || (field === undefined && (fields === undefined || fields.includes("*")))))
      return matchAll;
    const asked = field === undefined ? fields : [field];
    if (all) return inFields(asked, (name) => existsQuery(name));
    const wanted = needed === undefined ? {} : { minimumShouldMatch: needed };
    return inFields(asked, (name, lenient) => inField(leaf, name, { lenient: lenient || matching.lenient, ...wanted }));
  };
}

/** Words of a text field are lower case, so a pattern for them is, too. */
function patternQuery(field: string, pattern: string, lenient: boolean): Query {
  const [lower, plain] = [prefixOrWildcard(field, pattern.toLowerCase()), prefixOrWildcard(field, pattern)];
  const query: Query = {
    compile: (context) => (findField(context, field)?.valueClass === "text" ? lower : plain).compile(context),
  };
  return forgiving(query, lenient);
}

function prefixOrWildcard(field: string, pattern: string): Query {
  return /^[^*?]+\*$/.test(pattern)
    ? prefixQuery(field, unescaped(pattern.slice(0, -1)))
    : wildcardQuery(field, pattern);
}

/** Where a list of fields is tried, one that cannot be asked so finds nothing. */
function forgiving(query: Query, lenient: boolean): Query {
  if (!lenient) return query;
  return {
    compile(context) {
      try {
        return query.compile(context);
      } catch (error) {
        if (isFault(error, "search_invalid")) return "FALSE";
        throw error;
      }
    },
  };
}
