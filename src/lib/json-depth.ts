const OPENING = /[[{]/g;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

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
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}
