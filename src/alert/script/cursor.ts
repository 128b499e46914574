import type { Fault } from "../../lib/fault.ts";
import { scriptInvalid } from "./script-fault.ts";
import { scriptTokens, type Token } from "./tokens.ts";

/** Walks over the words and signs of a script. */
export type Cursor = {
  /** Where in the text the next one stands. */
  here(): number;
  /** The next one, which is passed. */
  take(): Token | undefined;
  /** Whether a sign is the next, or stands so many ahead. */
  isSign(text: string, ahead?: number): boolean;
  /** The word that is the next, or stands so many ahead; undefined where there is none. */
  word(ahead?: number): string | undefined;
  /** Whether the next is a text, with a sign behind it. */
  isTextBefore(text: string): boolean;
  /** Passes so many. */
  skip(count: number): void;
  /** Passes the next where it is one of these signs, and tells which. */
  sign<Text extends string>(...texts: readonly Text[]): Text | undefined;
  /** Passes a sign that must be there. */
  expect(text: string): void;
  /** Throws where anything is left. */
  end(): void;
  /** The fault of a part that cannot be. */
  refuse(reason: string, at?: number): Fault;
  /** The fault of one that should not be there. */
  unexpected(token: Token | undefined): Fault;
};

/** Words and signs of what is no expression, or of expressions that are left out. */
const STATEMENTS: ReadonlySet<string> = new Set(
  (
    "if else while do for in continue break return new try catch throw this instanceof def var int long double float " +
    "boolean String List Map = += -= *= /= %= ++ -- { } =~ ==~ :: ~ ^ & | ;"
  ).split(" "),
);

export function createCursor(source: string): Cursor {
  const tokens = scriptTokens(source);
  let at = 0;
  const refuse: Cursor["refuse"] = (reason, where = cursor.here()) => scriptInvalid({ source, at: where, reason });
  const cursor: Cursor = {
    here: () => tokens[at]?.at ?? source.length,
    take() {
      at += 1;
      return tokens[at - 1];
    },
    isSign(text, ahead = 0) {
      const token = tokens[at + ahead];
      return token?.kind === "sign" && token.text === text;
    },
    word(ahead = 0) {
      const token = tokens[at + ahead];
      return token?.kind === "name" ? token.text : undefined;
    },
    isTextBefore: (text) => tokens[at]?.kind === "text" && cursor.isSign(text, 1),
    skip(count) {
      at += count;
    },
    sign(...texts) {
      const found = texts.find((text) => cursor.isSign(text));
      if (found !== undefined) at += 1;
      return found;
    },
    expect(text) {
      if (cursor.sign(text) === undefined) throw cursor.unexpected(tokens[at]);
    },
    end() {
      if (at < tokens.length) throw cursor.unexpected(tokens[at]);
    },
    refuse,
    unexpected(token) {
      if (token === undefined) return refuse("unexpected end of script", source.length);
      const text = "text" in token ? token.text : String(token.value);
      return refuse(STATEMENTS.has(text) ? notInPart(text) : `unexpected token ['${text}']`, token.at);
    },
  };
  return cursor;
}

/** What is said of a word that begins no expression. */
export function wordsOfName(name: string): string {
  return STATEMENTS.has(name) ? notInPart(name) : `cannot resolve symbol [${name}]`;
}

function notInPart(text: string): string {
  return `[${text}] is not in the part of Painless that watches may use: one expression, without statements`;
}
