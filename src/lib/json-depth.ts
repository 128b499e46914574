import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from "./json-characters.ts";

const OPENING = /[[{]/g;

/** Whether objects and lists of a JSON text are nested more than `limit` deep; the text need not be valid. */
export function isDeeperThan(text: string, limit: number): boolean {
  // Most texts do not even hold so many brackets.
  OPENING.lastIndex = 0;
  for (let count = 0; count <= limit; count += 1) if (!OPENING.test(text)) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth -= 1;
  }
  return false;
}
