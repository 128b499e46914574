/** Tests one code point; `ascii` answers for those below 128 without a call. */
export type CharSet = { ascii: Uint8Array; above: (codePoint: number) => boolean };

export type CharTest = (codePoint: number) => boolean;

const ASCII = 128;

export function charSet(test: CharTest): CharSet {
  const ascii = new Uint8Array(ASCII);
  for (let code = 0; code < ASCII; code += 1) if (test(code)) ascii[code] = 1;
  return { ascii, above: test };
}

export function holds(set: CharSet, codePoint: number): boolean {
  return codePoint < ASCII ? set.ascii[codePoint] === 1 : set.above(codePoint);
}

export const not =
  (test: CharTest): CharTest =>
  (code) =>
    !test(code);

export const anyOf =
  (tests: readonly CharTest[]): CharTest =>
  (code) =>
    tests.some((test) => test(code));

export const allOf =
  (tests: readonly CharTest[]): CharTest =>
  (code) =>
    tests.every((test) => test(code));

export const range =
  (from: number, to: number): CharTest =>
  (code) =>
    code >= from && code <= to;

export const one =
  (wanted: number): CharTest =>
  (code) =>
    code === wanted;

/** Letters of either case, by Unicode's simple mappings. */
export const ignoringCase =
  (test: CharTest): CharTest =>
  (code) => {
    if (test(code)) return true;
    const text = String.fromCodePoint(code);
    const lower = text.toLowerCase().codePointAt(0) ?? code;
    const upper = text.toUpperCase().codePointAt(0) ?? code;
    return test(lower) || test(upper);
  };

const byRegExp =
  (pattern: RegExp): CharTest =>
  (code) =>
    pattern.test(String.fromCodePoint(code));

const asciiDigit = range(0x30, 0x39);
const asciiLetter = anyOf([range(0x41, 0x5a), range(0x61, 0x7a)]);
const asciiWord = anyOf([asciiLetter, asciiDigit, one(0x5f)]);
const asciiSpace = anyOf([range(0x09, 0x0d), one(0x20)]);

/** `\d`, `\w`, `\s` know ASCII alone, in Java as in Ruby. */
export const shorthands = { d: asciiDigit, w: asciiWord, s: asciiSpace } as const;

/** What the ends of words (`\b`) are judged by: all of Unicode. */
export const wordCharacter: CharTest = byRegExp(/[\p{L}\p{M}\p{N}\p{Pc}]/u);

/** By their POSIX name: `[:alpha:]`, or `\p{Alpha}`. */
export const posixClasses: Readonly<Record<string, CharTest>> = {
  alnum: byRegExp(/[\p{L}\p{M}\p{Nd}]/u),
  alpha: byRegExp(/[\p{L}\p{M}]/u),
  ascii: range(0, 0x7f),
  blank: anyOf([one(0x09), one(0x20)]),
  cntrl: byRegExp(/\p{Cc}/u),
  digit: byRegExp(/\p{Nd}/u),
  graph: byRegExp(/[^\s\p{Cc}\p{Cn}]/u),
  lower: byRegExp(/\p{Ll}/u),
  print: byRegExp(/[^\p{Cc}\p{Cn}]/u),
  punct: byRegExp(/[\p{P}\p{S}]/u),
  space: byRegExp(/[\s\x85]/u),
  upper: byRegExp(/\p{Lu}/u),
  word: wordCharacter,
  xdigit: anyOf([asciiDigit, range(0x41, 0x46), range(0x61, 0x66)]),
};

/** `\p{Lu}`, `\p{Alpha}`, `\p{IsGreek}`; undefined when there is no such property. */
export function property(name: string): CharTest | undefined {
  const posix = posixClasses[name.toLowerCase()];
  if (posix !== undefined) return posix;
  const plain = name.replace(/^Is/, "");
  for (const candidate of [plain, `Script=${plain}`]) {
    try {
      return byRegExp(new RegExp(`\\p{${candidate}}`, "u"));
    } catch {
      // Not this way of naming it.
    }
  }
  return undefined;
}
