import { Fault } from "../../lib/fault.ts";
import type { Allowance } from "./match.ts";
import { groupText, type Regex, type RegexMatch } from "./regex.ts";

/** Every match from the left, none within another; an empty one is passed by a character. */
function* allMatches(regex: Regex, text: string, allowance: Allowance): Generator<RegexMatch> {
  let from = 0;
  while (from <= text.length) {
    const match = regex.exec(text, { from, allowance });
    if (match === undefined) return;
    yield match;
    from = match.end > match.start ? match.end : match.end + 1;
  }
}

/**
 * Replaces every match, as Java's `replaceAll`: `$1` and `${name}` in the replacement are groups, a backslash takes the
 * next character as it is. Throws `regex_invalid` for a group that does not exist.
 */
export function replaceAll(options: { regex: Regex; text: string; replacement: string; allowance: Allowance }): string {
  const { regex, text, replacement, allowance } = options;
  const literal = !/[\\$]/.test(replacement);
  let out = "";
  let from = 0;
  for (const match of allMatches(regex, text, allowance)) {
    out += text.slice(from, match.start);
    out += literal ? replacement : filled({ regex, match, text, replacement });
    from = match.end;
  }
  return out + text.slice(from);
}

function filled(options: { regex: Regex; match: RegexMatch; text: string; replacement: string }): string {
  const { regex, match, text, replacement } = options;
  return replacement.replace(/\\([\s\S]?)|\$(?:(\d)|\{(\w+)\})|\$/g, (whole, escaped, digit, name) => {
    if (whole.startsWith("\\")) return escaped;
    if (digit === undefined && name === undefined) throw new Fault("regex_invalid", "Illegal group reference");
    const index = digit === undefined ? regex.names.get(name)?.[0] : Number(digit);
    if (index === undefined || 2 * index >= match.groups.length)
      throw new Fault("regex_invalid", `No group ${digit ?? name}`);
    return groupText(match, index, text) ?? "";
  });
}

/**
 * Splits as Java's `String.split`: at most `limit` parts when it is positive; else trailing empty parts are dropped,
 * but not with -1. A match of no character at the very start gives no empty first part.
 */
export function split(options: { regex: Regex; text: string; limit?: number; allowance: Allowance }): string[] {
  const { regex, text, limit = 0, allowance } = options;
  const parts: string[] = [];
  let from = 0;
  if (limit === 1) return [text];
  for (const match of allMatches(regex, text, allowance)) {
    if (match.end === 0 || (match.start === match.end && match.start === text.length)) continue;
    parts.push(text.slice(from, match.start));
    from = match.end;
    if (limit > 0 && parts.length === limit - 1) break;
  }
  parts.push(text.slice(from));
  if (limit === 0) while (parts.length > 1 && parts.at(-1) === "") parts.pop();
  return parts;
}
