import { anyOf, type CharTest, not, one, posixClasses, property, shorthands } from "./char-set.ts";
import type { Assertion, Dialect } from "./syntax.ts";

/** The parser's hands, as far as an escape needs them: the backslash is taken already. */
type Reader = {
  dialect: Dialect;
  take(text: string): boolean;
  takeMatch(sticky: RegExp): RegExpExecArray | undefined;
  takeCodePoint(): number;
  fail(why: string): never;
};

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: "textStart",
  z: "textEnd",
  Z: "textEndOrNewline",
  b: "word",
  B: "notWord",
};

const CONTROL: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, r: 0x0d, f: 0x0c, v: 0x0b, a: 0x07, e: 0x1b };

const horizontalSpace = anyOf([one(0x09), one(0x20), one(0xa0)]);

/** What may follow a backslash, for the parser of regular expressions. */
export function createEscapes({ dialect, take, takeMatch, takeCodePoint, fail }: Reader) {
  const sets: Readonly<Record<string, CharTest>> = {
    ...shorthands,
    h: dialect === "ruby" ? (posixClasses["xdigit"] ?? horizontalSpace) : horizontalSpace,
  };
  return {
    assertion(): Assertion | undefined {
      const match = takeMatch(/[AzZbB]/y);
      return match === undefined ? undefined : ASSERTIONS[match[0]];
    },
    /** `\d`, `\W`, `\p{Lu}`. */
    set(): CharTest | undefined {
      const shorthand = takeMatch(/[dDwWsShH]/y)?.[0];
      if (shorthand !== undefined) {
        const test = sets[shorthand.toLowerCase()] ?? fail(`has no \\${shorthand}`);
        return shorthand === shorthand.toLowerCase() ? test : not(test);
      }
      const named = takeMatch(/([pP])\{(\^?)(\w+)\}/y);
      if (named === undefined) return undefined;
      const test = property(named[3] ?? "") ?? fail(`has no property [${named[3]}]`);
      return (named[1] === "P") !== (named[2] === "^") ? not(test) : test;
    },
    /** One character. */
    code(): number {
      const hex = takeMatch(/x\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})/y);
      if (hex !== undefined) return Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16);
      const octal = takeMatch(/0([0-7]{0,3})/y);
      if (octal !== undefined) return Number.parseInt(`0${octal[1]}`, 8);
      if (take("c")) return takeCodePoint() & 0x1f;
      const control = takeMatch(/[tnrfvae]/y);
      if (control !== undefined) return CONTROL[control[0]] ?? 0;
      if (takeMatch(/[a-zA-Z]/y) !== undefined) fail("has an unknown escape");
      return takeCodePoint();
    },
  };
}
