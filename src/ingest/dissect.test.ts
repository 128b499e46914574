import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileDissect } from "./dissect.ts";

const dissect = (pattern: string, text: string, appendSeparator = "") =>
  Object.fromEntries(compileDissect({ pattern, appendSeparator }).match(text));

describe("dissect", () => {
  test.each([
    ["keys between delimiters", "%{a} - %{b}", "x - y - z", { a: "x", b: "y - z" }],
    ["text before and after", "[%{a}] %{b}!", "[x] y!", { a: "x", b: "y" }],
    ["padding", "%{level->} %{msg}", "WARN    low peers", { level: "WARN", msg: "low peers" }],
    ["padding that is skipped", "[%{ts}]%{->}[%{level}]", "[1]  [2]", { ts: "1", level: "2" }],
    ["skipped keys", "%{?x} %{} %{c}", "1 2 3", { c: "3" }],
    ["pairs", "%{*k}=%{&k} %{*l}=%{&l}", "slot=5 root=0x1", { slot: "5", root: "0x1" }],
    ["empty values", "%{a},%{b},%{c}", "1,,3", { a: "1", b: "", c: "3" }],
  ] as const)("takes %s", (_, pattern, text, expected) => {
    expect(dissect(pattern, text)).toEqual(expected);
  });

  test("appends in the given order", () => {
    expect(dissect("%{+name} %{+name} %{+name}", "a b c", " ")).toEqual({ name: "a b c" });
    expect(dissect("%{+name/2} %{+name/3} %{+name/1}", "a b c", ",")).toEqual({ name: "c,a,b" });
  });

  test("says which pattern did not match which text", () => {
    expect(() => dissect("%{a}|%{b}", "no bar")).toThrow(
      "Unable to find match for dissect pattern: %{a}|%{b} against source: no bar",
    );
    expect(() => dissect("[%{a}", "x")).toThrow("Unable to find match");
  });

  test.each(["none", "%{a}%{b}", "%{*a} %{b}", "%{a/1} %{b}", "%{+} %{b}"])("refuses the pattern %s", (pattern) => {
    expect(() => compileDissect({ pattern })).toThrow("Unable to parse pattern");
  });

  test("takes apart what was put together", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "é", "%", "{"), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(" ", "|", " - ", "\t"),
        (words, between) => {
          const pattern = words.map((_, index) => `%{k${index}}`).join(between);
          expect(Object.values(dissect(pattern, words.join(between)))).toEqual(words);
        },
      ),
    );
  });
});
