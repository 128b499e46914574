import { type CodePoints, wordPattern } from "./word-pattern.ts";

/** Lucene cuts longer tokens into pieces of this length. */
const MAX_TOKEN_LENGTH = 255;

/** Latin letters, general punctuation, currency, arrows, mathematical signs and box drawing: what log lines are made of. */
const PLAIN: readonly CodePoints[] = [
  [0x0, 0x24f],
  [0x2010, 0x20cf],
  [0x2100, 0x25ff],
];
const EVERYTHING: readonly CodePoints[] = [[0x0, 0x10ffff]];

let everyWord: RegExp | undefined;

/**
 * The tokens of a text as Elasticsearch's `standard` analyzer gives them: words by UAX #29, lower-cased character by
 * character, at most 255 characters long.
 */
export function analyze(text: string): string[] {
  everyWord ??= new RegExp(
    wordPattern(EVERYTHING, (codePoint) => `\\u{${codePoint.toString(16)}}`),
    "gu",
  );
  return (lowerCased(text).match(everyWord) ?? []).flatMap(pieces);
}

function pieces(token: string): string[] {
  if (token.length <= MAX_TOKEN_LENGTH) return [token];
  return token.match(new RegExp(`.{1,${MAX_TOKEN_LENGTH}}`, "gsu")) ?? [];
}

/** One character for each, as Java and DuckDB do: JavaScript makes two of a dotted I, and knows the last sigma of a word. */
function lowerCased(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return [...text].map((character) => String.fromCodePoint(character.toLowerCase().codePointAt(0) ?? 0)).join("");
}

/**
 * The list of the tokens of a text as SQL: the same regular expression, run by RE2. A text of plain characters alone is
 * read by a smaller automaton, which is faster to make and to run. Not to be used within a lambda: DuckDB would compile
 * the expressions anew for every two thousand rows.
 */
export function tokensSql(sql: string): string {
  sqlPatterns ??= { plain: re2Pattern(PLAIN), every: re2Pattern(EVERYTHING) };
  const { plain, every } = sqlPatterns;
  const characters = PLAIN.map(([from, to]) => `${re2CodePoint(from)}-${re2CodePoint(to)}`).join("");
  const lower = `lower(${sql})`;
  const tokens = `CASE WHEN regexp_full_match(${sql}, '[${characters}]*') THEN regexp_extract_all(${lower}, ${plain}) ELSE regexp_extract_all(${lower}, ${every}) END`;
  const cut = `flatten(list_transform(tokens, lambda token: regexp_extract_all(token, '.{1,${MAX_TOKEN_LENGTH}}', 0, 's')))`;
  // The list of one is there to name the tokens, which would otherwise be made twice.
  return `list_transform([${tokens}], lambda tokens: CASE WHEN strlen(${sql}) <= ${MAX_TOKEN_LENGTH} THEN tokens ELSE ${cut} END)[1]`;
}

let sqlPatterns: { plain: string; every: string } | undefined;

function re2Pattern(alphabet: readonly CodePoints[]): string {
  return `'${wordPattern(alphabet, re2CodePoint).replaceAll("'", "''")}'`;
}

/** The character itself where a statement can hold it, which is shorter. */
function re2CodePoint(codePoint: number): string {
  const inText = codePoint >= 0x100 && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
  return inText ? String.fromCodePoint(codePoint) : `\\x{${codePoint.toString(16)}}`;
}
