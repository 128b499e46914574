import { charSet, holds, wordCharacter } from "./char-set.ts";
import type { Assertion } from "./syntax.ts";

const NEWLINE = 0x0a;
const wordSet = charSet(wordCharacter);

/** Whether a place in a text is what an assertion says. */
export function asserted(what: Assertion, text: string, position: number): boolean {
  switch (what) {
    case "textStart":
      return position === 0;
    case "textEnd":
      return position === text.length;
    case "textEndOrNewline":
      return position === text.length || (position === text.length - 1 && text.charCodeAt(position) === NEWLINE);
    case "lineStart":
      return position === 0 || text.charCodeAt(position - 1) === NEWLINE;
    case "lineEnd":
      return position === text.length || text.charCodeAt(position) === NEWLINE;
    case "word":
      return wordAt(text, position - 1) !== wordAt(text, position);
    case "notWord":
      return wordAt(text, position - 1) === wordAt(text, position);
  }
}

function wordAt(text: string, position: number): boolean {
  return position >= 0 && position < text.length && holds(wordSet, text.charCodeAt(position));
}
