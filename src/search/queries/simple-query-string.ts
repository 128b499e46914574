import { findField } from "../fields/find-field.ts";
import { invalid, unsupported } from "../search-fault.ts";
import { type Clause, readOptions } from "./clause.ts";
import { inFields, type Matching, matchQuery, readMatching } from "./match.ts";
import { minimumShouldMatch } from "./minimum-should-match.ts";
import { prefixQuery } from "./patterns.ts";
import { bool, matchAll, matchNone, type Query } from "./query.ts";

export const simpleQueryStringClause: Clause = {
  words: 'Words with `+` (and), `|` (or), `-` (not), `"phrases"`, `prefix*` and groups; never malformed.',
  options: ["query", "fields", "default_operator", "analyzer", "lenient", "minimum_should_match", "flags"],
  ignored: [
    "analyze_wildcard",
    "auto_generate_synonyms_phrase_query",
    "fuzzy_max_expansions",
    "fuzzy_prefix_length",
    "fuzzy_transpositions",
  ],
  differs: "Fuzziness and slop (`~`) and single `flags` are refused.",
  parse(body) {
    const options = readOptions("simple_query_string", body, simpleQueryStringClause);
    const text = options.text("query");
    if (text === undefined) throw invalid("[simple_query_string] query text missing");
    if (options.has("flags") && options.text("flags")?.toUpperCase() !== "ALL") {
      throw unsupported("[flags] other than ALL in [simple_query_string]");
    }
    const operator = options.text("default_operator")?.toLowerCase() === "and" ? "and" : "or";
    const matching: Matching = {
      ...readMatching("simple_query_string", { ...options, has: () => false, text: () => undefined }, "words"),
      operator,
      lenient: options.flag("lenient"),
    };
    const asked = options.has("minimum_should_match") ? options.raw("minimum_should_match") : undefined;
    return parseSimple(text, { operator, fields: options.list("fields"), matching, minimumShouldMatch: asked });
  },
};

type Settings = {
  operator: "or" | "and";
  fields: readonly unknown[] | undefined;
  matching: Matching;
  minimumShouldMatch: unknown;
};

/** What is read so far of one group, as Lucene's SimpleQueryParser keeps it: a new operator wraps what came before. */
type State = { clauses: Query[]; joined: "or" | "and" | undefined; next: "or" | "and" | undefined; negations: number };

function parseSimple(text: string, settings: Settings): Query {
  const characters = [...text];
  let at = 0;

  const built = (state: State): Query => {
    if (state.clauses.length === 0) return matchNone;
    if (state.joined === "and") return bool({ filter: state.clauses });
    const asked = settings.minimumShouldMatch;
    const needed = asked === undefined ? 1 : Math.max(1, minimumShouldMatch(asked, state.clauses.length));
    return bool({ should: state.clauses, minimumShouldMatch: needed });
  };
  const add = (state: State, query: Query): void => {
    const clause = state.negations % 2 === 1 ? bool({ mustNot: [query] }) : query;
    state.negations = 0;
    const operator = state.next ?? settings.operator;
    if (state.clauses.length > 1 && state.joined !== operator) state.clauses = [built(state)];
    if (state.clauses.length > 0) state.joined = operator;
    state.clauses.push(clause);
    state.next = undefined;
  };
  const upTo = (ends: (character: string) => boolean): { text: string; closed: boolean } => {
    let out = "";
    while (at < characters.length) {
      const character = characters[at] ?? "";
      if (character === "\\" && at + 1 < characters.length) {
        out += characters[at + 1];
        at += 2;
        continue;
      }
      if (ends(character)) return { text: out, closed: true };
      out += character;
      at += 1;
    }
    return { text: out, closed: false };
  };
  const refuseTilde = (): void => {
    if (characters[at] === "~") throw unsupported("[~] (fuzziness, slop) in [simple_query_string]");
  };

  const group = (until: number): Query => {
    const state: State = { clauses: [], joined: undefined, next: undefined, negations: 0 };
    while (at < until) {
      const character = characters[at] ?? "";
      if (character === "(" || character === ")") {
        const end = character === "(" ? closingBracket(characters, at) : undefined;
        at += 1;
        // A bracket without its other half is passed over.
        if (end === undefined) continue;
        if (end > at) add(state, group(end));
        at = end + 1;
      } else if (character === '"') {
        at += 1;
        const { text: phrase, closed } = upTo((end) => end === '"');
        at += 1;
        if (closed && phrase !== "") {
          refuseTilde();
          add(state, leaf({ ...settings.matching, kind: "phrase" }, phrase));
        }
      } else if (character === "+" || character === "|") {
        if (state.clauses.length > 0 && state.next === undefined) state.next = character === "+" ? "and" : "or";
        at += 1;
      } else if (character === "-") {
        state.negations += 1;
        at += 1;
      } else if (/\s/.test(character)) {
        at += 1;
        state.negations = 0;
      } else add(state, word());
    }
    return built(state);
  };
  const word = (): Query => {
    const from = at;
    const { text: found } = upTo((end) => /[\s"|+()~]/.test(end));
    refuseTilde();
    const raw = characters.slice(from, at).join("");
    if (raw === "*") return matchAll;
    if (!/(?<!\\)\*$/.test(raw)) return leaf(settings.matching, found);
    return inFields(settings.fields, (field) => prefixOfWords(field, found.slice(0, -1)));
  };
  const leaf = (matching: Matching, found: string): Query =>
    inFields(settings.fields, (field, lenient) =>
      matchQuery(field, found, { ...matching, lenient: matching.lenient || lenient }),
    );

  return group(characters.length);
}

function closingBracket(characters: readonly string[], from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < characters.length; at++) {
    if (characters[at] === "\\") at += 1;
    else if (characters[at] === "(") depth += 1;
    else if (characters[at] === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

function prefixOfWords(field: string, prefix: string): Query {
  const [lower, plain] = [prefixQuery(field, prefix.toLowerCase()), prefixQuery(field, prefix)];
  return {
    compile(context) {
      const valueClass = findField(context, field)?.valueClass;
      if (valueClass === "text") return lower.compile(context);
      return valueClass === "keyword" ? plain.compile(context) : "FALSE";
    },
  };
}
