import { invalid, unsupported } from "../search-fault.ts";

/** Repetitions beyond this make automata too large, here and in RE2. */
const MAX_REPEAT = 1000;
/** Of RE2: no text matches it. */
const NOTHING = "[^\\x{0}-\\x{10FFFF}]";

/**
 * A regular expression of Lucene's syntax as one of RE2's, which is to match the whole text: no anchors, `"..."` for
 * literal text, `@` for any text, `#` for none. Of the optional operators those that RE2 cannot tell are refused.
 */
export function luceneRegexp(pattern: string, allOperators: boolean): string {
  const characters = [...pattern];
  let at = 0;
  let out = "";
  let depth = 0;
  const malformed = (words: string) =>
    invalid(`${words} in the regular expression [${pattern}]`, "illegal_argument_exception");

  const escaped = (): string => {
    const next = characters[at++];
    if (next === undefined) throw malformed("A backslash at the end");
    return /[dDwWsS]/.test(next) ? `\\${next}` : re2Literal(next);
  };
  const charClass = (): string => {
    let text = "[";
    if (characters[at] === "^") {
      text += "^";
      at += 1;
    }
    let empty = true;
    while (characters[at] !== "]" || empty) {
      const character = characters[at++];
      if (character === undefined) throw malformed("expected ']'");
      empty = false;
      if (character === "\\") text += escaped();
      else if (character === "-")
        text += text.endsWith("[") || text.endsWith("^") || characters[at] === "]" ? "\\-" : "-";
      else text += re2Literal(character);
    }
    at += 1;
    return `${text}]`;
  };
  const repetition = (): string => {
    const end = characters.indexOf("}", at);
    const text = characters.slice(at, end < 0 ? undefined : end).join("");
    const [, from = "", comma, to = ""] = /^(\d+)(,)?(\d*)$/.exec(text) ?? [];
    if (end < 0 || from === "") throw malformed("integer expected");
    if (to !== "" && Number(to) < Number(from)) throw malformed("invalid repetition range (out of order)");
    if (Math.max(Number(from), Number(to)) > MAX_REPEAT)
      throw unsupported(`a repetition beyond ${MAX_REPEAT} in [regexp]`);
    at = end + 1;
    return `{${from}${comma ?? ""}${to}}`;
  };
  const quoted = (): string => {
    const end = characters.indexOf('"', at);
    if (end < 0) throw malformed("expected '\"'");
    const text = characters.slice(at, end).map(re2Literal).join("");
    at = end + 1;
    return `(?:${text})`;
  };

  let canRepeat = false;
  while (at < characters.length) {
    const character = characters[at++] ?? "";
    const repeats = canRepeat;
    canRepeat = true;
    if (character === "\\") out += escaped();
    else if (character === "[") out += charClass();
    else if (character === ".") out += ".";
    else if (character === "|") {
      out += "|";
      canRepeat = false;
    } else if (character === "(") {
      depth += 1;
      out += "(?:";
      canRepeat = false;
    } else if (character === ")") {
      depth -= 1;
      if (depth < 0) throw malformed("end-of-string expected");
      out += ")";
    } else if ("*+?{".includes(character)) {
      if (!repeats) throw malformed(`nothing to repeat by '${character}'`);
      // Grouped, since RE2 takes `a*?` for a lazy star and not for a star that may be missing.
      out = `${out}${character === "{" ? repetition() : character}`;
      if ("*+?{".includes(characters[at] ?? " ")) throw unsupported("a repetition of a repetition in [regexp]");
    } else if (allOperators && character === '"') out += quoted();
    else if (allOperators && character === "@") out += "(?:.*)";
    else if (allOperators && character === "#") out += NOTHING;
    else if (allOperators && "~&<".includes(character)) throw unsupported(`the operator [${character}] in [regexp]`);
    else out += re2Literal(character);
  }
  if (depth > 0) throw malformed("expected ')'");
  return out;
}

/** A character that stands for itself in RE2; a zero character cannot stand in a statement. */
export function re2Literal(character: string): string {
  if (character === "\0") return "\\x{0}";
  return /[\\^$.|?*+()[\]{}\-/]/.test(character) ? `\\${character}` : character;
}
