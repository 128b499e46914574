import { Fault } from "../../lib/fault.ts";
import { allOf, anyOf, type CharTest, ignoringCase, not, one, posixClasses, range } from "./char-set.ts";
import { createEscapes } from "./escapes.ts";
import { type Dialect, NO_END, type ParsedRegex, type RegexNode, type RepeatMode } from "./syntax.ts";

type Flags = { ignoreCase: boolean; dotAll: boolean; multiline: boolean; extended: boolean };

const MAX_SOURCE = 65_536;
const MAX_DEPTH = 200;
const MAX_REPEAT = 1_000;
const NEWLINE = 0x0a;

/**
 * Parses a regular expression of Ruby's or Java's syntax: groups of all kinds, looking around, atomic groups, possessive
 * and lazy repeats, POSIX brackets, intersections, Unicode properties, inline flags. Throws `regex_invalid`.
 */
export function parseRegex(options: { source: string; dialect: Dialect; ignoreCase?: boolean }): ParsedRegex {
  const { source, dialect } = options;
  if (source.length > MAX_SOURCE) throw invalid(source, `is longer than ${MAX_SOURCE} characters`);
  const names = new Map<string, number[]>();
  // Where named groups exist, Ruby's plain ones capture nothing.
  const plainCapture = dialect === "java" || !/\(\?(?:<(?![=!])|')/.test(source);
  let flags: Flags = {
    ignoreCase: options.ignoreCase ?? false,
    dotAll: false,
    multiline: dialect === "ruby",
    extended: false,
  };
  let at = 0;
  let captures = 0;
  let depth = 0;

  const fail = (why: string): never => {
    throw invalid(source, `${why} near index ${at}`);
  };
  const peek = (text: string) => source.startsWith(text, at);
  const take = (text: string): boolean => {
    if (!peek(text)) return false;
    at += text.length;
    return true;
  };
  const takeMatch = (sticky: RegExp): RegExpExecArray | undefined => {
    sticky.lastIndex = at;
    const match = sticky.exec(source);
    if (match === null) return undefined;
    at = sticky.lastIndex;
    return match;
  };
  const takeCodePoint = (): number => {
    const code = source.codePointAt(at) ?? fail("ends too early");
    at += code > 0xffff ? 2 : 1;
    return code;
  };
  const cased = (test: CharTest): CharTest => (flags.ignoreCase ? ignoringCase(test) : test);
  const escapes = createEscapes({ dialect, takeMatch, take, takeCodePoint, fail });

  const choice = (): RegexNode => {
    depth += 1;
    if (depth > MAX_DEPTH) fail("is nested too deeply");
    // Flags that are set within a group hold to its end.
    const outer = flags;
    const options = [sequence()];
    while (take("|")) options.push(sequence());
    flags = outer;
    depth -= 1;
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  };

  const sequence = (): RegexNode => {
    const items: RegexNode[] = [];
    while (at < source.length && !peek("|") && !peek(")")) {
      if (flags.extended && takeMatch(/(?:\s|#[^\n]*)+/y) !== undefined) continue;
      const item = quantified(atom());
      if (item.kind !== "empty") items.push(item);
    }
    return items.length === 0 ? { kind: "empty" } : { kind: "sequence", items };
  };

  const quantified = (atomNode: RegexNode): RegexNode => {
    let node = atomNode;
    for (;;) {
      const bounds = repeatBounds();
      if (bounds === undefined) return node;
      if (node.kind === "empty" || node.kind === "assert") fail("repeats nothing");
      const mode: RepeatMode = take("?") ? "lazy" : take("+") ? "possessive" : "greedy";
      node = { kind: "repeat", item: node, ...bounds, mode };
    }
  };

  const repeatBounds = (): { min: number; max: number } | undefined => {
    if (take("*")) return { min: 0, max: NO_END };
    if (take("+")) return { min: 1, max: NO_END };
    if (take("?")) return { min: 0, max: 1 };
    const braces = takeMatch(dialect === "ruby" ? /\{(?=\d|,\d)(\d*)(,?)(\d*)\}/y : /\{(\d+)(,?)(\d*)\}/y);
    if (braces === undefined) return undefined;
    const [, low = "", comma, high = ""] = braces;
    const min = low === "" ? 0 : Number(low);
    const max = comma === "" ? min : high === "" ? NO_END : Number(high);
    if (min > max || min > MAX_REPEAT || (max !== NO_END && max > MAX_REPEAT)) fail("repeats too often");
    return { min, max };
  };

  const atom = (): RegexNode => {
    if (take("(")) return group();
    if (take("[")) return { kind: "set", test: cased(bracket()) };
    if (take(".")) return { kind: "set", test: flags.dotAll ? () => true : not(one(NEWLINE)) };
    if (take("^")) return { kind: "assert", what: flags.multiline ? "lineStart" : "textStart" };
    if (take("$")) return { kind: "assert", what: flags.multiline ? "lineEnd" : "textEndOrNewline" };
    if (take("\\")) return escaped();
    if (peek("*") || peek("+") || peek("?")) fail("has a dangling repeat");
    return char(takeCodePoint());
  };

  const char = (code: number): RegexNode =>
    flags.ignoreCase ? { kind: "set", test: ignoringCase(one(code)) } : { kind: "char", code };

  const escaped = (): RegexNode => {
    if (dialect === "java" && take("Q")) {
      const end = source.indexOf("\\E", at);
      const literal = source.slice(at, end < 0 ? undefined : end);
      at = end < 0 ? source.length : end + 2;
      return { kind: "sequence", items: [...literal].map((text) => char(text.codePointAt(0) ?? 0)) };
    }
    const what = escapes.assertion();
    if (what !== undefined) return { kind: "assert", what };
    const named = takeMatch(/k[<'](\w+)[>']/y);
    if (named !== undefined) {
      const indices = names.get(named[1] ?? "") ?? fail(`refers to no group [${named[1]}]`);
      return { kind: "backreference", indices: [...indices], ignoreCase: flags.ignoreCase };
    }
    const numbered = takeMatch(/[1-9]/y);
    if (numbered !== undefined) {
      const index = Number(numbered[0]);
      if (index > captures) fail(`refers to no group ${index}`);
      return { kind: "backreference", indices: [index], ignoreCase: flags.ignoreCase };
    }
    if (take("R")) {
      const crlf: RegexNode = { kind: "sequence", items: [char(0x0d), char(NEWLINE)] };
      return { kind: "atomic", item: { kind: "choice", options: [crlf, { kind: "set", test: range(0x0a, 0x0d) }] } };
    }
    const set = escapes.set();
    return set === undefined ? char(escapes.code()) : { kind: "set", test: cased(set) };
  };

  const group = (): RegexNode => {
    if (!take("?")) return plainCapture ? capture(undefined) : closed(choice());
    if (takeMatch(/#[^)]*\)/y) !== undefined) return { kind: "empty" };
    if (take(":")) return closed(choice());
    if (take(">")) return { kind: "atomic", item: closed(choice()) };
    if (take("=")) return { kind: "look", behind: false, negative: false, item: closed(choice()) };
    if (take("!")) return { kind: "look", behind: false, negative: true, item: closed(choice()) };
    if (take("<=")) return { kind: "look", behind: true, negative: false, item: closed(choice()) };
    if (take("<!")) return { kind: "look", behind: true, negative: true, item: closed(choice()) };
    const name = takeMatch(/<([\w@.[\]-]+)>/y) ?? takeMatch(/'([\w@.[\]-]+)'/y);
    if (name !== undefined) return capture(name[1]);
    return flagGroup();
  };

  const capture = (name: string | undefined): RegexNode => {
    captures += 1;
    const index = captures;
    if (name !== undefined) names.set(name, [...(names.get(name) ?? []), index]);
    return { kind: "capture", index, item: closed(choice()) };
  };

  const flagGroup = (): RegexNode => {
    const [, on = "", off = "", end] =
      takeMatch(/([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/y) ?? fail("has an unknown kind of group");
    const changed = { ...flags };
    const set = (letters: string, value: boolean) => {
      for (const letter of letters) {
        if (letter === "i") changed.ignoreCase = value;
        else if (letter === "x") changed.extended = value;
        else if (letter === "m") changed[dialect === "ruby" ? "dotAll" : "multiline"] = value;
        else if (letter === "s" && dialect === "java") changed.dotAll = value;
        else if (!"uUa".includes(letter)) fail(`has an unknown flag [${letter}]`);
      }
    };
    set(on, true);
    set(off, false);
    if (end === ")") {
      flags = changed;
      return { kind: "empty" };
    }
    const outer = flags;
    flags = changed;
    const item = closed(choice());
    flags = outer;
    return item;
  };

  const closed = (node: RegexNode): RegexNode => (take(")") ? node : fail("has an unclosed group"));

  const bracket = (): CharTest => {
    depth += 1;
    if (depth > MAX_DEPTH) fail("is nested too deeply");
    const negated = take("^");
    const intersected: CharTest[] = [];
    let united: CharTest[] = [];
    for (let first = true; first || !peek("]"); first = false) {
      if (at >= source.length) fail("has an unclosed bracket");
      if (take("&&")) {
        intersected.push(anyOf(united));
        united = [];
      } else united.push(bracketItem());
    }
    at += 1;
    depth -= 1;
    const test = intersected.length === 0 ? anyOf(united) : allOf([...intersected, anyOf(united)]);
    return negated ? not(cased(test)) : test;
  };

  const bracketItem = (): CharTest => {
    const posix = takeMatch(/\[:(\^?)(\w+):\]/y);
    if (posix !== undefined) {
      const test = posixClasses[posix[2] ?? ""] ?? fail(`has no class [:${posix[2]}:]`);
      return posix[1] === "^" ? not(test) : test;
    }
    if (take("[")) return bracket();
    const from = bracketCode();
    if (typeof from === "function") return from;
    if (!peek("-") || peek("-]") || peek("-[")) return one(from);
    const dash = at;
    at += 1;
    const to = bracketCode();
    if (typeof to === "function") {
      at = dash;
      return one(from);
    }
    if (to < from) fail("has a range that ends before it begins");
    return range(from, to);
  };

  const bracketCode = (): number | CharTest => {
    if (!take("\\")) return takeCodePoint();
    if (take("b")) return 0x08;
    return escapes.set() ?? escapes.code();
  };

  const root = choice();
  if (at < source.length) fail("has an unmatched closing parenthesis");
  return { root, captures, names };
}

function invalid(source: string, why: string): Fault {
  return new Fault("regex_invalid", `The regular expression [${source.slice(0, 200)}] ${why}`);
}
