import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFault } from "../../lib/fault.ts";
import { compileRegex, groupText, searchAllowance } from "./regex.ts";
import { replaceAll, split } from "./replace.ts";

const find = (source: string, text: string, dialect: "java" | "ruby" = "java") => {
  const match = compileRegex({ source, dialect }).exec(text, { allowance: searchAllowance() });
  return match === undefined ? undefined : text.slice(match.start, match.end);
};

const outcome = (search: () => unknown) => {
  try {
    return search() === undefined ? "no match" : "a match";
  } catch (error) {
    return isFault(error, "regex_gave_up") ? "gave up" : error;
  }
};

/** Patterns whose meaning JavaScript and Java share: nothing that repeats the empty text, no captures. */
const atom = fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\d", "é", "\\x41");
const quantifier = fc.constantFrom("", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{2,}?");
const around = fc.constantFrom("", "", "\\b", "^", "$", "(?=a)", "(?!b)", "(?<=a)", "(?<!ab)");
const pattern = fc.letrec<{ node: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.tuple(atom, quantifier).map((parts) => parts.join("")),
    fc
      .tuple(atom, tie("node"), atom, tie("node"), fc.constantFrom("", "*", "+", "?", "{1,2}", "+?"))
      .map(([a, left, b, right, times]) => `(?:${a}${left}|${b}${right})${times}`),
  ),
  node: fc
    .tuple(around, fc.array(tie("piece"), { maxLength: 3 }), around)
    .map(([before, pieces, after]) => `${before}${pieces.join("")}${after}`),
})).node;

describe("regular expressions with counted steps", () => {
  test("agree with JavaScript's on what both have", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "A", "1", " ", "é", "😀"), maxLength: 14 });
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        const expected = new RegExp(
          source.replaceAll("\\b", "(?:(?<=[\\wé])(?![\\wé])|(?<![\\wé])(?=[\\wé]))"),
          "u",
        ).exec(subject)?.[0];
        expect(find(source, subject)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  test("end on a pattern that backtracks for ever, saying so", () => {
    const hostile = `${"a".repeat(5000)}!`;
    for (const source of [
      "^(a+)+$",
      "(a|aa)+$",
      "(.*a){12}b",
      "(?:a?){40}a{40}b",
      "(\\w+\\s?)*$",
      "(.*)(.*)(.*)(.*)x",
    ]) {
      const regex = compileRegex({ source, dialect: "java" });
      expect([source, outcome(() => regex.exec(hostile, { allowance: searchAllowance() }))]).toEqual([
        source,
        "gave up",
      ]);
    }
  });

  test("end too when each of many searches in one text is cheap enough", () => {
    const regex = compileRegex({ source: "a(?=(?:a|b)*c)", dialect: "java" });
    const text = "a".repeat(20_000);
    expect(outcome(() => replaceAll({ regex, text, replacement: "", allowance: searchAllowance() }))).toBe("gave up");
    const allowance = searchAllowance();
    const one = compileRegex({ source: "^(?:a|b)*c", dialect: "java" });
    const outcomes = Array.from({ length: 40 }, () => outcome(() => one.exec(text, { allowance })));
    expect([outcomes.at(0), outcomes.at(-1)]).toEqual(["no match", "gave up"]);
  });

  test("refuse a pattern that would become a huge program", () => {
    expect(() => compileRegex({ source: "(?:(?:(?:ab){900}){900}){900}", dialect: "java" })).toThrow(
      /too many counted/,
    );
    expect(() => compileRegex({ source: `${"(".repeat(500)}${")".repeat(500)}`, dialect: "java" })).toThrow(/nested/);
  });

  test.each([
    ["atomic groups give nothing back", "(?>a+)ab", "aaab", undefined],
    ["possessive repeats give nothing back", "a++b|a", "aaa", "a"],
    ["backreferences", "(\\w)\\1", "abccd", "cc"],
    ["inline flags", "(?i)warn", "WARN", "WARN"],
    ["flags of a group end with it", "(?i:w)arn", "WARN", undefined],
    ["quoted text", "\\Qa.b\\E+b", "axbb a.bb", "a.bb"],
    ["intersections", "[a-z&&[^aeiou]]+", "aeixyz", "xyz"],
    ["POSIX brackets", "[[:digit:]]+", "a42", "42"],
    ["Unicode properties", "\\p{Lu}", "äÖ", "Ö"],
    ["characters beyond 16 bits", "^.$", "😀", "😀"],
    ["the end before a last newline", "b$", "ab\n", "b"],
    ["a repeat of nothing ends", "(?:a*)*b", "aab", "aab"],
    ["a lazy repeat takes no more than it must", "<.+?>", "<a><b>", "<a>"],
  ] as const)("%s", (_, source, text, expected) => {
    expect(find(source, text)).toBe(expected);
  });

  test("Ruby's line ends, dots and groups are those of grok", () => {
    expect(find("^b$", "a\nb\nc", "ruby")).toBe("b");
    expect(find("^b$", "a\nb\nc", "java")).toBeUndefined();
    expect(find("(?m)a.b", "a\nb", "ruby")).toBe("a\nb");
    const regex = compileRegex({ source: "(x)(?<y>z)", dialect: "ruby" });
    const match = regex.exec("xz", { allowance: searchAllowance() });
    expect(match && groupText(match, 1, "xz")).toBe("z");
  });

  test("groups of a branch that failed are not kept", () => {
    const match = compileRegex({ source: "(?:(a)b|ac)", dialect: "java" }).exec("ac", { allowance: searchAllowance() });
    expect(match && groupText(match, 1, "ac")).toBeUndefined();
  });

  test.each(["*a", "(", "[a", "a)", "\\q", "\\1", "(?<=a*)b", "[b-a]", "a{3,2}", "(?z)"])("refuses %s", (source) => {
    expect(() => compileRegex({ source, dialect: "java" })).toThrow();
  });

  test("replaces as Java does", () => {
    const regex = compileRegex({ source: "(?<k>\\w)=(\\d)", dialect: "java" });
    expect(replaceAll({ regex, text: "a=1 b=2", replacement: "$2:${k}", allowance: searchAllowance() })).toBe(
      "1:a 2:b",
    );
    expect(replaceAll({ regex, text: "a=1", replacement: "\\$1", allowance: searchAllowance() })).toBe("$1");
    const empty = compileRegex({ source: "", dialect: "java" });
    expect(replaceAll({ regex: empty, text: "ab", replacement: "-", allowance: searchAllowance() })).toBe("-a-b-");
  });

  test("splits as Java does", () => {
    const comma = compileRegex({ source: ",", dialect: "java" });
    expect(split({ regex: comma, text: "a,b,,c,,", allowance: searchAllowance() })).toEqual(["a", "b", "", "c"]);
    expect(split({ regex: comma, text: "a,b,", limit: -1, allowance: searchAllowance() })).toEqual(["a", "b", ""]);
    expect(split({ regex: comma, text: "a,b,c", limit: 2, allowance: searchAllowance() })).toEqual(["a", "b,c"]);
    expect(
      split({ regex: compileRegex({ source: "", dialect: "java" }), text: "abc", allowance: searchAllowance() }),
    ).toEqual(["a", "b", "c"]);
  });
});
