import type { CodePoints } from "./word-classes.ts";
import { re2CodePoint, wordPattern } from "./word-pattern.ts";
import { scanWords } from "./word-scanner.ts";

/** Lucene cuts longer tokens into pieces of this length. */
const MAX_TOKEN_LENGTH = 255;

/** Latin letters, general punctuation, currency, arrows, mathematical signs and box drawing: what log lines are made of. */
const PLAIN: readonly CodePoints[] = [
  [0x0, 0x24f],
  [0x2010, 0x20cf],
  [0x2100, 0x25ff],
];
const EVERYTHING: readonly CodePoints[] = [[0x0, 0x10ffff]];

/**
 * The tokens of a text as Elasticsearch's `standard` analyzer gives them: words by UAX #29, lower-cased character by
 * character, at most 255 characters long.
 */
export function analyze(text: string): string[] {
  const words = scanWords(lowerCased(text));
  return words.some(isLong) ? words.flatMap((word) => (isLong(word) ? (word.match(PIECES) ?? []) : [word])) : words;
}

const PIECES = new RegExp(`.{1,${MAX_TOKEN_LENGTH}}`, "gsu");

function isLong(word: string): boolean {
  return word.length > MAX_TOKEN_LENGTH;
}

/** One character for each, as Java and DuckDB do: JavaScript makes two of a dotted I, and knows the last sigma of a word. */
function lowerCased(text: string): string {
  if (!/[\u0130\u03a3]/.test(text)) return text.toLowerCase();
  return [...text].map((character) => String.fromCodePoint(character.toLowerCase().codePointAt(0) ?? 0)).join("");
}

/**
 * The list of the tokens of a text as SQL, found by a regular expression that RE2 runs. A text of plain characters alone is
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
  return `'${wordPattern(alphabet).replaceAll("'", "''")}'`;
}
