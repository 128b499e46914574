/** Keys and positions that lead from the top of a JSON text to one of its values. */
export type JsonPath = readonly (string | number)[];

/** One value of a JSON text: where it stands, and where its key does. */
export type JsonSpan = {
  path: JsonPath;
  /** Of the key with its quotes; of an element of a list, and of the whole, the value's own. */
  keyFrom: number;
  from: number;
  /** After its last character. */
  to: number;
};

const DEEPEST = 100;
const SPACE = /[ \t\n\r]*/y;
const TEXT = /"(?:[^"\\\n]|\\.)*"?/y;
const OTHER = /[^\s,:{}[\]"]+/y;

/**
 * The values of a text that is JSON or is about to be, parents before what they hold. It goes as far as the text can be
 * understood: what is still being written ends where it stops.
 */
export function jsonSpans(text: string): JsonSpan[] {
  const spans: JsonSpan[] = [];
  let at = 0;
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? "";
    at += found.length;
    return found;
  };
  const take = (character: string): boolean => {
    skip(SPACE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const value = (path: JsonPath, keyFrom: number | undefined): boolean => {
    if (path.length > DEEPEST) return false;
    skip(SPACE);
    const span = { path, keyFrom: keyFrom ?? at, from: at, to: at };
    spans.push(span);
    const whole = text[at] === "{" ? object(path) : text[at] === "[" ? list(path) : scalar();
    span.to = at;
    return whole;
  };
  const scalar = () => skip(text[at] === '"' ? TEXT : OTHER) !== "";
  const object = (path: JsonPath): boolean => {
    at += 1;
    if (take("}")) return true;
    do {
      skip(SPACE);
      const keyFrom = at;
      const key = skip(TEXT);
      if (key === "" || !take(":")) return false;
      if (!value([...path, keyOf(key)], keyFrom)) return false;
    } while (take(","));
    return take("}");
  };
  const list = (path: JsonPath): boolean => {
    at += 1;
    if (take("]")) return true;
    let index = 0;
    do {
      if (!value([...path, index], undefined)) return false;
      index += 1;
    } while (take(","));
    return take("]");
  };
  value([], undefined);
  return spans;
}

function keyOf(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1);
  }
}

/** The innermost value, or its key, in which a place of the text lies. */
export function pathAt(spans: readonly JsonSpan[], offset: number): JsonPath {
  return spans.findLast(({ keyFrom, to }) => keyFrom <= offset && offset <= to)?.path ?? [];
}

/** The value of the path, or the innermost of those that lead to it and are there. */
export function spanOf(spans: readonly JsonSpan[], path: JsonPath): JsonSpan | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const part = path.slice(0, length);
    const found = spans.find((span) => samePath(span.path, part));
    if (found !== undefined) return found;
  }
  return undefined;
}

export function samePath(a: JsonPath, b: JsonPath): boolean {
  return a.length === b.length && a.every((part, index) => String(part) === String(b[index]));
}

/** The line of a place in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** `metadata.alert.severity[0].when`. */
export function pathText(path: JsonPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
