import type { IngestDocument } from "../document/document.ts";
import { isObject, type JsonValue, ownValue } from "../document/json.ts";
import { compileRegex } from "../regex/regex.ts";
import { equal, methods, scriptFault, types } from "./methods.ts";
import { type ConditionToken, conditionTokens, refused } from "./tokens.ts";

export type Condition = (document: IngestDocument) => boolean;

/** `ctx` itself, and not a value of it. */
type Ctx = { ctx: true };
type Evaluate = (document: IngestDocument) => JsonValue;
type Part = Evaluate | Ctx;

const MAX_SOURCE = 8_192;
const MAX_DEPTH = 50;

/**
 * Compiles a condition (`if`): a part of Painless without statements. Members of `ctx` (`ctx.a.b`, `ctx?.a?.b`,
 * `ctx['a']`), texts, numbers, `true`, `false`, `null`, lists, `==`, `!=`, `<`, `<=`, `>`, `>=`, `&&`, `||`, `!`,
 * `instanceof`, `=~` and `==~` with a regular expression, parentheses, and the methods of `methods.ts`. Throws
 * `condition_invalid` for anything else, so that nothing is understood by half. Judging fails the document where Painless would
 * fail: members and methods of null, numbers compared with texts, a result that is no boolean.
 */
export function compileCondition(source: string): Condition {
  if (source.length > MAX_SOURCE) throw refused(`more than ${MAX_SOURCE} characters`);
  const tokens = conditionTokens(source);
  let at = 0;
  let depth = 0;

  const sign = (...texts: string[]): string | undefined => {
    const token = tokens[at];
    if (token?.kind !== "sign" || !texts.includes(token.text)) return undefined;
    at += 1;
    return token.text;
  };
  const word = (): string => {
    const token = tokens[at];
    if (token?.kind !== "name") throw refused(wordsOf(token));
    at += 1;
    return token.text;
  };
  const expect = (text: string) => {
    if (sign(text) === undefined) throw refused(wordsOf(tokens[at]));
  };
  const keyword = (text: string): boolean => {
    const token = tokens[at];
    const here = token?.kind === "name" && token.text === text;
    if (here) at += 1;
    return here;
  };

  const either = (): Part => {
    depth += 1;
    if (depth > MAX_DEPTH) throw refused("parentheses that deep");
    let left = both();
    while (sign("||") !== undefined) {
      const [a, b] = [truth(left), truth(both())];
      left = (document) => a(document) || b(document);
    }
    depth -= 1;
    return left;
  };
  const both = (): Part => {
    let left = equality();
    while (sign("&&") !== undefined) {
      const [a, b] = [truth(left), truth(equality())];
      left = (document) => a(document) && b(document);
    }
    return left;
  };
  const equality = (): Part => {
    let left = relation();
    for (;;) {
      const operator = sign("==", "!=", "===", "!==");
      if (operator === undefined) return left;
      const [a, b] = [value(left), value(relation())];
      const wanted = operator.startsWith("=");
      left = (document) => equal(a(document), b(document)) === wanted;
    }
  };
  const relation = (): Part => {
    let left = unary();
    for (;;) {
      const operator = sign("<", "<=", ">", ">=", "=~", "==~");
      if (operator === undefined) {
        if (!keyword("instanceof")) return left;
        const [a, is] = [value(left), types[word()] ?? refuse(wordsOf(tokens[at - 1]))];
        left = (document) => is(a(document));
      } else if (operator.endsWith("~")) left = matches(value(left), operator === "==~");
      else left = compared(value(left), value(unary()), operator);
    }
  };
  const matches = (left: Evaluate, whole: boolean): Evaluate => {
    const token = tokens[at];
    if (token?.kind !== "regex") throw refused(wordsOf(token));
    at += 1;
    const { source: pattern, ignoreCase } = token;
    const regex = compileRegex({ source: whole ? `\\A(?:${pattern})\\z` : pattern, dialect: "java", ignoreCase });
    return (document) => {
      const text = left(document);
      if (typeof text !== "string") throw scriptFault("a regular expression is for texts");
      return regex.test(text, document.allowance);
    };
  };
  const unary = (): Part => {
    if (sign("!") !== undefined) {
      const inner = truth(unary());
      return (document) => !inner(document);
    }
    if (sign("-") !== undefined) {
      const token = tokens[at];
      if (token?.kind !== "number") throw refused("-");
      at += 1;
      return () => -token.value;
    }
    return postfix();
  };
  const postfix = (): Part => {
    let on = primary();
    for (;;) {
      const dot = sign(".", "?.");
      if (dot !== undefined) {
        const name = word();
        on = sign("(") === undefined ? member(on, () => name, dot === "?.") : call(on, name, dot === "?.");
      } else if (sign("[") !== undefined) {
        const key = value(either());
        expect("]");
        on = member(on, key, false);
      } else return on;
    }
  };
  const call = (on: Part, name: string, nullSafe: boolean): Evaluate => {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) throw refused(`${name}()`);
    const args: Evaluate[] = [];
    while (sign(")") === undefined) {
      if (args.length > 0) expect(",");
      args.push(value(either()));
    }
    if (args.length !== method.arguments) throw refused(`${name}() with ${args.length} arguments`);
    if (isCtx(on)) {
      const [key] = args;
      if (name !== "containsKey" || key === undefined) throw refused(`ctx.${name}()`);
      return (document) => document.member(String(key(document))) !== undefined;
    }
    return (document) => {
      const target = on(document);
      if (target === null && nullSafe) return null;
      if (target === null) throw scriptFault(`cannot call [${name}] on null`);
      return method.call(
        target,
        args.map((arg) => arg(document)),
      );
    };
  };
  const primary = (): Part => {
    const token = tokens[at];
    at += 1;
    if (token?.kind === "text" || token?.kind === "number") return () => token.value;
    if (token?.kind === "name") {
      if (token.text === "ctx") return { ctx: true };
      if (token.text === "true" || token.text === "false") return () => token.text === "true";
      if (token.text === "null") return () => null;
    }
    if (token?.kind === "sign" && token.text === "(") {
      const inner = either();
      expect(")");
      return inner;
    }
    if (token?.kind === "sign" && token.text === "[") return list();
    throw refused(wordsOf(token));
  };
  const list = (): Evaluate => {
    const items: Evaluate[] = [];
    const begin = at;
    while (sign("]") === undefined) {
      if (items.length > 0) expect(",");
      items.push(value(either()));
    }
    // Lists of texts, the usual ones, are made once.
    const texts = tokens.slice(begin, at - 1).flatMap((token) => (token.kind === "text" ? [token.value] : []));
    if (texts.length === items.length && at - 1 - begin <= 2 * items.length) return () => texts;
    return (document) => items.map((item) => item(document));
  };

  keyword("return");
  const whole = truth(either());
  sign(";");
  if (at < tokens.length) throw refused(wordsOf(tokens[at]));
  return whole;
}

function isCtx(part: Part): part is Ctx {
  return typeof part === "object";
}

function value(part: Part): Evaluate {
  if (isCtx(part)) throw refused("ctx as a value");
  return part;
}

function truth(part: Part): Condition {
  const evaluate = value(part);
  return (document) => {
    const result = evaluate(document);
    if (typeof result !== "boolean") throw scriptFault("a condition must be a boolean");
    return result;
  };
}

function member(on: Part, key: Evaluate, nullSafe: boolean): Evaluate {
  if (isCtx(on)) return (document) => document.member(String(key(document))) ?? null;
  return (document) => {
    const target = on(document);
    if (target === null && nullSafe) return null;
    const name = key(document);
    if (isObject(target)) return ownValue(target, String(name)) ?? null;
    if (Array.isArray(target) && typeof name === "number" && name >= 0 && name < target.length)
      return target[name] ?? null;
    throw scriptFault(`cannot take [${name}] of ${target === null ? "null" : "this value"}`);
  };
}

function compared(left: Evaluate, right: Evaluate, operator: string): Evaluate {
  return (document) => {
    const [a, b] = [left(document), right(document)];
    if (typeof a !== "number" || typeof b !== "number") throw scriptFault(`[${operator}] is for numbers`);
    if (operator === "<") return a < b;
    if (operator === "<=") return a <= b;
    return operator === ">" ? a > b : a >= b;
  };
}

function refuse(what: string): never {
  throw refused(what);
}

function wordsOf(token: ConditionToken | undefined): string {
  if (token === undefined) return "an end";
  if (token.kind === "regex") return `/${token.source}/`;
  return token.kind === "name" || token.kind === "sign" ? token.text : String(token.value);
}
