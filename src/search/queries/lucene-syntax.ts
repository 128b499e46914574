import { invalid, unsupported } from "../search-fault.ts";

/** One leaf of a query in Lucene's syntax. `field` is undefined where none is named. */
export type LuceneLeaf = { field: string | undefined } & (
  | { kind: "text"; text: string; quoted: boolean }
  /** With the escapes still in it. */
  | { kind: "pattern"; pattern: string }
  | { kind: "regexp"; pattern: string }
  | { kind: "range"; bounds: { gt?: string; gte?: string; lt?: string; lte?: string } }
);

export type LuceneNode = LuceneLeaf | { kind: "group"; clauses: readonly LuceneClause[] };
export type LuceneClause = { occurs: "must" | "should" | "must_not"; node: LuceneNode };

/** An operator with a space behind it is `bare`: a word of its own, in which analysis finds nothing. */
type Token = { kind: "word" | "phrase" | "regexp" | "range" | "bare" | "symbol"; text: string; at: number };

const TOKEN =
  /\s*(?:("(?:\\.|[^"\\])*")|(\/(?:\\.|[^/\\])*\/)|([[{](?:\\.|"(?:\\.|[^"\\])*"|[^\]}"\\])*[\]}])|(&&|\|\||[()!+-])|((?:\\.|[^\s()"[\]{}^~:\\/])(?:\\.|[^\s()"[\]{}^~:\\])*)|([:^~]))/suy;
const COMPARISON = /^(<=|>=|<|>)(.*)$/s;

/** Reads the syntax of Lucene's classic query parser. Throws a `parse_exception`-like fault for what is malformed. */
export function parseLucene(text: string, defaultOperator: "or" | "and"): LuceneNode {
  const tokens = tokenize(text);
  let at = 0;
  const peek = (): Token | undefined => tokens[at];
  const isSymbol = (symbol: string, token = peek()) => token?.kind === "symbol" && token.text === symbol;
  const isWord = (word: string) => peek()?.kind === "word" && peek()?.text === word;
  const fail = (token: Token | undefined): Error =>
    malformed(text, token === undefined ? "it ends too early" : `[${token.text}] at ${token.at} is not expected`);

  const take = (...symbols: string[]): boolean => {
    if (!symbols.some((symbol) => (/^[A-Z]+$/.test(symbol) ? isWord(symbol) : isSymbol(symbol)))) return false;
    at += 1;
    return true;
  };

  const group = (field: string | undefined, depth: number): LuceneNode => {
    if (depth > 30) throw malformed(text, "it is nested too deep");
    const clauses: LuceneClause[] = [];
    while (peek() !== undefined && !isSymbol(")")) {
      const words = wordsInRow();
      if (words !== undefined) {
        const occurs = defaultOperator === "and" ? "must" : "should";
        clauses.push({ occurs, node: { field, kind: "text", text: words, quoted: false } });
        continue;
      }
      const joined = clauses.length === 0 ? undefined : take("AND", "&&") ? "and" : take("OR", "||") ? "or" : undefined;
      const negated = take("NOT", "!", "-");
      const required = !negated && take("+");
      const node = clause(field, depth);
      // Of Lucene's QueryParserBase.addClause: AND makes what is before it required, OR optional where AND is the default.
      const last = clauses.at(-1);
      if (last !== undefined && last.occurs !== "must_not") {
        if (joined === "and") last.occurs = "must";
        if (joined === "or" && defaultOperator === "and") last.occurs = "should";
      }
      const must = defaultOperator === "and" ? joined !== "or" : required || joined === "and";
      clauses.push({ occurs: negated ? "must_not" : must ? "must" : "should", node });
    }
    if (clauses.length === 0) throw fail(peek());
    const [only] = clauses;
    return clauses.length === 1 && only?.occurs !== "must_not" && only !== undefined
      ? only.node
      : { kind: "group", clauses };
  };

  /** Lucene's MultiTerm: words side by side are one text, as long as no operator follows the last of them. */
  const wordsInRow = (): string | undefined => {
    let end = at;
    while (isPlainWord(tokens[end]) && (end === at || endsWord(tokens[end + 1]))) end += 1;
    if (end - at < 2) return undefined;
    const words = tokens.slice(at, end).map((token) => unescaped(token.text));
    at = end;
    return words.join(" ");
  };
  const endsWord = (next: Token | undefined): boolean =>
    !(next?.kind === "symbol" && [":", "~", "^", "&&", "||"].includes(next.text)) &&
    !(next?.kind === "word" && (next.text === "AND" || next.text === "OR" || next.text === "*"));

  const clause = (field: string | undefined, depth: number): LuceneNode => {
    const token = tokens[at++];
    if (token === undefined) throw fail(token);
    if (token.kind === "symbol") {
      if (token.text !== "(") throw fail(token);
      const inner = group(field, depth + 1);
      if (!take(")")) throw fail(peek());
      return boosted(inner);
    }
    if (token.kind === "word" && isSymbol(":")) {
      if (field !== undefined) throw fail(peek());
      if (token.text !== "*" && UNESCAPED_STAR.test(token.text)) throw fail(token);
      at += 1;
      return clause(unescaped(token.text), depth);
    }
    return boosted(leafOf(token, field));
  };

  const boosted = (node: LuceneNode): LuceneNode => {
    if (take("~")) throw unsupported("[~] (fuzziness, slop) in a query string");
    if (!take("^")) return node;
    const boost = tokens[at++];
    if (boost?.kind !== "word" || !Number.isFinite(Number(boost.text))) throw fail(boost);
    return node;
  };

  const node = group(undefined, 0);
  if (peek() !== undefined) throw fail(peek());
  return node;

  function leafOf(token: Token, field: string | undefined): LuceneLeaf {
    switch (token.kind) {
      case "phrase":
        return { field, kind: "text", text: unescaped(token.text.slice(1, -1)), quoted: true };
      case "regexp":
        return { field, kind: "regexp", pattern: token.text.slice(1, -1).replaceAll("\\/", "/") };
      case "range":
        return { field, kind: "range", bounds: rangeOf(token.text) };
      default: {
        if (["AND", "OR", "NOT"].includes(token.text)) throw fail(token);
        const [, operator, operand] = COMPARISON.exec(token.text) ?? [];
        if (operator !== undefined && operand !== undefined) return comparison(operator, operand, field);
        if (UNESCAPED_STAR.test(token.text)) return { field, kind: "pattern", pattern: token.text };
        return { field, kind: "text", text: unescaped(token.text), quoted: false };
      }
    }
  }

  /** `>10`, or `> 10` and `>"10"` with the operand as the next token. */
  function comparison(operator: string, operand: string, field: string | undefined): LuceneLeaf {
    const next = operand === "" ? tokens[at++] : undefined;
    if (operand === "" && next?.kind !== "word" && next?.kind !== "phrase") throw fail(next);
    const value = unescaped(next === undefined ? operand : next.kind === "phrase" ? next.text.slice(1, -1) : next.text);
    const name = ({ ">": "gt", ">=": "gte", "<": "lt", "<=": "lte" } as const)[operator as ">"];
    return { field, kind: "range", bounds: { [name]: value } };
  }

  function rangeOf(whole: string): { gt?: string; gte?: string; lt?: string; lte?: string } {
    const inner = whole.slice(1, -1).trim();
    const [, low, high] =
      /^("(?:\\.|[^"\\])*"|(?:\\.|[^\s\\])+)\s+TO\s+("(?:\\.|[^"\\])*"|(?:\\.|[^\s\\])+)$/s.exec(inner) ?? [];
    if (low === undefined || high === undefined) throw malformed(text, `[${whole}] is no range`);
    const bound = (side: string) => unescaped(side.startsWith('"') ? side.slice(1, -1) : side);
    return {
      ...(low === "*" ? {} : { [whole.startsWith("[") ? "gte" : "gt"]: bound(low) }),
      ...(high === "*" ? {} : { [whole.endsWith("]") ? "lte" : "lt"]: bound(high) }),
    };
  }
}

const UNESCAPED_STAR = /(?<!\\)(?:\\\\)*[*?]/;

function isPlainWord(token: Token | undefined): boolean {
  if (token?.kind !== "word" || ["AND", "OR", "NOT"].includes(token.text)) return false;
  return !UNESCAPED_STAR.test(token.text) && !COMPARISON.test(token.text);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) throw malformed(text, `what begins at ${at} cannot be read`);
    const [whole, phrase, regexp, range, operator, word, mark] = found;
    const kind =
      phrase !== undefined
        ? "phrase"
        : regexp !== undefined
          ? "regexp"
          : range !== undefined
            ? "range"
            : word !== undefined
              ? "word"
              : "symbol";
    const token = phrase ?? regexp ?? range ?? operator ?? word ?? mark ?? "";
    at += whole.length;
    const bare = /^[-+!]$/.test(token) && kind === "symbol" && /^\s/.test(text.slice(at));
    tokens.push({ kind: bare ? "bare" : kind, text: token, at: at - token.length });
  }
  return tokens;
}

export function unescaped(text: string): string {
  return text.replace(/\\(.)/gsu, "$1");
}

function malformed(text: string, words: string): Error {
  return invalid(`Failed to parse query [${text}]: ${words}`, "query_shard_exception");
}
