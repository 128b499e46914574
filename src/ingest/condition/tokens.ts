import { Fault } from "../../lib/fault.ts";

export type ConditionToken =
  | { kind: "name"; text: string }
  | { kind: "number"; value: number }
  | { kind: "text"; value: string }
  | { kind: "regex"; source: string; ignoreCase: boolean }
  | { kind: "sign"; text: string };

const SHAPES =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|([A-Za-z_]\w*)|(\d+(?:\.\d+)?)[LlDdFf]?|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(=~|==~|===|!==|==|!=|<=|>=|&&|\|\||\?\.|[!<>().,[\];-])/y;
const REGEX = /\s*\/((?:[^/\\\n]|\\.)+)\/([A-Za-z]*)/y;

/** Splits a condition into words. Throws `condition_invalid` at the first that is none. */
export function conditionTokens(source: string): ConditionToken[] {
  const tokens: ConditionToken[] = [];
  let at = 0;
  while (at < source.length) {
    SHAPES.lastIndex = at;
    const match = SHAPES.exec(source);
    if (match === null) throw refused(source.slice(at, at + 20));
    at = SHAPES.lastIndex;
    const [, name, number, single, double, sign] = match;
    if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (number !== undefined) tokens.push({ kind: "number", value: Number(number) });
    else if (single !== undefined || double !== undefined)
      tokens.push({ kind: "text", value: (single ?? double ?? "").replace(/\\(.)/gs, unescaped) });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    if (sign !== "=~" && sign !== "==~") continue;
    REGEX.lastIndex = at;
    const regex = REGEX.exec(source);
    if (regex === null) throw refused(`${sign} without a regular expression after it`);
    const flags = regex[2] ?? "";
    if (flags.replaceAll("i", "") !== "") throw refused(`the flags [${flags}] of a regular expression`);
    tokens.push({ kind: "regex", source: regex[1] ?? "", ignoreCase: flags !== "" });
    at = REGEX.lastIndex;
  }
  return tokens;
}

/** Painless knows escaped quotes and backslashes alone. */
function unescaped(whole: string, character: string): string {
  if (!`'"\\`.includes(character)) throw refused(whole);
  return character;
}

export function refused(what: string): Fault {
  return new Fault("condition_invalid", `[if] may not have [${what}]: conditions are a small part of Painless`);
}
