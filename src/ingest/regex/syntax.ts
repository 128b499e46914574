import type { CharTest } from "./char-set.ts";

export type Assertion = "lineStart" | "lineEnd" | "textStart" | "textEnd" | "textEndOrNewline" | "word" | "notWord";

/** A regular expression as a tree. */
export type RegexNode =
  | { kind: "empty" }
  | { kind: "char"; code: number }
  | { kind: "set"; test: CharTest }
  | { kind: "sequence"; items: readonly RegexNode[] }
  | { kind: "choice"; options: readonly RegexNode[] }
  | { kind: "repeat"; item: RegexNode; min: number; max: number; mode: RepeatMode }
  | { kind: "capture"; item: RegexNode; index: number }
  | { kind: "look"; item: RegexNode; behind: boolean; negative: boolean }
  | { kind: "atomic"; item: RegexNode }
  | { kind: "backreference"; indices: readonly number[]; ignoreCase: boolean }
  | { kind: "assert"; what: Assertion };

export type RepeatMode = "greedy" | "lazy" | "possessive";

/** `max` of a repeat without an end. */
export const NO_END = Number.MAX_SAFE_INTEGER;

/**
 * Whose rules hold. Grok's are Ruby's (`^` and `$` at every line, `(?m)` lets the dot match newlines, named groups switch
 * plain ones off); `gsub`, `split`, `kv` and conditions have Java's.
 */
export type Dialect = "ruby" | "java";

export type ParsedRegex = {
  root: RegexNode;
  captures: number;
  /** Group numbers by name, in the order of the text: a name may stand more than once. */
  names: ReadonlyMap<string, readonly number[]>;
};
