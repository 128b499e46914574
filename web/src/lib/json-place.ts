const SPACE = /[ \t\n\r]*/y;
const SCALAR =
  /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/**
 * Where a text stops being JSON, as an index; undefined where it is JSON. Browsers do not tell the place, or each in
 * words of its own.
 */
export function jsonErrorAt(text: string): number | undefined {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found !== undefined;
  };
  const take = (character: string): boolean => {
    skip(SPACE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const list = (end: string, member: () => boolean): boolean => {
    if (take(end)) return true;
    do if (!member()) return false;
    while (take(","));
    return take(end);
  };
  const value = (): boolean => {
    if (take("{")) return list("}", pair);
    if (take("[")) return list("]", value);
    return skip(SCALAR);
  };
  const pair = (): boolean => {
    skip(SPACE);
    return text[at] === '"' && skip(SCALAR) && take(":") && value();
  };
  const whole = value();
  skip(SPACE);
  return whole && at === text.length ? undefined : at;
}
