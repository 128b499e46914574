import { scriptInvalid } from "./script-fault.ts";

export type Token = { at: number } & (
  | { kind: "name" | "sign"; text: string }
  | { kind: "text"; value: string }
  | { kind: "number"; value: number; whole: boolean }
);

const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+\.\d+|\d+)(?:[eE][+-]?\d+)?[lLfFdD]?/y;
/** Behind a dot a number is an element of a list: `hits.0._id`. */
const INDEX = /\d+/y;
/** Painless knows the escapes of the quote and of the backslash alone. */
const TEXT = /'(?:\\['\\]|[^'\\])*'|"(?:\\["\\]|[^"\\])*"/y;
/** The longest come first. Those of Painless that are not supported are known, too, so that they can be named. */
const SIGN = /===|!==|==~|->|::|\?\.|\?:|=~|==|!=|<=|>=|&&|\|\||\+\+|--|[-+*/%]=|[-+*/%<>!?:.,;()[\]{}=~^&|]/y;

const MAX_TOKENS = 2_000;

/** The words and signs of a script. Throws `script_invalid` at what is neither. */
export function scriptTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const taken = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [text] = pattern.exec(source) ?? [];
    return text;
  };
  for (;;) {
    at += taken(SPACE)?.length ?? 0;
    if (at >= source.length) return tokens;
    if (tokens.length >= MAX_TOKENS)
      throw scriptInvalid({ source, at, reason: `more than ${MAX_TOKENS} words and signs` });
    const before = tokens.at(-1);
    const afterDot = before?.kind === "sign" && (before.text === "." || before.text === "?.");
    const [name, number] = [taken(NAME), taken(afterDot ? INDEX : NUMBER)];
    const text = name ?? number ?? taken(TEXT);
    const sign = text === undefined ? taken(SIGN) : undefined;
    if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else if (number !== undefined) tokens.push({ ...numberOf(source, number, at), at });
    else if (text !== undefined)
      tokens.push({ kind: "text", value: text.slice(1, -1).replaceAll(/\\(.)/gs, "$1"), at });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign, at });
    else throw scriptInvalid({ source, at, reason: `unexpected character [${source.slice(at, at + 1)}]` });
    at += (text ?? sign ?? "").length;
  }
}

function numberOf(source: string, text: string, at: number): { kind: "number"; value: number; whole: boolean } {
  const [, digits = "", suffix = ""] = /^(.*?)([lLfFdD]?)$/.exec(text) ?? [];
  const value = Number(digits);
  const whole = /^\d+$/.test(digits) && !/[fd]/i.test(suffix);
  if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value)) || (/l/i.test(suffix) && !whole))
    throw scriptInvalid({ source, at, reason: `invalid number [${text}]` });
  return { kind: "number", value, whole };
}
